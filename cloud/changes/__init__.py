"""What changed since a facility last saw a person."""
