"""The secrets of the database, and what each program is given of them."""

from functools import partial
from pathlib import Path

from cloud.accounts.otp import KEY_BYTES as OTP_BYTES
from cloud.adapters.secret_file import make_secret, read_secret
from cloud.adapters.sql.accounts import SqlAccounts
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.facility_life import SqlLife
from cloud.adapters.sql.records import SqlRecords
from cloud.audit.model import SECRET_BYTES as AUDIT_BYTES
from cloud.config import Config
from cloud.consent.keys import SECRET_BYTES as READING_BYTES
from cloud.consent.service import Vault
from cloud.errors import ConfigError
from cloud.facilities.address import SECRET_BYTES as ADDRESS_BYTES
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


def vault(config: Config) -> Vault:
    """Of those who give consents. Raises ConfigError."""
    key = partial(sealing.record_key, record_secret(config))
    return Vault(key, read_secret(config.consents_key, READING_BYTES))


def reading_vault(config: Config) -> Vault:
    """Of those who only read: it makes no data key, and knows no record key."""
    return Vault(_no_record_key, read_secret(config.consents_key, READING_BYTES))


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
    wanted = (
        (config.audit_secret, AUDIT_BYTES, bool(SqlAudit(database, b"").facilities())),
        (config.records_key, sealing.SECRET_BYTES, SqlRecords(database).anything()),
        (config.consents_key, READING_BYTES, consents),
        (config.accounts_key, OTP_BYTES, SqlAccounts(database).anything_sealed()),
        (config.addresses_key, ADDRESS_BYTES, SqlLife(database).anything_issued()),
    )
    for file, size, in_use in wanted:
        if in_use:
            read_secret(file, size)
    return [file for file, size, _ in wanted if make_secret(file, size)]
