"""The pack language: its sections, its keys, and what is wrong with a pack."""
