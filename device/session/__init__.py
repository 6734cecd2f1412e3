"""The visit: one pure machine. No clock, no I/O."""
