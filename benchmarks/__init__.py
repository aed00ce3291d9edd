"""What the product costs beside the barest thing that does the same work (`make bench`)."""
