"""Starting the product: checks and preparation, the server's processes, and the worker beside them."""
