"""Feeding an existing CSV file through the HTTP API, row by row, by a declared map."""
