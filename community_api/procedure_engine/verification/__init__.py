"""Whether a pack is sound: its references, its rules, and everything that can ever happen by it."""
