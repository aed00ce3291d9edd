"""Backups: a whole database at one moment as one file, and back."""
