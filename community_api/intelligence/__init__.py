"""What may come of community information: flags, referrals, intelligence reports."""
