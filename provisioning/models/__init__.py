"""Model packs: fetched or found, checked, converted, tested, installed."""
