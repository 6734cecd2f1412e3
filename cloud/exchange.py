"""Answers in other words, wired: receipt computers' files, FHIR."""

import os
from pathlib import Path
from typing import Final

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.access.linking import Linking
from cloud.access.reading import Reading
from cloud.config import Config
from cloud.desk import new_handle, paper
from cloud.eligibility.reference import References
from cloud.fhir.service import Fhir
from cloud.keyring import handles_secret
from cloud.main import Commit, Stores, bulk_desk
from cloud.oqs.answer import Answering
from cloud.oqs.holders import Holders
from cloud.oqs.numbers import Numbers
from cloud.oqs.once import Once
from cloud.registry.service import Registry

FOLDER: Final = "oqs"
"""In the cloud's home: keys of uploads, sealed results of patient numbers."""


def answering(
    stores: Stores,
    commit: Commit,
    asking: Asking,
    reading: Reading,
    *,
    home: Path,
    bulk_secret: bytes,
) -> Answering:
    """`home` is the cloud's, for results on their way."""
    registry = Registry(stores.registry)
    inquiries = Inquiries(registry, stores.eligibility)
    references = References(stores.references)
    return Answering(
        asking,
        reading,
        paper,
        new_handle,
        bulk_desk(stores, bulk_secret, home / "downloads", commit),
        Numbers(
            Linking(inquiries, references, stores.ledger, commit),
            Holders(registry),
            bulk_secret,
            home / FOLDER / "numbers",
            os.urandom,
        ),
        Once(home / FOLDER / "uploads"),
    )


def fhir_of(config: Config, stores: Stores, asking: Asking, reading: Reading) -> Fhir:
    """Raises ConfigError: a key is missing."""
    registry, secret = Registry(stores.registry), handles_secret(config)
    return Fhir(asking, registry, stores.consents, reading, secret, new_handle)
