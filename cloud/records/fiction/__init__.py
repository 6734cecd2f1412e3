"""Fictitious records in any number: plausible, reproducible, of nobody.

Drugs bear their published Japanese names and usual doses; institutions are named 架空,
codes of drugs and institutions stay empty, and every record says that it is fiction.
"""
