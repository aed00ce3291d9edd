"""Units, their levels and areas, the posts in them, and the duties which those posts owe."""
