"""The barest thing that does the same work: Flask and a driver, nothing of the product."""
