"""What is unusual for speed: statements written once for the driver."""
