"""The steps of the schema (Alembic), run by `shikaku-cloud migrate`."""
