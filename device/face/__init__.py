"""Decisions about faces: pure, numpy at most."""
