"""Numbered SQL files; the database's user_version says which have been applied."""
