"""Twelve irregular patients: training at the simulated reader. Pure."""
