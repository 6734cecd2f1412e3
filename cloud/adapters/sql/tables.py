"""The schema as SQLAlchemy Core, for both databases.

Times are Unix milliseconds UTC, dates are ISO text, numbers are text as printed,
booleans are 0 or 1: values pass the drivers as they are, so that a statement that was
compiled once can be run on the driver's own cursor.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData()
WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; SQLite's STRICT tables know them as INTEGER."""
LOOKUP = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared byte by byte, so that a beginning of it is a range."""


def whole(
    name: str, *, default: str | None = None, nullable: bool = False, **more: Any
) -> Column[int]:
    return Column(name, WHOLE, nullable=nullable, **more, server_default=default)


def text(
    name: str, *, default: str | None = None, nullable: bool = False, **more: Any
) -> Column[str]:
    return Column(name, Text, nullable=nullable, **more, server_default=default)


def blob(name: str, *, nullable: bool = False, **more: Any) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable, **more)


def flag(name: str, *, default: str | None = None) -> Column[int]:
    check = CheckConstraint(f"{name} IN (0, 1)")
    return Column(name, WHOLE, check, nullable=False, server_default=default)


def table(name: str, *parts: SchemaItem, rowid: bool = True) -> Table:
    """On SQLite STRICT; without `rowid` its rows lie in the order of their key."""
    return Table(
        name,
        metadata,
        *parts,
        sqlite_strict=True,
        sqlite_with_rowid=rowid,
    )


def person_of() -> Column[int]:
    owner = ForeignKey("persons.id", ondelete="CASCADE")
    return Column("person_id", WHOLE, owner, nullable=False)


# -- registry ----------------------------------------------------------------------
persons = table(
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
    # The last day on which a cancelled registration for use still counts.
    text("registered_until", nullable=True),
)
insurances = table(
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
    # What it carries besides (model.Benefits) as JSON: read and written whole.
    text("benefits", default=""),
    # registry.model.lookup_key: what somebody asks for by number is found by this.
    Column("lookup", LOOKUP, nullable=False, server_default=""),
    PrimaryKeyConstraint("person_id", "position"),
    Index("insurances_by_number", "lookup"),
    rowid=False,
)
certificates = table(
    "certificates",
    blob("value"),
    Column(
        "kind",
        Text,
        CheckConstraint("kind IN ('certificate', 'subject_key')"),
        nullable=False,
    ),
    person_of(),
    # When the certificate itself ends, where that is known.
    whole("not_after", nullable=True),
    PrimaryKeyConstraint("value", "kind"),
    Index("certificates_by_person", "person_id"),
    rowid=False,
)

# -- facilities --------------------------------------------------------------------
readers = table(
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

facility_settings = table(
    "facility_settings",
    text("facility_code", primary_key=True),
    text("consent_items"),
    rowid=False,
)

# -- consent: what was pressed, for ever; silence is kept apart and opens nothing ----
consents = table(
    "consents",
    text("facility_code"),
    whole("person_id"),
    text("item"),
    whole("pressed_at"),
    text("request_id"),
    text("decision"),
    whole("decided_at"),
    # Of a yes without an end it is missing: it stands until it is withdrawn.
    whole("available_until", nullable=True),
    text("care"),
    text("origin"),
    text("ended"),
    PrimaryKeyConstraint(
        "facility_code", "person_id", "item", "pressed_at", "request_id"
    ),
    CheckConstraint("decision IN ('granted', 'refused')"),
    CheckConstraint("decision = 'granted' OR available_until IS NULL"),
    rowid=False,
)
# What is open now. A row that is gone is the end of what it opened (consent/keys.py).
data_keys = table(
    "data_keys",
    text("facility_code"),
    whole("person_id"),
    text("item"),
    text("care"),
    text("request_id"),
    whole("pressed_at"),
    whole("since"),
    whole("until", nullable=True),
    blob("sealed"),
    PrimaryKeyConstraint("person_id", "facility_code", "item", "care"),
    Index("data_keys_by_end", "until"),
    rowid=False,
)
consent_presets = table(
    "consent_presets",
    text("facility_code"),
    whole("person_id"),
    text("item"),
    text("decision"),
    whole("at"),
    PrimaryKeyConstraint("person_id", "facility_code", "item"),
    rowid=False,
)
emergencies = table(
    "emergencies",
    text("request_id", primary_key=True),
    text("facility_code"),
    whole("person_id"),
    text("items"),
    text("reason"),
    text("staff"),
    whole("at"),
    whole("until"),
    flag("against"),
    text("verdict"),
    text("reviewer"),
    whole("reviewed_at", nullable=True),
    Index("emergencies_by_verdict", "verdict", "at"),
    rowid=False,
)
consents_unanswered = table(
    "consents_unanswered",
    text("facility_code"),
    whole("person_id"),
    text("item"),
    text("request_id"),
    whole("at"),
)

# -- eligibility: open questions, continuing care, and words to facilities -------------
watches = table(
    "watches",
    text("facility_code"),
    text("target"),
    text("value"),
    text("handle"),
    text("cause"),
    whole("since"),
    whole("next_at"),
    PrimaryKeyConstraint("facility_code", "target", "value"),
    Index("watches_by_time", "next_at"),
    rowid=False,
)
notices = table(
    "notices",
    whole("id", primary_key=True),
    text("facility_code"),
    text("handle"),
    text("kind"),
    whole("at"),
    Index("notices_by_facility", "facility_code", "id"),
)
continuing_care = table(
    "continuing_care",
    text("facility_code"),
    whole("person_id"),
    text("handle"),
    whole("since"),
    whole("ended", nullable=True),
    PrimaryKeyConstraint("facility_code", "person_id"),
    Index("continuing_care_by_handle", "handle"),
    rowid=False,
)

# -- access: once per request, and what later requests may build on -------------------
# Not without rowid: an answer is too long for the leaves of a key.
requests = table(
    "requests",
    text("request_id"),
    text("reader_id"),
    blob("envelope"),
    blob("request_hash"),
    blob("answer"),
    whole("expires_at"),
    UniqueConstraint("request_id", "reader_id"),
    Index("requests_by_expiry", "expires_at"),
)
# Further envelopes of a request that came again. The first stands with its request:
# random keys in a table of their own would dirty one page for every request.
envelopes = table(
    "envelopes",
    blob("id", primary_key=True),
    whole("seen"),
    Index("envelopes_by_time", "seen"),
    rowid=False,
)
verifications = table(
    "verifications",
    text("request_id"),
    text("reader_id"),
    whole("person_id"),
    text("outcome"),
    text("asked"),
    whole("at"),
    whole("certificate_expires"),
    text("care", default="1"),
    PrimaryKeyConstraint("request_id", "reader_id"),
    Index("verifications_by_time", "at"),
    rowid=False,
)

# -- usage: no column of these tables leads to a person --------------------------------
usage = table(
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
counts = table(
    "counts",
    text("kind"),
    text("outcome"),
    text("code"),
    whole("n"),
    PrimaryKeyConstraint("kind", "outcome", "code"),
    rowid=False,
)
refusals = table(
    "refusals",
    text("day"),
    text("code"),
    text("reader_id"),
    whole("n"),
    PrimaryKeyConstraint("day", "code", "reader_id"),
    rowid=False,
)
