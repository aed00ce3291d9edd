"""Danger to somebody's life: whoever is on duty is woken, acts, and accounts for it afterwards."""
