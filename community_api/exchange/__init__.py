"""What comes in and goes out by machine, and the operating of it."""
