"""The facility's own computer."""
