"""Control from outside the chain: the audit log, later figures, suspensions, inspections and orders."""
