"""What insurances carry, how they are found by number, and what a consent opens."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from protocol.numbers import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 10_000
LOOKUP = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
CONSENT = "facility_code, person_id, item, pressed_at, request_id, decision"


def whole(name: str, **more: Any) -> sa.Column[int]:
    return sa.Column(name, WHOLE, **({"nullable": False} | more))


def text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, **({"nullable": False} | more))


def table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    op.add_column("insurances", text("benefits", server_default=""))
    lookup = sa.Column("lookup", LOOKUP, nullable=False, server_default="")
    op.add_column("insurances", lookup)
    _fold_numbers()
    op.create_index("insurances_by_number", "insurances", ["lookup"])
    op.add_column("verifications", text("care", server_default="1"))
    table(
        "facility_settings",
        text("facility_code", primary_key=True),
        text("consent_items"),
    )
    _consents()
    _what_is_open()
    _emergencies()
    _eligibility()


def _consents() -> None:
    """Made anew: their rule about ends has changed, and SQLite cannot change rules."""
    op.rename_table("consents", "consents_first")
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
        text("care"),
        text("origin"),
        text("ended"),
        sa.PrimaryKeyConstraint(
            "facility_code",
            "person_id",
            "item",
            "pressed_at",
            "request_id",
            name="consents_key",
        ),
        sa.CheckConstraint("decision IN ('granted', 'refused')"),
        sa.CheckConstraint("decision = 'granted' OR available_until IS NULL"),
    )
    columns = f"{CONSENT}, decided_at, available_until"
    op.execute(
        f"INSERT INTO consents ({columns}, care, origin, ended)"  # noqa: S608
        f" SELECT {columns}, '1', 'pressed', '' FROM consents_first"
    )
    op.drop_table("consents_first")


def _what_is_open() -> None:
    table(
        "data_keys",
        text("facility_code"),
        whole("person_id"),
        text("item"),
        text("care"),
        text("request_id"),
        whole("pressed_at"),
        whole("since"),
        whole("until", nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "facility_code", "item", "care"),
    )
    op.create_index("data_keys_by_end", "data_keys", ["until"])
    table(
        "consent_presets",
        text("facility_code"),
        whole("person_id"),
        text("item"),
        text("decision"),
        whole("at"),
        sa.PrimaryKeyConstraint("person_id", "facility_code", "item"),
    )


def _emergencies() -> None:
    table(
        "emergencies",
        text("request_id", primary_key=True),
        text("facility_code"),
        whole("person_id"),
        text("items"),
        text("reason"),
        text("staff"),
        whole("at"),
        whole("until"),
        sa.Column(
            "against", WHOLE, sa.CheckConstraint("against IN (0, 1)"), nullable=False
        ),
        text("verdict"),
        text("reviewer"),
        whole("reviewed_at", nullable=True),
    )
    op.create_index("emergencies_by_verdict", "emergencies", ["verdict", "at"])


def _eligibility() -> None:
    table(
        "watches",
        text("facility_code"),
        text("target"),
        text("value"),
        text("handle"),
        text("cause"),
        whole("since"),
        whole("next_at"),
        sa.PrimaryKeyConstraint("facility_code", "target", "value"),
    )
    op.create_index("watches_by_time", "watches", ["next_at"])
    op.create_table(
        "notices",
        whole("id", primary_key=True),
        text("facility_code"),
        text("handle"),
        text("kind"),
        whole("at"),
        sqlite_strict=True,
    )
    op.create_index("notices_by_facility", "notices", ["facility_code", "id"])
    table(
        "continuing_care",
        text("facility_code"),
        whole("person_id"),
        text("handle"),
        whole("since"),
        whole("ended", nullable=True),
        sa.PrimaryKeyConstraint("facility_code", "person_id"),
    )
    op.create_index("continuing_care_by_handle", "continuing_care", ["handle"])


def _fold_numbers() -> None:
    """Insurances that are there already are found by number, too."""
    connection = op.get_bind()
    held = sa.table(
        "insurances",
        *map(sa.column, ("person_id", "position", "insurer_number", "symbol")),
        *map(sa.column, ("number", "lookup")),
    )
    change = (
        sa.update(held)
        .where(
            held.c.person_id == sa.bindparam("person"),
            held.c.position == sa.bindparam("place"),
        )
        .values(lookup=sa.bindparam("folded"))
    )
    place = (held.c.person_id, held.c.position)
    found = sa.select(*place, held.c.insurer_number, held.c.symbol, held.c.number)
    after = (-1, -1)
    while True:
        page = found.where(sa.tuple_(*place) > sa.tuple_(*after)).order_by(*place)
        rows = connection.execute(page.limit(BATCH)).all()
        if not rows:
            return
        folded = [
            {"person": row[0], "place": row[1], "folded": lookup_key(*row[2:])}
            for row in rows
        ]
        connection.execute(change, folded)
        after = (rows[-1][0], rows[-1][1])


def lookup_key(insurer: str, symbol: str, number: str) -> str:
    """As registry.model had it when this step was written."""
    parts = (fold(insurer).lstrip("0"), fold(number).lstrip("0"), fold(symbol))
    return "|".join(parts)


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
