"""A procedure pack as frozen data, and its way from a file."""
