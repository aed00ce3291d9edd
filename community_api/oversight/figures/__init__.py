"""Figures for the independent authority and the data protection officer: by unit, about nobody."""
