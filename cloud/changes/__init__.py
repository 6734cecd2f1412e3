"""What changed since a facility last saw a person, field by field."""
