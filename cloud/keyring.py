"""The secrets of the database, and what each program is given of them."""

import os
from functools import partial
from pathlib import Path

from cloud.accounts.otp import KEY_BYTES as OTP_BYTES
from cloud.adapters.secret_file import make_secret, read_secret
from cloud.adapters.sql.accounts import SqlAccounts
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.bulk import SqlBulk
from cloud.adapters.sql.changes import SqlLastSeen
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.facility_life import SqlLife
from cloud.adapters.sql.page import SqlPage
from cloud.adapters.sql.records import SqlRecords
from cloud.audit.model import SECRET_BYTES as AUDIT_BYTES
from cloud.bulk.sealing import SECRET_BYTES as BULK_BYTES
from cloud.changes.sealing import SECRET_BYTES as CHANGES_BYTES
from cloud.changes.service import Changes, LastSeenStore
from cloud.config import Config
from cloud.consent.keys import SECRET_BYTES as READING_BYTES
from cloud.consent.link import SECRET_BYTES as PAGE_BYTES
from cloud.consent.link import Links
from cloud.consent.service import Vault
from cloud.errors import ConfigError
from cloud.facilities.address import SECRET_BYTES as ADDRESS_BYTES
from cloud.fhir.handle import SECRET_BYTES as HANDLES_BYTES
from cloud.records import sealing
from cloud.registry.model import PersonId


def audit_secret(config: Config) -> bytes:
    """What the log is written with. Raises ConfigError."""
    return read_secret(config.audit_secret, AUDIT_BYTES)


def audit_log(config: Config, database: Database) -> tuple[SqlAudit, bytes]:
    """The log and the secret it is written with. Raises ConfigError."""
    secret = audit_secret(config)
    return SqlAudit(database, secret), secret


def record_secret(config: Config) -> bytes:
    """What record keys come from. Raises ConfigError."""
    return read_secret(config.records_key, sealing.SECRET_BYTES)


def page_secret(config: Config) -> bytes:
    """What words and forms of the patient's page are checked with. ConfigError."""
    return read_secret(config.page_secret, PAGE_BYTES)


def page_links(config: Config, database: Database) -> Links | None:
    """How receipts get their link; None where there is no page. Raises ConfigError."""
    if config.page is None:
        return None
    taken = SqlPage(database).taken
    return Links(config.page.address, page_secret(config), os.urandom, taken)


def bulk_secret(config: Config) -> bytes:
    """What the keys of bulk jobs come from. Raises ConfigError."""
    return read_secret(config.bulk_key, BULK_BYTES)


def vault(config: Config) -> Vault:
    """Of those who give consents. Raises ConfigError."""
    key = partial(sealing.record_key, record_secret(config))
    return Vault(key, read_secret(config.consents_key, READING_BYTES))


def reading_vault(config: Config) -> Vault:
    """Of those who only read: it makes no data key, and knows no record key."""
    return Vault(_no_record_key, read_secret(config.consents_key, READING_BYTES))


def changes(config: Config, store: LastSeenStore) -> Changes:
    """What facilities saw last. Raises ConfigError."""
    return Changes(store, read_secret(config.changes_key, CHANGES_BYTES))


def handles_secret(config: Config) -> bytes:
    """What ids of FHIR resources are made with. Raises ConfigError."""
    return read_secret(config.handles_key, HANDLES_BYTES)


def _no_record_key(person: PersonId, item: str) -> bytes:
    raise ConfigError("records are only read here: consents are given elsewhere")


def accounts_key(config: Config) -> bytes:
    """Under which second factors of staff are sealed. Raises ConfigError."""
    return read_secret(config.accounts_key, OTP_BYTES)


def addresses_key(config: Config) -> bytes:
    """What facilities' addresses for patients are made with. Raises ConfigError."""
    return read_secret(config.addresses_key, ADDRESS_BYTES)


def keep_secrets(config: Config, database: Database) -> list[Path]:
    """Make those that nothing rests on yet; which were made.

    Raises ConfigError where something does, and its secret is not there.
    """
    consents = SqlConsents(database).anything_open()
    jobs = SqlBulk(database, SqlAudit(database, b"")).anything()
    wanted = (
        (config.audit_secret, AUDIT_BYTES, bool(SqlAudit(database, b"").facilities())),
        (config.records_key, sealing.SECRET_BYTES, SqlRecords(database).anything()),
        (config.consents_key, READING_BYTES, consents),
        (config.changes_key, CHANGES_BYTES, SqlLastSeen(database).anything()),
        # Nothing here rests on it: facilities hold what was made with it.
        (config.handles_key, HANDLES_BYTES, False),
        (config.bulk_key, BULK_BYTES, jobs),
        (config.accounts_key, OTP_BYTES, SqlAccounts(database).anything_sealed()),
        (config.addresses_key, ADDRESS_BYTES, SqlLife(database).anything_issued()),
        (config.page_secret, PAGE_BYTES, SqlPage(database).anything()),
    )
    for file, size, in_use in wanted:
        if in_use:
            read_secret(file, size)
    return [file for file, size, _ in wanted if make_secret(file, size)]
