"""Who may do what: people, accounts, sessions, roles, certificates, and the one policy that decides."""
