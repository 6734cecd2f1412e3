"""Modes (cloud/modes): columns are the fields of what is kept, `turn` its changes."""

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, persons, table, text, whole

mode_outages = table(
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
    Index("mode_outages_by_facility", "facility", "asked_at"),
    Index("mode_outages_by_end", "until"),
    rowid=False,
)
mode_disasters = table(
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
    Index("mode_disasters_by_end", "until"),
    rowid=False,
)
mode_uses = table(
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
    CheckConstraint("mode IN ('outage', 'disaster')"),
    Index("mode_uses_by_staff", "facility", "staff", "at"),
    rowid=False,
)
workplaces = table(
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
    rowid=False,
)
device_codes = table(
    "device_codes",
    blob("hash", primary_key=True),
    text("facility"),
    text("issued_by"),
    whole("issued_at"),
    whole("expires_at"),
    whole("used_at", nullable=True),
    text("reader"),
    whole("turn"),
    Index("device_codes_by_facility", "facility", "issued_at"),
    rowid=False,
)
device_wrong_codes = table(
    "device_wrong_codes",
    text("facility", primary_key=True),
    whole("since"),
    whole("wrong"),
    whole("turn"),
    rowid=False,
)
devices = table(
    "devices",
    text("reader", primary_key=True),
    text("facility"),
    blob("public_key"),
    whole("bound_at"),
    whole("revoked_at", nullable=True),
    whole("turn"),
    Index("devices_by_facility", "facility", "bound_at"),
    rowid=False,
)
online_tickets = table(
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
    Index("online_tickets_by_facility", "facility", "made_at"),
    rowid=False,
)
care_places = table(
    "care_places",
    text("facility"),
    text("reader"),
    text("kind"),
    whole("at"),
    whole("turn"),
    PrimaryKeyConstraint("facility", "reader"),
    rowid=False,
)
# Whoever has no card is found by birth date and sex, then by reading.
Index("persons_by_birth", persons.c.birth_date, persons.c.sex)
