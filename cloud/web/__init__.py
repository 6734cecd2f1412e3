"""The operators' HTTP: health, readiness, counts."""
