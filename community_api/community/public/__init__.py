"""What everybody may call without an account: codes, concerns, follow-ups, and what to know beforehand."""
