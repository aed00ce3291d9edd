"""What takes two people: from a proposal to its effect, on both databases."""
