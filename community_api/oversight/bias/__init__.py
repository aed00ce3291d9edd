"""Whether an unusual share of what one place reports is flagged, and what was found behind it (R36)."""
