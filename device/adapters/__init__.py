"""Real plugs: one file per part, no decisions."""
