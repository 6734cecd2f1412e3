"""Sealed requests in, committed facts, sealed answers out."""
