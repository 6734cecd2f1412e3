"""Throw-away authorities, keys and certificates of one desk. Trusted nowhere else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from device.simulated.card.issue import Issuer
from provisioning.authority import found, issue_client, issue_server
from provisioning.broker import CLOUD
from provisioning.demo.desk import FACILITY, READER, Desk
from provisioning.pem import (
    write_certificate,
    write_private,
    write_public,
    write_secret,
)

LIFETIME = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the cards are made with, and where everything else was written."""

    fleet_ca: Path
    broker_certificate: Path
    broker_key: Path
    cloud_certificate: Path
    cloud_key: Path
    cloud_signing: Path
    cloud_signing_public: Path
    cloud_agreement: Path
    cloud_agreement_public: Path
    reader_certificate: Path
    reader_key: Path
    reader_public: Path
    storage_key: Path
    issuer: Issuer
    card_ca: Path
    photo_issuer_public: Path
    terminal_key: Path
    facility_ca: Path
    api_certificate: Path
    api_key: Path
    clinic_certificate: Path
    clinic_key: Path


def make(desk: Desk, *, now: datetime, storage: bytes) -> Keys:
    """Make everything anew. `storage` is 32 random bytes for the reader's outbox."""
    fleet = found(
        "Shikaku demo fleet (throw-away)", _p256(), now=now, lifetime=LIFETIME
    )
    broker, client, reader = _p256(), _p256(), _p256()
    signing, agreement = _p256(), X25519PrivateKey.generate()
    terminal = _p256()
    issuer = Issuer.found(terminal.public_key(), now)
    clinics = found(
        "Shikaku demo facilities (throw-away)", _p256(), now=now, lifetime=LIFETIME
    )
    interface, clinic = _p256(), _p256()
    folder = desk.folder("keys")
    hosts = ("127.0.0.1", "localhost")
    server = issue_server(fleet, hosts, broker.public_key(), now=now, lifetime=LIFETIME)
    api = issue_server(
        clinics, hosts, interface.public_key(), now=now, lifetime=LIFETIME
    )
    desktop = issue_client(
        clinics, FACILITY, clinic.public_key(), now=now, lifetime=LIFETIME
    )
    cloud = issue_client(fleet, CLOUD, client.public_key(), now=now, lifetime=LIFETIME)
    box = issue_client(fleet, READER, reader.public_key(), now=now, lifetime=LIFETIME)
    return Keys(
        fleet_ca=write_certificate(folder / "fleet-ca.pem", fleet.certificate),
        broker_certificate=write_certificate(folder / "broker.pem", server),
        broker_key=write_private(folder / "broker.key", broker),
        cloud_certificate=write_certificate(folder / "cloud.pem", cloud),
        cloud_key=write_private(folder / "cloud.key", client),
        cloud_signing=write_private(folder / "cloud-signing.key", signing),
        cloud_signing_public=write_public(
            folder / "cloud-signing.pub", signing.public_key()
        ),
        cloud_agreement=write_private(folder / "cloud-agreement.key", agreement),
        cloud_agreement_public=write_public(
            folder / "cloud-agreement.pub", agreement.public_key()
        ),
        reader_certificate=write_certificate(folder / "reader.pem", box),
        reader_key=write_private(folder / "reader.key", reader),
        reader_public=write_public(folder / "reader.pub", reader.public_key()),
        storage_key=write_secret(folder / "reader-storage.key", storage),
        issuer=issuer,
        card_ca=write_certificate(folder / "card-ca.pem", issuer.ca),
        photo_issuer_public=write_public(
            folder / "photo-issuer.pub", issuer.photo_key.public_key()
        ),
        terminal_key=write_private(folder / "fictitious-terminal.key", terminal),
        facility_ca=write_certificate(folder / "facility-ca.pem", clinics.certificate),
        api_certificate=write_certificate(folder / "api.pem", api),
        api_key=write_private(folder / "api.key", interface),
        clinic_certificate=write_certificate(folder / "clinic.pem", desktop),
        clinic_key=write_private(folder / "clinic.key", clinic),
    )


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
