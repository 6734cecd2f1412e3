"""The one room that composes the domains into an answer."""
