"""Modes: outage, disaster, their uses; workplaces, devices, online care, places."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def whole(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, WHOLE, **{"nullable": False, **more})


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


def blob(name: str, **more: Any) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False, **more)


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    _modes()
    _uses()
    _workplaces()
    _devices()
    _online()
    op.create_index("persons_by_birth", "persons", ["birth_date", "sex"])


def _modes() -> None:
    table(
        "mode_outages",
        text("id", primary_key=True),
        text("facility"),
        text("reason"),
        text("asked_by"),
        whole("asked_at"),
        text("approved_by"),
        whole("since", nullable=True),
        whole("until", nullable=True),
        text("ended_by"),
        whole("turn"),
    )
    op.create_index(
        "mode_outages_by_facility", "mode_outages", ["facility", "asked_at"]
    )
    op.create_index("mode_outages_by_end", "mode_outages", ["until"])
    table(
        "mode_disasters",
        text("id", primary_key=True),
        text("prefecture"),
        text("area"),
        text("reason"),
        text("opened_by"),
        whole("opened_at"),
        text("first_day"),
        text("last_day"),
        text("approved_by"),
        whole("since", nullable=True),
        whole("until", nullable=True),
        text("ended_by"),
        whole("turn"),
    )
    op.create_index("mode_disasters_by_end", "mode_disasters", ["until"])


def _uses() -> None:
    table(
        "mode_uses",
        text("id", primary_key=True),
        text("mode"),
        text("mode_id"),
        text("facility"),
        text("staff"),
        text("reason"),
        whole("at"),
        whole("person_id", nullable=True),
        text("outcome"),
        text("spoken"),
        text("verdict"),
        text("reviewer"),
        whole("reviewed_at", nullable=True),
        whole("turn"),
        sa.CheckConstraint("mode IN ('outage', 'disaster')"),
    )
    op.create_index("mode_uses_by_staff", "mode_uses", ["facility", "staff", "at"])


def _workplaces() -> None:
    table(
        "workplaces",
        text("code", primary_key=True),
        text("prefecture"),
        whole("serial"),
        text("name"),
        text("issued_by"),
        whole("issued_at"),
        whole("revoked_at", nullable=True),
        text("revoked_by"),
        whole("turn"),
    )
    table(
        "care_places",
        text("facility"),
        text("reader"),
        text("kind"),
        whole("at"),
        whole("turn"),
        sa.PrimaryKeyConstraint("facility", "reader"),
    )


def _devices() -> None:
    table(
        "device_codes",
        blob("hash", primary_key=True),
        text("facility"),
        text("issued_by"),
        whole("issued_at"),
        whole("expires_at"),
        whole("used_at", nullable=True),
        text("reader"),
        whole("turn"),
    )
    op.create_index(
        "device_codes_by_facility", "device_codes", ["facility", "issued_at"]
    )
    table(
        "device_wrong_codes",
        text("facility", primary_key=True),
        whole("since"),
        whole("wrong"),
        whole("turn"),
    )
    table(
        "devices",
        text("reader", primary_key=True),
        text("facility"),
        blob("public_key"),
        whole("bound_at"),
        whole("revoked_at", nullable=True),
        whole("turn"),
    )
    op.create_index("devices_by_facility", "devices", ["facility", "bound_at"])


def _online() -> None:
    table(
        "online_tickets",
        blob("hash", primary_key=True),
        text("facility"),
        text("staff"),
        text("visit"),
        whole("made_at"),
        whole("expires_at"),
        whole("presented_at", nullable=True),
        whole("person_id", nullable=True),
        whole("certificate_expires", nullable=True),
        whole("fetched_at", nullable=True),
        whole("turn"),
    )
    op.create_index(
        "online_tickets_by_facility", "online_tickets", ["facility", "made_at"]
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
