"""How a place works when it is not an ordinary clinic on an ordinary day."""
