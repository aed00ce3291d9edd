"""What observations and concerns have in common; no HTTP of its own."""
