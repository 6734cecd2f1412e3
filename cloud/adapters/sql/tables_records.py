"""Records: where a row belongs is readable, what it says is not (cloud/records)."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, person_of, table, text, whole

# With rowid: a sealed checkup is too long for the leaves of a key.
records = table(
    "records",
    person_of(),
    text("kind"),
    text("month"),
    whole("place"),
    whole("places"),
    blob("sealed"),
    PrimaryKeyConstraint("person_id", "kind", "month", "place"),
    CheckConstraint("kind IN ('drug', 'treatment', 'operation', 'checkup')"),
    CheckConstraint("0 <= place AND place < places"),
)
