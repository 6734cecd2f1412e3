"""The printed side of a fictitious card, and how it looks under a tray's camera."""
