"""What the registry keeps besides persons: insurers, loads, holds, use, cards."""

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Text

from cloud.adapters.sql.tables import blob, person_of, table, text, whole

insurers = table(
    "insurers",
    # Folded: systems pad 6 digits to 8 with 0 or space.
    text("key", primary_key=True),
    text("number"),
    text("name"),
    rowid=False,
)

# -- load files: how far each has been read, and which lines were refused --------------
COUNTS = (
    *("registered", "changed", "ended", "unchanged", "faulty"),
    *("birth_or_sex", "name", "not_found"),
)
loads = table(
    "loads",
    blob("digest", primary_key=True),
    whole("started"),
    whole("finished", nullable=True),
    whole("position"),
    whole("line"),
    *(whole(f"n_{one}", default="0") for one in COUNTS),
    rowid=False,
)
load_faults = table(
    "load_faults",
    blob("digest"),
    whole("line"),
    whole("place"),
    text("field"),
    text("code"),
    # Where in the value the fault is, never the value.
    text("detail"),
    PrimaryKeyConstraint("digest", "line", "place"),
    rowid=False,
)

# -- disclosure holds (閲覧停止): why, whose, and how they ended ------------------
holds = table(
    "holds",
    whole("id", primary_key=True),
    person_of(),
    text("insurer_key"),
    Column(
        "kind",
        Text,
        CheckConstraint("kind IN ('birth_or_sex', 'name', 'not_found', 'imported')"),
        nullable=False,
    ),
    whole("since"),
    whole("ended", nullable=True),
    text("how", default=""),
    CheckConstraint("how IN ('', 'confirmed', 'corrected')"),
    CheckConstraint("(ended IS NULL) = (how = '')"),
    Index("holds_by_person", "person_id"),
    Index("holds_by_insurer", "insurer_key"),
)

# -- use of the card as insurance card (利用登録), and cards given back ----------
use_events = table(
    "use_events",
    whole("id", primary_key=True),
    person_of(),
    Column(
        "kind",
        Text,
        CheckConstraint("kind IN ('registered', 'cancelled')"),
        nullable=False,
    ),
    text("received"),
    text("last_day", nullable=True),
    Index("use_events_by_person", "person_id"),
)
returned_cards = table(
    "returned_cards",
    person_of(),
    text("returned_on"),
    PrimaryKeyConstraint("returned_on", "person_id"),
    rowid=False,
)
