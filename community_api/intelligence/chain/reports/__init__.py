"""Intelligence reports: sanitised, graded, disseminated; nothing in them leads back to who told it."""
