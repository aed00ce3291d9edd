"""What everybody may see and set about themselves."""
