"""Words in a text that call for a second look: pure matchers, each beside its declared words."""
