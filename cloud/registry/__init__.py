"""Insured persons, their insurances, and which card certificate is whose."""
