"""Referrals: cases of the intelligence chain, each at one unit, moved by the steps of a procedure."""
