"""The patient's page wired: its listener, and a thread with the database."""

import os
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.database import Database
from cloud.config import Config
from cloud.consent.service import Consents
from cloud.errors import ConfigError
from cloud.facilities.life import LifeStore
from cloud.facilities.model import Policy
from cloud.facilities.service import Facilities
from cloud.keyring import audit_secret, page_secret
from cloud.main import committing, open_database, sql_stores
from cloud.page.places import described
from cloud.page.render import Renderer
from cloud.page.service import Page
from cloud.page.walk import Walk
from cloud.sections import PageSection
from cloud.web.listening import listen
from cloud.web.patience import Patience
from cloud.web.patient import PatientServices, application
from cloud.web.route import Route
from cloud.web.routes import revocations
from protocol.ids import FacilityCode


def page_of(config: Config, database: Database) -> Page:
    """The room itself, for the listener and for commands. Raises ConfigError."""
    stores = sql_stores(database, audit_secret(config))
    return Page(
        stores.page,
        stores.consents,
        Consents(stores.consents),
        stores.audit,
        stores.registry,
        committing(database, stores.audit),
        page_secret(config),
        os.urandom,
    )


def walk_of(config: Config, database: Database) -> tuple[Walk, Renderer]:
    """Both ask the database, on its thread."""
    stores = sql_stores(database, audit_secret(config))
    facilities = Facilities(stores.facilities, Policy())
    walk = Walk(page_of(config, database), facilities.consent_items)
    return walk, Renderer(partial(_called, stores.life))


def _called(life: LifeStore, code: FacilityCode, lang: str) -> str:
    found = life.facility(code)
    return found.name if found and found.name else described(code, lang)


def page_routes(config: Config, database: Database) -> tuple[Route, ...]:
    """What the page offers to facilities; nothing where there is none."""
    if config.page is None:
        return ()
    return revocations.routes(page_of(config, database).withdraw_by_word)


async def open_page(config: Config, stack: AsyncExitStack) -> str:
    """Serve until the stack ends; where it listens. Raises ConfigError."""
    section = _section(config)
    run = stack.enter_context(ThreadPoolExecutor(1, "page"))
    database = run.submit(open_database, config).result()
    stack.callback(lambda: run.submit(database.close).result())
    walk, renderer = run.submit(walk_of, config, database).result()
    services = PatientServices(walk, now_ms, run, section.secure, renderer)
    patience = Patience()
    app = application(services, patience.working)
    where = section.host, section.port
    return await listen(app, patience, where, _tls(section), stack)


def _tls(section: PageSection) -> ssl.SSLContext | None:
    if section.certificate is None or section.key is None:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Phones of the last years that have no 1.3 are still in use.
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(section.certificate, section.key)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"page: {error}") from error
    return made


def _section(config: Config) -> PageSection:
    if config.page is None:
        raise ConfigError("page: this section is not in the configuration")
    return config.page
