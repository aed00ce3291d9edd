"""The HTTP grammar that all resources share."""
