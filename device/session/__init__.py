"""The visit: a pure state machine. No clock, no I/O, no threads, no person."""
