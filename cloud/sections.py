"""The sections of the configuration (cloud.config), each frozen and closed."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cloud.audit.anchor import Pace
from cloud.audit.retention import configured
from cloud.facilities.model import Policy
from protocol.codes import Method

HOUR_MS = 60 * 60 * 1000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Port = Annotated[int, Field(ge=1, le=65535)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CloudSection(Section):
    home: Path

    @property
    def database(self) -> Path:
        return self.home / "cloud.sqlite3"


class StoreSection(Section):
    postgres: str = ""
    """A conninfo; empty: the SQLite file in `cloud.home`."""

    @model_validator(mode="after")
    def _no_secret(self) -> Self:
        if "password" in self.postgres or "@" in self.postgres:
            raise ValueError("no password here: put it into ~/.pgpass")
        return self


class BrokerSection(Section):
    host: str
    port: Port
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _protected(self) -> Self:
        files = (self.ca, self.certificate, self.key)
        if any(files) and not all(files):
            raise ValueError("ca, certificate and key: all three or none")
        if not any(files) and self.host not in LOOPBACK:
            raise ValueError("a broker elsewhere needs ca, certificate and key")
        return self


class KeysSection(Section):
    signing: Path
    agreement: Path | tuple[Path, ...]

    @property
    def agreements(self) -> tuple[Path, ...]:
        """The first is announced; further ones still open, while one is replaced."""
        if isinstance(self.agreement, Path):
            return (self.agreement,)
        return self.agreement


class TrustSection(Section):
    jpki_cas: Annotated[tuple[Path, ...], Field(min_length=1)]


class PolicySection(Section):
    methods: frozenset[Method] = frozenset(Method)
    fictitious_terminal: bool = False
    grace: Literal["from_expiry", "from_month_end"] = "from_month_end"

    @property
    def policy(self) -> Policy:
        return Policy(self.methods, self.fictitious_terminal)


class WebSection(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080

    @model_validator(mode="after")
    def _loopback(self) -> Self:
        if self.host not in LOOPBACK:
            raise ValueError("counts and health are for this machine: use 127.0.0.1")
        return self


class ApiSection(Section):
    """Never without TLS: whose certificate it is decides what is told."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8443
    certificate: Path
    key: Path
    clients: Path


class PageSection(Section):
    """Phones come here without a certificate of their own."""

    address: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:-]{1,64}$")]
    """Origin only: it goes into QR codes in capitals, where a path would not do."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8444
    certificate: Path | None = None
    key: Path | None = None
    secret: Path | None = None

    @model_validator(mode="after")
    def _protected(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key: both or none")
        if self.certificate is None and self.host not in LOOPBACK:
            raise ValueError("a page for others needs a certificate and its key")
        parts = urlsplit(self.address)
        if not self.secure and parts.hostname not in LOOPBACK:
            raise ValueError("an address for phones is https")
        return self

    @property
    def secure(self) -> bool:
        """Cookies go over TLS only; plain HTTP is for this machine alone."""
        return self.address.startswith("https://")


class IntakeSection(Section):
    workers: Annotated[int, Field(ge=1, le=64)] = 1


class VaultSection(Section):
    records: Path | None = None
    consents: Path | None = None
    changes: Path | None = None
    handles: Path | None = None
    bulk: Path | None = None
    accounts: Path | None = None
    addresses: Path | None = None


class AddressSection(Section):
    """Where patients' telephones are led: an https address that ends in a slash."""

    base: Annotated[str, Field(pattern=r"^https://[^\s?#]+/$", max_length=200)] = (
        "https://shikaku.example/f/"
    )


class AuditSection(Section):
    secret: Path | None = None
    anchor_rows: Annotated[int, Field(ge=1)] = 10_000
    anchor_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 24

    @property
    def pace(self) -> Pace:
        return Pace(self.anchor_rows, self.anchor_hours * HOUR_MS)


class RetentionSection(Section):
    days: dict[str, Annotated[int, Field(ge=1)]] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        configured(self.days)
        return self
