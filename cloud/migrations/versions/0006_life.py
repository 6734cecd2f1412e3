"""Facility life: facilities, their history, certificates, accounts, links."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = False) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    _places()
    _settings()
    _certificates()
    _addresses_and_links()
    _accounts()


def _places() -> None:
    table(
        "facilities",
        text("code", primary_key=True),
        text("name"),
        text("profile"),
        text("prefecture"),
        text("state"),
        whole("steps"),
        text("start_day", nullable=True),
    )
    op.create_index("facilities_by_start", "facilities", ["start_day"])
    table(
        "facility_history",
        text("facility_code"),
        whole("seq"),
        whole("at"),
        text("who"),
        text("move"),
        text("was"),
        text("became"),
        text("start_day", nullable=True),
        sa.PrimaryKeyConstraint("facility_code", "seq"),
    )


def _settings() -> None:
    table(
        "facility_terms",
        text("facility_code"),
        text("setting"),
        text("version"),
        text("who"),
        whole("at"),
        sa.PrimaryKeyConstraint("facility_code", "setting", "version"),
    )
    table(
        "facility_switches",
        text("facility_code"),
        text("setting"),
        flag("is_on"),
        text("who"),
        whole("at"),
        sa.PrimaryKeyConstraint("facility_code", "setting"),
    )


def _certificates() -> None:
    table(
        "facility_certificates",
        blob("fingerprint", primary_key=True),
        text("facility_code"),
        whole("not_before"),
        whole("not_after"),
        whole("registered_at"),
        whole("revoked_at", nullable=True),
    )
    for name, column in (("facility", "facility_code"), ("end", "not_after")):
        index = f"facility_certificates_by_{name}"
        op.create_index(index, "facility_certificates", [column])
    table(
        "certificate_notices",
        whole("id", primary_key=True),
        text("facility_code"),
        blob("fingerprint"),
        whole("days"),
        whole("at"),
        sa.UniqueConstraint("fingerprint", "days"),
        rowid=True,
    )
    op.create_index(
        "certificate_notices_by_facility",
        "certificate_notices",
        ["facility_code", "id"],
    )


def _addresses_and_links() -> None:
    table(
        "facility_addresses",
        text("facility_code"),
        text("kind"),
        whole("generation"),
        text("who"),
        whole("issued_at"),
        whole("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("facility_code", "kind"),
    )
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    table(
        "reference_numbers",
        sa.Column("person_id", WHOLE, owner, nullable=False),
        text("facility_code"),
        text("number"),
        whole("at"),
        sa.PrimaryKeyConstraint("person_id", "facility_code"),
        sa.UniqueConstraint("facility_code", "number"),
    )


def _accounts() -> None:
    table(
        "accounts",
        text("facility_code"),
        text("account"),
        text("name"),
        text("role"),
        flag("disabled"),
        whole("made_at"),
        text("password"),
        blob("otp", nullable=True),
        flag("otp_confirmed"),
        whole("otp_step"),
        blob("enrolment", nullable=True),
        whole("enrolment_until", nullable=True),
        whole("failures"),
        whole("paused_until"),
        sa.PrimaryKeyConstraint("facility_code", "account"),
    )
    table(
        "staff_sessions",
        blob("token_hash", primary_key=True),
        text("facility_code"),
        text("account"),
        whole("began"),
        whole("seen"),
    )
    op.create_index(
        "staff_sessions_by_account", "staff_sessions", ["facility_code", "account"]
    )
    op.create_index("staff_sessions_by_begin", "staff_sessions", ["began"])


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
