"""The service that answers readers."""
