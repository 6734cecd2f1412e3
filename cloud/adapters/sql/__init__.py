"""The stores on SQLite and on PostgreSQL: one schema, one set of statements."""
