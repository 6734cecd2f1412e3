"""A facility's desk, wired once for the interface and every command: what it asks,
what it reads, what it is handed.
"""

import os

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.access.reading import Reading
from cloud.adapters.clock import now_ms
from cloud.config import Config
from cloud.consent.service import Consents
from cloud.eligibility.reference import References
from cloud.keyring import changes, reading_vault
from cloud.main import Commit, Stores, circumstances_of, cloud_keys
from cloud.records.report import Report
from cloud.records.service import Records
from cloud.registry.service import Registry
from protocol.ids import RequestId, uuid7


def asking_of(config: Config, stores: Stores, commit: Commit) -> Asking:
    """Raises ConfigError: a key is missing."""
    return Asking(
        Inquiries(Registry(stores.registry), stores.eligibility),
        stores.eligibility,
        commit,
        cloud_keys(config).signer,
        circumstances_of(stores),
        References(stores.references).reference_number,
        changes(config, stores.changes),
    )


def reading_of(config: Config, stores: Stores, commit: Commit) -> Reading:
    """Raises ConfigError: a key is missing."""
    consents = Consents(stores.consents, reading_vault(config))
    records, here = Records(stores.records), circumstances_of(stores)
    return Reading(consents, records, commit, now_ms, here)


def new_handle(now: int) -> RequestId:
    """Of the time, and nobody guesses it."""
    return RequestId(uuid7(now, os.urandom(10)))


def paper(report: Report) -> bytes:
    """As a PDF. ReportLab is loaded with the first one: who prints none never waits."""
    from cloud.adapters.pdf.records import pdf

    return pdf(report)
