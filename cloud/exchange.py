"""Answers to receipt computers' files, wired: for the interface and the commands."""

import os
from pathlib import Path
from typing import Final

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.access.linking import Linking
from cloud.access.reading import Reading
from cloud.eligibility.reference import References
from cloud.main import Commit, Stores, bulk_desk
from cloud.oqs.answer import Answering
from cloud.oqs.holders import Holders
from cloud.oqs.numbers import Numbers
from cloud.oqs.once import Once
from cloud.records.report import Report
from cloud.registry.service import Registry
from protocol.ids import RequestId, uuid7

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
        _pdf,
        _new_handle,
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


def _new_handle(now: int) -> RequestId:
    return RequestId(uuid7(now, os.urandom(10)))


def _pdf(made: Report) -> bytes:
    # Here, because the first file need not wait for ReportLab.
    from cloud.adapters.pdf.records import pdf

    return pdf(made)
