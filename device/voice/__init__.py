"""Audio guidance: what every screen says, for who cannot read it."""
