"""Suspensions: the independent authority stops an indicator or a procedure, from the next request on."""
