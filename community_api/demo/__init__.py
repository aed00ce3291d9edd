"""The demo organisation: a made-up police force to try the product with; no part of a real installation."""
