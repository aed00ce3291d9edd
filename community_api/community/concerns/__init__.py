"""What members of the public told: kept, answered by calendar, and opened again by a code."""
