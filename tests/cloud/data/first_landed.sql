-- Times are Unix milliseconds UTC, dates are ISO text, numbers are text as printed.

-- registry ---------------------------------------------------------------------
CREATE TABLE persons (
    id          INTEGER PRIMARY KEY,
    reference   BLOB    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    name_kana   TEXT    NOT NULL,
    sex         TEXT    NOT NULL,
    birth_date  TEXT    NOT NULL,
    address     TEXT    NOT NULL,
    post_number TEXT    NOT NULL,
    registered  INTEGER NOT NULL CHECK (registered IN (0, 1)),
    hold        INTEGER NOT NULL CHECK (hold IN (0, 1))
) STRICT;

CREATE TABLE insurances (
    person_id           INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    position            INTEGER NOT NULL,
    card_classification TEXT    NOT NULL,
    insurer_number      TEXT    NOT NULL,
    insurer_name        TEXT    NOT NULL,
    relationship        TEXT    NOT NULL,
    valid_from          TEXT    NOT NULL,
    valid_until         TEXT,
    symbol              TEXT    NOT NULL,
    number              TEXT    NOT NULL,
    branch              TEXT    NOT NULL,
    insured_name        TEXT    NOT NULL,
    loss_reason         TEXT    NOT NULL,
    copayment_ratio     TEXT    NOT NULL,
    copayment_limit     TEXT    NOT NULL,
    unregistered        INTEGER NOT NULL CHECK (unregistered IN (0, 1)),
    PRIMARY KEY (person_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE certificates (
    value     BLOB    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('certificate', 'subject_key')),
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (value, kind)
) STRICT, WITHOUT ROWID;

-- facilities -------------------------------------------------------------------
CREATE TABLE readers (
    id                      TEXT    PRIMARY KEY,
    facility_code           TEXT    NOT NULL,
    key_id                  BLOB    NOT NULL UNIQUE,
    public_key              BLOB    NOT NULL,
    certificate_fingerprint BLOB    NOT NULL,
    not_before              INTEGER NOT NULL,
    not_after               INTEGER NOT NULL,
    revoked                 INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT, WITHOUT ROWID;

-- consent: what was pressed, for ever; silence is kept apart and opens nothing -----
CREATE TABLE consents (
    facility_code   TEXT    NOT NULL,
    person_id       INTEGER NOT NULL,
    item            TEXT    NOT NULL,
    pressed_at      INTEGER NOT NULL,
    request_id      TEXT    NOT NULL,
    decision        TEXT    NOT NULL CHECK (decision IN ('granted', 'refused')),
    decided_at      INTEGER NOT NULL,
    available_until INTEGER,
    PRIMARY KEY (facility_code, person_id, item, pressed_at, request_id),
    CHECK ((decision = 'granted') = (available_until IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE consents_unanswered (
    facility_code TEXT    NOT NULL,
    person_id     INTEGER NOT NULL,
    item          TEXT    NOT NULL,
    request_id    TEXT    NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

-- access: once per request, and what later requests may build on ---------------------
CREATE TABLE requests (
    request_id   TEXT    NOT NULL,
    reader_id    TEXT    NOT NULL,
    envelope     BLOB    NOT NULL,
    request_hash BLOB    NOT NULL,
    answer       BLOB    NOT NULL,
    expires_at   INTEGER NOT NULL,
    -- Not WITHOUT ROWID: an answer is too long for the leaves of a key.
    UNIQUE (request_id, reader_id)
) STRICT;

-- Further envelopes of a request that came again. The first stands with its request:
-- random keys in a table of their own would dirty one page for every request.
CREATE TABLE envelopes (
    id   BLOB    PRIMARY KEY,
    seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE verifications (
    request_id          TEXT    NOT NULL,
    reader_id           TEXT    NOT NULL,
    person_id           INTEGER NOT NULL,
    outcome             TEXT    NOT NULL,
    asked               TEXT    NOT NULL,
    at                  INTEGER NOT NULL,
    certificate_expires INTEGER NOT NULL,
    PRIMARY KEY (request_id, reader_id)
) STRICT, WITHOUT ROWID;

-- usage: no column of these tables leads to a person --------------------------------
CREATE TABLE usage (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    reader_id     TEXT    NOT NULL,
    facility_code TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    method        TEXT    NOT NULL,
    care          TEXT    NOT NULL,
    outcome       TEXT    NOT NULL,
    code          TEXT    NOT NULL,
    waited_ms     INTEGER NOT NULL
) STRICT;

CREATE TABLE counts (
    kind    TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (kind, outcome, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
    day       TEXT    NOT NULL,
    code      TEXT    NOT NULL,
    reader_id TEXT    NOT NULL,
    n         INTEGER NOT NULL,
    PRIMARY KEY (day, code, reader_id)
) STRICT, WITHOUT ROWID;

-- What a worker forgets once a minute is found by its time.
CREATE INDEX requests_by_expiry ON requests (expires_at);
CREATE INDEX envelopes_by_time ON envelopes (seen);
CREATE INDEX verifications_by_time ON verifications (at);
