"""Signing in and out: sessions, the tokens that renew them, and the devices they come from."""
