"""The database: one unit of work, its statements, both dialects, and where its schema stands."""
