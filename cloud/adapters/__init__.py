"""Real plugs: SQLite, MQTT, the clock; and the stores in memory for tests."""
