"""What facilities saw last: who, where and when are readable, what is not."""

from sqlalchemy import PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, person_of, table, text, whole

# By person first: that is how a person is erased.
last_seen = table(
    "last_seen",
    person_of(),
    text("facility_code"),
    whole("at"),
    blob("sealed"),
    PrimaryKeyConstraint("person_id", "facility_code"),
)
