"""Courses: what people must have learnt and been tested in, by version."""
