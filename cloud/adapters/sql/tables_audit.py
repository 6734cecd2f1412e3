"""The audit log's tables (cloud/audit/README.md says what they promise)."""

from sqlalchemy import Index, PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, person_of, table, text, whole

# Rows stay in the order they came: by facility, each would dirty a page of its own.
audit_rows = table(
    "audit_rows",
    text("facility_code"),
    whole("seq"),
    whole("at"),
    text("kind"),
    blob("subject"),
    text("detail"),
    blob("result"),
    blob("previous"),
    blob("hash"),
    PrimaryKeyConstraint("facility_code", "seq"),
    Index("audit_rows_by_subject", "subject", "at"),
)
audit_heads = table(
    "audit_heads",
    text("facility_code", primary_key=True),
    whole("seq"),
    blob("hash"),
    blob("seal"),
    whole("anchored"),
    rowid=False,
)
# What ties a person to a pseudonym. It goes with the person, and then nothing does:
# SQLite may give the number of the last person again.
audit_subjects = table(
    "audit_subjects",
    person_of(),
    blob("tie"),
    PrimaryKeyConstraint("person_id"),
    rowid=False,
)
audit_anchors = table(
    "audit_anchors",
    whole("number", primary_key=True, autoincrement=False),
    whole("at"),
    whole("total"),
    blob("previous"),
    blob("root"),
    blob("key_id"),
    blob("signature"),
    rowid=False,
)
audit_moved = table(
    "audit_moved",
    whole("number"),
    text("facility_code"),
    whole("seq"),
    blob("hash"),
    PrimaryKeyConstraint("number", "facility_code"),
    Index("audit_moved_by_facility", "facility_code", "number"),
    rowid=False,
)
audit_checkpoints = table(
    "audit_checkpoints",
    text("facility_code", primary_key=True),
    whole("seq"),
    blob("hash"),
    whole("at"),
    blob("key_id"),
    blob("signature"),
    rowid=False,
)
