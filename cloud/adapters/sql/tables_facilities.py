"""Facilities: where each stands, its history, terms, certificates, addresses."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint

from cloud.adapters.sql.tables import blob, flag, person_of, table, text, whole

facilities = table(
    "facilities",
    text("code", primary_key=True),
    text("name"),
    text("profile"),
    text("prefecture"),
    text("state"),
    # The number of its last row of history: two who move at once do not both.
    whole("steps"),
    text("start_day", nullable=True),
    Index("facilities_by_start", "start_day"),
    rowid=False,
)
facility_history = table(
    "facility_history",
    text("facility_code"),
    whole("seq"),
    whole("at"),
    text("who"),
    text("move"),
    text("was"),
    text("became"),
    text("start_day", nullable=True),
    PrimaryKeyConstraint("facility_code", "seq"),
    rowid=False,
)
facility_terms = table(
    "facility_terms",
    text("facility_code"),
    text("setting"),
    text("version"),
    text("who"),
    whole("at"),
    PrimaryKeyConstraint("facility_code", "setting", "version"),
    rowid=False,
)
facility_switches = table(
    "facility_switches",
    text("facility_code"),
    text("setting"),
    flag("is_on"),
    text("who"),
    whole("at"),
    PrimaryKeyConstraint("facility_code", "setting"),
    rowid=False,
)
facility_certificates = table(
    "facility_certificates",
    blob("fingerprint", primary_key=True),
    text("facility_code"),
    whole("not_before"),
    whole("not_after"),
    whole("registered_at"),
    whole("revoked_at", nullable=True),
    Index("facility_certificates_by_facility", "facility_code"),
    Index("facility_certificates_by_end", "not_after"),
    rowid=False,
)
certificate_notices = table(
    "certificate_notices",
    whole("id", primary_key=True),
    text("facility_code"),
    blob("fingerprint"),
    whole("days"),
    whole("at"),
    UniqueConstraint("fingerprint", "days"),
    Index("certificate_notices_by_facility", "facility_code", "id"),
)
facility_addresses = table(
    "facility_addresses",
    text("facility_code"),
    text("kind"),
    whole("generation"),
    text("who"),
    whole("issued_at"),
    whole("revoked_at", nullable=True),
    PrimaryKeyConstraint("facility_code", "kind"),
    rowid=False,
)
# It goes with the person. Unique in both directions: a chart is one person's.
reference_numbers = table(
    "reference_numbers",
    person_of(),
    text("facility_code"),
    text("number"),
    whole("at"),
    PrimaryKeyConstraint("person_id", "facility_code"),
    UniqueConstraint("facility_code", "number"),
    rowid=False,
)
