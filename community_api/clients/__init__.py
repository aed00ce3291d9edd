"""Pure HTTP clients of the product: they know the public API and nothing of the server's code."""
