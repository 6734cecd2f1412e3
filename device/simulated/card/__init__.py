"""A virtual My Number card: fictitious people, test keys, the real card's rules."""
