"""The schema of the first landed database, as it was on SQLite."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def whole(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=nullable, **more)


def text(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, **more)


def blob(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=nullable, **more)


def flag(name: str) -> sa.Column[int]:
    check = sa.CheckConstraint(f"{name} IN (0, 1)")
    return sa.Column(name, WHOLE, check, nullable=False)


def person_of() -> sa.Column[int]:
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    return sa.Column("person_id", WHOLE, owner, nullable=False)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    _registry()
    _facilities_and_consents()
    _access()
    _usage()


def _registry() -> None:
    table(
        "persons",
        whole("id", primary_key=True),
        blob("reference", unique=True),
        text("name"),
        text("name_kana"),
        text("sex"),
        text("birth_date"),
        text("address"),
        text("post_number"),
        flag("registered"),
        flag("hold"),
    )
    table(
        "insurances",
        person_of(),
        whole("position"),
        text("card_classification"),
        text("insurer_number"),
        text("insurer_name"),
        text("relationship"),
        text("valid_from"),
        text("valid_until", nullable=True),
        text("symbol"),
        text("number"),
        text("branch"),
        text("insured_name"),
        text("loss_reason"),
        text("copayment_ratio"),
        text("copayment_limit"),
        flag("unregistered"),
        sa.PrimaryKeyConstraint("person_id", "position"),
        rowid=False,
    )
    table(
        "certificates",
        blob("value"),
        sa.Column(
            "kind",
            sa.Text,
            sa.CheckConstraint("kind IN ('certificate', 'subject_key')"),
            nullable=False,
        ),
        person_of(),
        sa.PrimaryKeyConstraint("value", "kind"),
        rowid=False,
    )


def _facilities_and_consents() -> None:
    table(
        "readers",
        text("id", primary_key=True),
        text("facility_code"),
        blob("key_id", unique=True),
        blob("public_key"),
        blob("certificate_fingerprint"),
        whole("not_before"),
        whole("not_after"),
        flag("revoked"),
        rowid=False,
    )
    table(
        "consents",
        text("facility_code"),
        whole("person_id"),
        text("item"),
        whole("pressed_at"),
        text("request_id"),
        text("decision"),
        whole("decided_at"),
        whole("available_until", nullable=True),
        sa.PrimaryKeyConstraint(
            "facility_code", "person_id", "item", "pressed_at", "request_id"
        ),
        sa.CheckConstraint("decision IN ('granted', 'refused')"),
        sa.CheckConstraint("(decision = 'granted') = (available_until IS NOT NULL)"),
        rowid=False,
    )
    table(
        "consents_unanswered",
        text("facility_code"),
        whole("person_id"),
        text("item"),
        text("request_id"),
        whole("at"),
    )


def _access() -> None:
    table(
        "requests",
        text("request_id"),
        text("reader_id"),
        blob("envelope"),
        blob("request_hash"),
        blob("answer"),
        whole("expires_at"),
        sa.UniqueConstraint("request_id", "reader_id"),
    )
    op.create_index("requests_by_expiry", "requests", ["expires_at"])
    table(
        "envelopes",
        blob("id", primary_key=True),
        whole("seen"),
        rowid=False,
    )
    op.create_index("envelopes_by_time", "envelopes", ["seen"])
    table(
        "verifications",
        text("request_id"),
        text("reader_id"),
        whole("person_id"),
        text("outcome"),
        text("asked"),
        whole("at"),
        whole("certificate_expires"),
        sa.PrimaryKeyConstraint("request_id", "reader_id"),
        rowid=False,
    )
    op.create_index("verifications_by_time", "verifications", ["at"])


def _usage() -> None:
    table(
        "usage",
        whole("id", primary_key=True),
        whole("at"),
        text("reader_id"),
        text("facility_code"),
        text("kind"),
        text("method"),
        text("care"),
        text("outcome"),
        text("code"),
        whole("waited_ms"),
    )
    table(
        "counts",
        text("kind"),
        text("outcome"),
        text("code"),
        whole("n"),
        sa.PrimaryKeyConstraint("kind", "outcome", "code"),
        rowid=False,
    )
    table(
        "refusals",
        text("day"),
        text("code"),
        text("reader_id"),
        whole("n"),
        sa.PrimaryKeyConstraint("day", "code", "reader_id"),
        rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
