"""What the commands share: their options, their errors, what they print."""

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cloud.access.certificate import moment
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.version import MigrationError
from cloud.config import Config, load
from cloud.eligibility.model import JST
from cloud.errors import CloudError, InputError
from cloud.main import Commit, cloud_keys, committing, open_database
from cloud.registry.model import CertificateLink, LinkKind, PersonId
from cloud.registry.service import RegistryStore
from protocol.ids import FacilityCode
from protocol.keys import key_id
from protocol.numbers import NumberError, facility_code

__all__ = ["Commit", "committing"]

DEFAULT = Path("var/cloud/cloud.toml")
ConfigFile = Annotated[
    Path, typer.Option("--config", help="The cloud's TOML file (cloud/README.md).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
KeyFiles = Annotated[
    list[Path] | None,
    typer.Option("--key", help="A public signing key of the cloud (PEM); repeatable."),
]
Person = Annotated[
    int | None, typer.Option("--person", help="The registry's number of the person.")
]
PersonsCertificate = Annotated[
    str | None,
    typer.Option("--certificate", help="SHA-256 of the card's certificate, hex."),
]
PublicKeys = dict[bytes, EllipticCurvePublicKey]
T = TypeVar("T")


def settings_of(file: Path) -> Config:
    return or_exit(lambda: load(file))


def opened(config: Config) -> AbstractContextManager[Database]:
    """Its database, until the end of a `with`."""
    return closing(or_exit(lambda: open_database(config)))


def public_keys(files: Iterable[Path]) -> PublicKeys:
    """P-256 public keys by their ids. Raises InputError."""
    keys = {}
    for file in files:
        try:
            key = load_pem_public_key(file.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(f"{file}: not a readable public key (PEM)") from error
        if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise InputError(f"{file}: not a P-256 public key")
        keys[bytes(key_id(key))] = key
    return keys


def trusted_keys(config: Config, files: Iterable[Path]) -> PublicKeys:
    """The cloud's own public key and these older ones."""
    return {**cloud_keys(config).public.signing_by_id, **public_keys(files)}


def person_named(
    registry: RegistryStore, person: int | None, certificate: str | None
) -> PersonId:
    """The one person that the options name; else the command ends with 2."""
    if (person is None) == (certificate is None):
        stop("name the person by --person or by --certificate, one of them")
    if certificate is None:
        found = registry.person(PersonId(person or 0))
    else:
        try:
            digest = bytes.fromhex(certificate)
        except ValueError:
            stop("--certificate is a SHA-256 in hex, 64 characters")
        found = registry.linked(CertificateLink(LinkKind.CERTIFICATE, digest))
    if found is None:
        stop("nobody in the registry")
    return found.id


def facility_of(code: str) -> FacilityCode:
    """The code of an option; else the command ends with 2 and says which digit."""
    try:
        return facility_code(code)
    except NumberError as error:
        stop(f"--facility: {error}")


def or_exit(action: Callable[[], T]) -> T:
    try:
        return action()
    except (CloudError, MigrationError) as error:
        stop(str(error))


def stop(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(2)


def say(sentence: str, data: object, as_json: bool) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False) if as_json else sentence)


def progress(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def today() -> date:
    """In Japan."""
    return moment(now_ms()).astimezone(JST).date()
