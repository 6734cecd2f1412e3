"""Bulk inquiry and re-inquiry: a file in, a reception number, a file out."""
