"""Readers, the facilities they stand in, and which proof of identity is enough."""
