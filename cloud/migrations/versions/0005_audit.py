"""The audit log: rows, heads, pseudonyms' ties, anchors, checkpoints."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def whole(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False, **more)


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = False) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    _chains()
    _anchors()


def _chains() -> None:
    table(
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
        sa.PrimaryKeyConstraint("facility_code", "seq"),
        rowid=True,
    )
    op.create_index("audit_rows_by_subject", "audit_rows", ["subject", "at"])
    table(
        "audit_heads",
        text("facility_code", primary_key=True),
        whole("seq"),
        blob("hash"),
        blob("seal"),
        whole("anchored"),
    )
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    table(
        "audit_subjects",
        sa.Column("person_id", WHOLE, owner, nullable=False),
        blob("tie"),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _anchors() -> None:
    table(
        "audit_anchors",
        whole("number", primary_key=True, autoincrement=False),
        whole("at"),
        whole("total"),
        blob("previous"),
        blob("root"),
        blob("key_id"),
        blob("signature"),
    )
    table(
        "audit_moved",
        whole("number"),
        text("facility_code"),
        whole("seq"),
        blob("hash"),
        sa.PrimaryKeyConstraint("number", "facility_code"),
    )
    op.create_index(
        "audit_moved_by_facility", "audit_moved", ["facility_code", "number"]
    )
    table(
        "audit_checkpoints",
        text("facility_code", primary_key=True),
        whole("seq"),
        blob("hash"),
        whole("at"),
        blob("key_id"),
        blob("signature"),
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
