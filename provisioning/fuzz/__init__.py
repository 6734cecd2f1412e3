"""Broken input by the million for the parsers that read what a card says."""
