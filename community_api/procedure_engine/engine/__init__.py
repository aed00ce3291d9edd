"""What may happen in a referral, and what follows from it."""
