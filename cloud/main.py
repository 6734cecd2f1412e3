"""Wiring: the only place where rooms and plugs meet."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cloud.access.certificate import CardAuthorities
from cloud.access.circumstances import Circumstances
from cloud.access.grace import GraceRule
from cloud.access.handler import Handler
from cloud.access.inquire import Inquiries
from cloud.access.ledger import Ledger
from cloud.accounts.service import AccountStore
from cloud.adapters.clock import now_ms
from cloud.adapters.mqtt import BrokerLine, Tls
from cloud.adapters.sql.accounts import SqlAccounts
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.bulk import SqlBulk
from cloud.adapters.sql.changes import SqlLastSeen
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.eligibility import SqlEligibility
from cloud.adapters.sql.facilities import SqlFacilities
from cloud.adapters.sql.facility_life import SqlLife
from cloud.adapters.sql.ledger import SqlLedger
from cloud.adapters.sql.modes import SqlModes
from cloud.adapters.sql.page import SqlPage
from cloud.adapters.sql.records import SqlRecords
from cloud.adapters.sql.references import SqlReferences
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.version import require_current
from cloud.audit.model import Entry
from cloud.audit.service import AuditLog, AuditStore
from cloud.bulk.service import Bulk
from cloud.bulk.store import BulkStore
from cloud.bulk.visitors import Visitors
from cloud.bulk.worker import Worker as BulkWorker
from cloud.changes.service import LastSeenStore
from cloud.config import BrokerSection, Config
from cloud.consent.link import Links
from cloud.consent.service import Consents, ConsentStore, Vault
from cloud.eligibility.reference import ReferenceStore
from cloud.eligibility.service import EligibilityStore
from cloud.errors import ConfigError
from cloud.facilities.life import LifeStore
from cloud.facilities.model import Policy
from cloud.facilities.service import Facilities, FacilityStore
from cloud.intake.line import Line
from cloud.intake.listener import Listener
from cloud.modes.circumstances import Watching
from cloud.modes.facts import LifeFacts
from cloud.modes.store import ModeStore
from cloud.page.service import PageStore
from cloud.records.service import RecordStore
from cloud.registry.service import Registry, RegistryStore
from protocol.envelope import CloudKeys, SessionCache
from protocol.keys import Signer
from protocol.topics import SHARED_REQUESTS


@dataclass(frozen=True, slots=True)
class Stores:
    """One set of stores over one database, or one set in memory."""

    registry: RegistryStore
    facilities: FacilityStore
    consents: ConsentStore
    eligibility: EligibilityStore
    ledger: Ledger
    records: RecordStore
    audit: AuditStore
    changes: LastSeenStore
    bulk: BulkStore
    life: LifeStore
    accounts: AccountStore
    modes: ModeStore
    references: ReferenceStore
    page: PageStore


def sql_stores(database: Database, audit_secret: bytes) -> Stores:
    audit = SqlAudit(database, audit_secret)
    return Stores(
        SqlRegistry(database),
        SqlFacilities(database),
        SqlConsents(database),
        SqlEligibility(database),
        SqlLedger(database, audit),
        SqlRecords(database),
        audit,
        changes=SqlLastSeen(database),
        bulk=SqlBulk(database, audit),
        life=SqlLife(database),
        accounts=SqlAccounts(database),
        modes=SqlModes(database, audit),
        references=SqlReferences(database),
        page=SqlPage(database),
    )


class Commit(Protocol):
    def __call__(self, *rows: Entry) -> None:
        """Rows of the audit log, in a transaction of their own, or it raises."""
        ...


def committing(database: Database, log: AuditLog) -> Commit:
    def commit(*rows: Entry) -> None:
        with database.transaction():
            log.append(rows)

    return commit


def bulk_desk(
    stores: Stores,
    secret: bytes,
    downloads: Path,
    commit: Commit,
    random: Callable[[int], bytes] = os.urandom,
) -> Bulk:
    """What a facility does with bulk inquiries."""
    registry = Registry(stores.registry)
    return Bulk(stores.bulk, registry, commit, secret, downloads, random)


def bulk_worker(
    stores: Stores,
    secret: bytes,
    signer: Signer,
    random: Callable[[int], bytes] = os.urandom,
) -> BulkWorker:
    """Who answers them."""
    registry = Registry(stores.registry)
    return BulkWorker(
        stores.bulk,
        registry,
        Inquiries(registry, stores.eligibility),
        Visitors(stores.bulk, registry, stores.consents),
        secret,
        signer,
        random,
        circumstances_of(stores),
    )


def listener(
    stores: Stores,
    line: Line,
    *,
    keys: CloudKeys,
    authorities: CardAuthorities,
    policy: Policy,
    vault: Vault | None = None,
    grace: GraceRule = GraceRule.FROM_MONTH_END,
    links: Links | None = None,
    clock: Callable[[], int] = now_ms,
    random: Callable[[int], bytes] = os.urandom,
) -> Listener:
    facilities = Facilities(stores.facilities, policy)
    handler = Handler(
        registry=Registry(stores.registry),
        consents=Consents(stores.consents, vault),
        facilities=facilities,
        authorities=authorities,
        ledger=stores.ledger,
        signer=keys.signer,
        grace=grace,
        circumstances=circumstances_of(stores),
        links=links,
    )
    return Listener(
        line=line,
        handler=handler,
        facilities=facilities,
        ledger=stores.ledger,
        keys=keys,
        now_ms=clock,
        random=random,
    )


def circumstances_of(stores: Stores) -> Circumstances:
    """What holds where, for one thread."""
    return Watching(stores.modes, LifeFacts(stores.life))


def open_database(config: Config) -> Database:
    """Raises MigrationError when `shikaku-cloud migrate` has not been run."""
    config.cloud.home.mkdir(parents=True, exist_ok=True)
    database = connect(config.where)
    require_current(database)
    return database


def broker_line(broker: BrokerSection, name: str) -> BrokerLine:
    tls = None
    if broker.ca and broker.certificate and broker.key:
        tls = Tls(broker.ca, broker.certificate, broker.key)
    return BrokerLine(
        broker.host, broker.port, tls, name=name, subscribe=SHARED_REQUESTS
    )


def cloud_keys(config: Config) -> CloudKeys:
    """Raises ConfigError for a key that is missing or of another kind."""
    signing = _private(config.keys.signing)
    if not isinstance(signing, EllipticCurvePrivateKey):
        raise ConfigError(f"keys.signing: {config.keys.signing} is not a P-256 key")
    agreements = []
    for path in config.keys.agreements:
        agreement = _private(path)
        if not isinstance(agreement, X25519PrivateKey):
            raise ConfigError(f"keys.agreement: {path} is not an X25519 key")
        agreements.append(agreement)
    return CloudKeys(
        agreements=tuple(agreements), signing=signing, cache=SessionCache()
    )


def card_authorities(config: Config) -> CardAuthorities:
    try:
        return CardAuthorities(
            certificate
            for path in config.trust.jpki_cas
            for certificate in x509.load_pem_x509_certificates(path.read_bytes())
        )
    except (OSError, ValueError) as error:
        raise ConfigError(f"trust.jpki_cas: {error}") from error


def _private(path: Path) -> object:
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigError(f"{path}: not a readable private key (PEM)") from error
