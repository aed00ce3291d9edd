"""Making people and accounts, and giving them roles, posts and certificates."""
