"""The patient's page: its links and sessions by their hashes, and tries of words."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False)


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def blob(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    table(
        "page_links",
        blob("token_hash"),
        blob("word_hash"),
        text("facility_code"),
        sa.Column("person_id", WHOLE, owner, nullable=False),
        text("request_id"),
        whole("made_at"),
        whole("until"),
        text("proof"),
        whole("tries"),
        whole("next_at"),
        blob("session", nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    for name, columns in (
        ("word", ["facility_code", "word_hash"]),
        ("person", ["person_id"]),
        ("session", ["session"]),
        ("end", ["until"]),
    ):
        op.create_index(f"page_links_by_{name}", "page_links", columns)
    table(
        "page_tries",
        text("facility_code", primary_key=True),
        whole("tries"),
        whole("next_at"),
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
