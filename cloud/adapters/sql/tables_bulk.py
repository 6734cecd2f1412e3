"""Bulk inquiries: whose job it is and how far it has come is readable, rows are not."""

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Text

from cloud.adapters.sql.tables import WHOLE, blob, table, text, whole

bulk_jobs = table(
    "bulk_jobs",
    text("reception", primary_key=True),
    text("facility_code"),
    text("family"),
    whole("received"),
    whole("rows"),
    text("on_day"),
    whole("until"),
    whole("answered"),
    whole("faulty"),
    whole("started", nullable=True),
    whole("finished", nullable=True),
    blob("digest"),
    text("proof"),
    blob("head"),
    Index("bulk_jobs_by_facility", "facility_code", "received"),
    Index("bulk_jobs_open", "finished", "reception"),
)


def _job() -> Column[str]:
    owner = ForeignKey("bulk_jobs.reception", ondelete="CASCADE")
    return Column("reception", Text, owner, nullable=False)


# A batch is one sealed row: it is written whole and goes whole.
bulk_questions = table(
    "bulk_questions",
    _job(),
    whole("first"),
    whole("size"),
    blob("sealed"),
    PrimaryKeyConstraint("reception", "first"),
)
# A row each, so that what is about a person can go with the person.
bulk_answers = table(
    "bulk_answers",
    _job(),
    whole("place"),
    Column(
        "person_id",
        WHOLE,
        ForeignKey("persons.id", ondelete="CASCADE"),
        nullable=True,
    ),
    blob("sealed"),
    PrimaryKeyConstraint("reception", "place"),
    Index("bulk_answers_by_person", "person_id"),
    rowid=False,
)
