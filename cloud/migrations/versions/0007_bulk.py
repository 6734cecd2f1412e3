"""Bulk inquiries: jobs, their questions, what they came to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def whole(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=more.pop("nullable", False), **more)


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def job() -> sa.Column[str]:
    owner = sa.ForeignKey("bulk_jobs.reception", ondelete="CASCADE")
    return sa.Column("reception", sa.Text, owner, nullable=False)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    table(
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
    )
    op.create_index("bulk_jobs_by_facility", "bulk_jobs", ["facility_code", "received"])
    op.create_index("bulk_jobs_open", "bulk_jobs", ["finished", "reception"])
    table(
        "bulk_questions",
        job(),
        whole("first"),
        whole("size"),
        blob("sealed"),
        sa.PrimaryKeyConstraint("reception", "first"),
    )
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    table(
        "bulk_answers",
        job(),
        whole("place"),
        sa.Column("person_id", WHOLE, owner, nullable=True),
        blob("sealed"),
        sa.PrimaryKeyConstraint("reception", "place"),
        rowid=False,
    )
    op.create_index("bulk_answers_by_person", "bulk_answers", ["person_id"])


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
