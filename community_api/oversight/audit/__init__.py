"""Reading the audit log; reading it is itself logged."""
