"""One frozen tree from one TOML file. An unknown key refuses to start (D702).

    [cloud]
    home = "/var/lib/shikaku"        # the database stands here
    [broker]
    host = "127.0.0.1"
    port = 8883
    ca = "fleet-ca.pem"              # mutual TLS: all three, or none on loopback
    certificate = "cloud.pem"
    key = "cloud.key"
    [keys]
    signing = "cloud-signing.key"    # P-256, PKCS#8 PEM
    agreement = "cloud-agreement.key"  # X25519; or a list while one is replaced
    [trust]
    jpki_cas = ["card-ca.pem"]
    [store]                          # optional: PostgreSQL instead of SQLite
    postgres = "dbname=shikaku host=db.example user=shikaku"  # password: ~/.pgpass
    [policy]                         # optional, as are [web] and [intake]
    methods = ["face", "pin", "visual"]
    fictitious_terminal = false
    grace = "from_month_end"         # or "from_expiry": cloud/access/grace.py
    [vault]                          # optional: records (shikaku-cloud records)
    records = "records.key"          # default: all in cloud.home
    consents = "consents.key"
    changes = "changes.key"          # what facilities saw last (cloud/changes)
    handles = "handles.key"          # ids of FHIR resources (cloud/fhir)
    bulk = "bulk.key"                # bulk inquiries (shikaku-cloud bulk)
    accounts = "accounts.key"        # staff's second factors
    addresses = "addresses.key"      # facilities' addresses for patients
    [addresses]                      # optional: what stands before an address's token
    base = "https://shikaku.example/f/"
    [audit]                          # optional
    secret = "audit.key"             # default: audit.key in cloud.home (migrate)
    anchor_rows = 10000              # an anchor after so many rows or hours
    anchor_hours = 24
    [retention]                      # optional: days to keep, by rule
    days = { consents = 1826 }       # shikaku-cloud retention rules
    [web]
    host = "127.0.0.1"
    port = 8080
    [intake]
    workers = 1
    [api]                            # optional: the facilities' interface (HTTPS)
    host = "0.0.0.0"
    port = 8443
    certificate = "api.pem"          # of this server, with its chain
    key = "api.key"
    clients = "facility-ca.pem"      # whose certificates facilities carry
    [page]                           # optional: the patient's page; without it, no QR
    address = "https://page.example" # its origin, as phones reach it
    host = "127.0.0.1"
    port = 8444
    certificate = "page.pem"         # both, or none on loopback (a proxy's TLS)
    key = "page.key.pem"
    secret = "page.key"              # default: page.key in cloud.home (migrate)

Relative paths start at the file. Secrets are paths, never values.
"""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from cloud.errors import ConfigError
from cloud.sections import (
    AddressSection,
    ApiSection,
    AuditSection,
    BrokerSection,
    CloudSection,
    IntakeSection,
    KeysSection,
    PageSection,
    PolicySection,
    RetentionSection,
    Section,
    StoreSection,
    TrustSection,
    VaultSection,
    WebSection,
)


class Config(Section):
    cloud: CloudSection
    broker: BrokerSection
    keys: KeysSection
    trust: TrustSection
    policy: PolicySection = PolicySection()
    store: StoreSection = StoreSection()
    web: WebSection = WebSection()
    intake: IntakeSection = IntakeSection()
    vault: VaultSection = VaultSection()
    addresses: AddressSection = AddressSection()
    audit: AuditSection = AuditSection()
    retention: RetentionSection = RetentionSection()
    api: ApiSection | None = None
    page: PageSection | None = None

    @property
    def records_key(self) -> Path:
        return self.vault.records or self.cloud.home / "records.key"

    @property
    def consents_key(self) -> Path:
        return self.vault.consents or self.cloud.home / "consents.key"

    @property
    def changes_key(self) -> Path:
        return self.vault.changes or self.cloud.home / "changes.key"

    @property
    def handles_key(self) -> Path:
        return self.vault.handles or self.cloud.home / "handles.key"

    @property
    def bulk_key(self) -> Path:
        return self.vault.bulk or self.cloud.home / "bulk.key"

    @property
    def downloads(self) -> Path:
        """Where results lie while they are fetched; nobody else may read it."""
        return self.cloud.home / "downloads"

    @property
    def accounts_key(self) -> Path:
        return self.vault.accounts or self.cloud.home / "accounts.key"

    @property
    def addresses_key(self) -> Path:
        return self.vault.addresses or self.cloud.home / "addresses.key"

    @property
    def audit_secret(self) -> Path:
        return self.audit.secret or self.cloud.home / "audit.key"

    @property
    def page_secret(self) -> Path:
        own = self.page.secret if self.page else None
        return own or self.cloud.home / "page.key"

    @property
    def where(self) -> Path | str:
        """Of the database: a SQLite file, or a PostgreSQL conninfo."""
        return self.store.postgres or self.cloud.database


def load(file: Path) -> Config:
    """Read the file. Raises ConfigError, which names the key and what it wants."""
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}") from error
    try:
        config = Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{file}: {_first(error)}") from error
    return _rooted(config, file.resolve().parent)


def _first(error: ValidationError) -> str:
    # The value stays out: it might be a secret that was put in the wrong place.
    first = error.errors(include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place or 'file'}: {first['msg']}"


def _rooted(config: Config, root: Path) -> Config:
    broker, keys = config.broker, config.keys
    return config.model_copy(
        update={
            "cloud": CloudSection(home=root / config.cloud.home),
            "broker": broker.model_copy(
                update={
                    name: root / path
                    for name in ("ca", "certificate", "key")
                    if (path := getattr(broker, name))
                }
            ),
            "keys": KeysSection(
                signing=root / keys.signing,
                agreement=tuple(root / path for path in keys.agreements),
            ),
            "vault": VaultSection(
                **{
                    name: root / path
                    for name in VaultSection.model_fields
                    if (path := getattr(config.vault, name))
                }
            ),
            "audit": config.audit.model_copy(
                update={
                    "secret": root / path if (path := config.audit.secret) else None
                }
            ),
            "trust": TrustSection(
                jpki_cas=tuple(root / path for path in config.trust.jpki_cas)
            ),
            "api": config.api.model_copy(
                update={
                    name: root / getattr(config.api, name)
                    for name in ("certificate", "key", "clients")
                }
            )
            if config.api
            else None,
            "page": config.page.model_copy(
                update={
                    name: root / path
                    for name in ("certificate", "key", "secret")
                    if (path := getattr(config.page, name))
                }
            )
            if config.page
            else None,
        }
    )
