"""Links of the patient's page, and how often words were tried."""

from sqlalchemy import Index, PrimaryKeyConstraint

from cloud.adapters.sql.tables import blob, person_of, table, text, whole

page_links = table(
    "page_links",
    # SHA-256: whoever has the database cannot open a page with it.
    blob("token_hash"),
    blob("word_hash"),
    text("facility_code"),
    person_of(),
    text("request_id"),
    whole("made_at"),
    whole("until"),
    # Of the receipt, to be shown on the page.
    text("proof"),
    # Wrong words since the last right one, and when the next may be tried.
    whole("tries"),
    whole("next_at"),
    # SHA-256 of the one session that is open.
    blob("session", nullable=True),
    PrimaryKeyConstraint("token_hash"),
    Index("page_links_by_word", "facility_code", "word_hash"),
    Index("page_links_by_person", "person_id"),
    Index("page_links_by_session", "session"),
    Index("page_links_by_end", "until"),
    rowid=False,
)
# Words that a facility's staff typed and that were none.
page_tries = table(
    "page_tries",
    text("facility_code", primary_key=True),
    whole("tries"),
    whole("next_at"),
    rowid=False,
)
