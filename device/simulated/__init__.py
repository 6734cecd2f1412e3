"""Bench plugs: shipped simulators with the same rules as the real part."""
