"""What a facility saw last of a person, for the difference."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    owner = sa.ForeignKey("persons.id", ondelete="CASCADE")
    op.create_table(
        "last_seen",
        sa.Column("person_id", WHOLE, owner, nullable=False),
        sa.Column("facility_code", sa.Text, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "facility_code"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a database never goes back: restore its backup")
