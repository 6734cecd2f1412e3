"""The line between a simulated reader and its broker, with a switch."""
