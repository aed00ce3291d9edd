"""Proposals: what needs two people. One asks, another, authorised person decides."""
