"""The language of the card: pure ISO 7816-4 dialogs."""
