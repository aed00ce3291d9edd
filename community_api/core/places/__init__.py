"""Places of a process: many threads may wait for a client, few work at once (docs/architecture.md)."""
