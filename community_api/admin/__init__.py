"""What operators of the product do through the API."""
