"""What people see in a browser: the front page, and the reference of the API."""
