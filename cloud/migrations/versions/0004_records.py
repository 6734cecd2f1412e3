"""Sealed records: drugs, treatment, surgery, checkups."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    op.create_table(
        "records",
        sa.Column("person_id", WHOLE, owner, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("places", WHOLE, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "month", "place"),
        sa.CheckConstraint("kind IN ('drug', 'treatment', 'operation', 'checkup')"),
        sa.CheckConstraint("0 <= place AND place < places"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
