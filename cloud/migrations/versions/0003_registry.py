"""Insurers, load files, disclosure holds, the end of use, and cards given back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = (
    *("registered", "changed", "ended", "unchanged", "faulty"),
    *("birth_or_sex", "name", "not_found"),
)


def whole(
    name: str, *, null: bool = False, default: str | None = None
) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=null, server_default=default)


def text(
    name: str, *, null: bool = False, default: str | None = None
) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, server_default=default)


def key(name: str) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=False, primary_key=True)


def person_of() -> sa.Column[int]:
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    return sa.Column("person_id", WHOLE, owner, nullable=False)


def one_of(name: str, *values: str) -> sa.Column[str]:
    allowed = ", ".join(f"'{one}'" for one in values)
    check = sa.CheckConstraint(f"{name} IN ({allowed})")
    return sa.Column(name, sa.Text, check, nullable=False)


def table(name: str, *parts: sa.schema.SchemaItem, rowid: bool = True) -> None:
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    op.add_column("persons", sa.Column("registered_until", sa.Text))
    op.add_column("certificates", sa.Column("not_after", WHOLE))
    op.create_index("certificates_by_person", "certificates", ["person_id"])
    _loads()
    _holds()
    _use()


def _loads() -> None:
    table(
        "insurers",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        text("number"),
        text("name"),
        rowid=False,
    )
    table(
        "loads",
        sa.Column("digest", sa.LargeBinary, primary_key=True, nullable=False),
        whole("started"),
        whole("finished", null=True),
        whole("position"),
        whole("line"),
        *(whole(f"n_{one}", default="0") for one in COUNTS),
        rowid=False,
    )
    table(
        "load_faults",
        sa.Column("digest", sa.LargeBinary, nullable=False),
        whole("line"),
        whole("place"),
        text("field"),
        text("code"),
        text("detail"),
        sa.PrimaryKeyConstraint("digest", "line", "place"),
        rowid=False,
    )


def _holds() -> None:
    table(
        "holds",
        key("id"),
        person_of(),
        text("insurer_key"),
        one_of("kind", "birth_or_sex", "name", "not_found", "imported"),
        whole("since"),
        whole("ended", null=True),
        text("how", default=""),
        sa.CheckConstraint("how IN ('', 'confirmed', 'corrected')"),
        sa.CheckConstraint("(ended IS NULL) = (how = '')"),
    )
    op.create_index("holds_by_person", "holds", ["person_id"])
    op.create_index("holds_by_insurer", "holds", ["insurer_key"])


def _use() -> None:
    table(
        "use_events",
        key("id"),
        person_of(),
        one_of("kind", "registered", "cancelled"),
        text("received"),
        text("last_day", null=True),
    )
    op.create_index("use_events_by_person", "use_events", ["person_id"])
    table(
        "returned_cards",
        person_of(),
        text("returned_on"),
        sa.PrimaryKeyConstraint("returned_on", "person_id"),
        rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
