"""What insurances carry, how they are found by number, and what a consent opens."""

import sqlalchemy as sa
from alembic import op

from protocol.numbers import fold

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 10_000
NEW_TEXTS = ("benefits", "insurer_key", "symbol_key", "number_key")


def upgrade() -> None:
    for name in NEW_TEXTS:
        column = sa.Column(name, sa.Text, nullable=False, server_default="")
        op.add_column("insurances", column)
    _fold_numbers()
    op.create_index("insurances_by_number", "insurances", ["number_key", "insurer_key"])


def _fold_numbers() -> None:
    """Insurances that are there already are found by number, too."""
    connection = op.get_bind()
    table = sa.table(
        "insurances",
        *map(
            sa.column, ("person_id", "position", "insurer_number", "symbol", "number")
        ),
        *map(sa.column, NEW_TEXTS),
    )
    change = (
        sa.update(table)
        .where(
            table.c.person_id == sa.bindparam("person"),
            table.c.position == sa.bindparam("place"),
        )
        .values(
            insurer_key=sa.bindparam("insurer"),
            symbol_key=sa.bindparam("symbol_folded"),
            number_key=sa.bindparam("number_folded"),
        )
    )
    found = sa.select(
        table.c.person_id,
        table.c.position,
        table.c.insurer_number,
        table.c.symbol,
        table.c.number,
    )
    after = (-1, -1)
    key = sa.tuple_(table.c.person_id, table.c.position)
    while True:
        page = found.where(key > sa.tuple_(*after)).order_by(
            table.c.person_id, table.c.position
        )
        rows = connection.execute(page.limit(BATCH)).all()
        if not rows:
            return
        connection.execute(change, [_folded(*row) for row in rows])
        after = (rows[-1][0], rows[-1][1])


def _folded(
    person: int, place: int, insurer: str, symbol: str, number: str
) -> dict[str, object]:
    return {
        "person": person,
        "place": place,
        "insurer": fold(insurer).lstrip("0"),
        "symbol_folded": fold(symbol),
        "number_folded": fold(number).lstrip("0"),
    }


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
