"""What is due later or leaves the process: rows of the same commit, and the worker that takes them out."""
