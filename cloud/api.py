"""The facilities' interface wired: routes over stores, behind TLS, on one thread."""

import asyncio
import signal
import ssl
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version

from cloud.access.certificate import moment
from cloud.access.grace import GraceRule
from cloud.accounts.service import Accounts
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import ready
from cloud.adapters.sql.database import Database
from cloud.api_life import life_routes
from cloud.bulk.service import Bulk
from cloud.config import Config
from cloud.desk import asking_of, new_handle, paper, reading_of
from cloud.eligibility.model import JST
from cloud.errors import ConfigError
from cloud.exchange import answering, fhir_of
from cloud.facilities.life import FacilityLife
from cloud.fhir.resource import MEDIA as FHIR_MEDIA
from cloud.keyring import (
    audit_secret,
    bulk_secret,
    vault,
)
from cloud.main import (
    Commit,
    Stores,
    bulk_desk,
    card_authorities,
    circumstances_of,
    cloud_keys,
    committing,
    open_database,
    sql_stores,
)
from cloud.mode_rooms import ModeRooms, mode_rooms
from cloud.pages import page_routes
from cloud.registry.model import Entry
from cloud.sections import ApiSection
from cloud.web.app import Watched, open_pages
from cloud.web.door import RegisteredDoor
from cloud.web.guard import Door
from cloud.web.listening import listen
from cloud.web.metrics import Tally
from cloud.web.patience import Patience
from cloud.web.route import Call, Nothing, Route
from cloud.web.routes import (
    about,
    bulk,
    devices,
    eligibility,
    fhir,
    modes,
    online,
    oqs,
    records,
    visits,
)
from cloud.web.serving import Render, Serving, application, peer
from cloud.web.tls import ServerTls, context
from protocol.ids import FacilityCode, RequestId

RENDERS: dict[str, Render] = {FHIR_MEDIA: fhir.rendered}
"""How a refusal looks where it is not problem details."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the routes stand on: built on the database's own thread."""

    database: Database
    stores: Stores
    door: Door
    config: Config


def opened_rooms(config: Config) -> Rooms:
    """Raises ConfigError and MigrationError."""
    database = open_database(config)
    stores = sql_stores(database, audit_secret(config))
    here = circumstances_of(stores)
    door = RegisteredDoor(
        FacilityLife(stores.life),
        Accounts(stores.accounts),
        lambda facility, now: here.facility(facility, now).closed,
    )
    return Rooms(database, stores, door, config)


def routes(rooms: Rooms) -> tuple[Route, ...]:
    stores = rooms.stores
    commit = committing(rooms.database, stores.audit)
    asking = asking_of(rooms.config, stores, commit)
    reading = reading_of(rooms.config, stores, commit)
    files = answering(
        stores,
        commit,
        asking,
        reading,
        home=rooms.config.cloud.home,
        bulk_secret=bulk_secret(rooms.config),
    )
    exceptional = _exceptional(rooms)
    made = (
        *about.routes(lambda: ready(rooms.config.where)),
        *eligibility.routes(asking, new_handle),
        *visits.routes(asking, stores.ledger, stores.registry),
        *records.routes(reading, _checked(stores, exceptional), paper),
        *bulk.routes(_bulk_desk(rooms, commit)),
        *oqs.routes(files),
        *modes.routes(exceptional.openings, exceptional.finding),
        *devices.routes(
            exceptional.devices,
            exceptional.places,
            exceptional.ask,
            cloud_keys(rooms.config).public,
            new_handle,
        ),
        *online.routes(exceptional.visits),
        *life_routes(stores, commit, rooms.config),
        *page_routes(rooms.config, rooms.database),
        *fhir.routes(
            fhir_of(rooms.config, stores, asking, reading), version("shikaku"), _today()
        ),
    )
    return about.described(made, version("shikaku"))


def _exceptional(rooms: Rooms) -> ModeRooms:
    config = rooms.config
    return mode_rooms(
        rooms.stores,
        keys=cloud_keys(config),
        authorities=card_authorities(config),
        policy=config.policy.policy,
        vault=vault(config),
        clock=now_ms,
        grace=GraceRule(config.policy.grace),
    )


async def open_api(config: Config, stack: AsyncExitStack, tally: Tally) -> str:
    """Serve until the stack ends; the address. Raises ConfigError."""
    section = _section(config)
    run = stack.enter_context(ThreadPoolExecutor(1, "api"))
    rooms = run.submit(opened_rooms, config).result()
    stack.callback(lambda: run.submit(rooms.database.close).result())
    spool = config.cloud.home / "spool"
    spool.mkdir(mode=0o700, exist_ok=True)
    serving = Serving(rooms.door, now_ms, run, spool, peer, RENDERS, tally=tally)
    patience = Patience()
    app = application(serving, routes(rooms), patience.working)
    where = section.host, section.port
    return await listen(app, patience, where, _tls(section), stack)


async def serve_api(config: Config) -> None:
    """Until SIGTERM or SIGINT. Says on stdout where it listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tally = Tally()
        address = await open_api(config, stack, tally)
        watched = Watched(config.where, int, 0, tally)
        pages = await open_pages(watched, config.web.host, config.web.port, stack)
        sys.stdout.write(
            f"facilities' interface ready at {address}, pages at {pages}\n"
        )
        sys.stdout.flush()
        await stop.wait()


def described(config: Config) -> str:
    """The OpenAPI document of this configuration, as JSON text."""
    rooms = opened_rooms(config)
    try:
        (page,) = (one for one in routes(rooms) if one.path == about.DESCRIPTION)
        made = page.handler(Call(None, {}, Nothing(), Nothing(), now_ms()))
    finally:
        rooms.database.close()
    assert isinstance(made.body, bytes)  # noqa: S101  the route's own answer
    return made.body.decode()


def _tls(section: ApiSection) -> ssl.SSLContext:
    try:
        return context(ServerTls(section.certificate, section.key, section.clients))
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"api: {error}") from error


def _section(config: Config) -> ApiSection:
    if config.api is None:
        raise ConfigError("api: this section is not in the configuration")
    return config.api


def _today() -> str:
    return moment(now_ms()).astimezone(JST).date().isoformat()


def _bulk_desk(rooms: Rooms, commit: Commit) -> Bulk:
    secret, downloads = bulk_secret(rooms.config), rooms.config.downloads
    return bulk_desk(rooms.stores, secret, downloads, commit)


def _checked(
    stores: Stores, exceptional: ModeRooms
) -> Callable[[FacilityCode, RequestId], Entry | None]:
    """A visit of the last 24 hours here, continuing care that goes on, an online
    visit, or whom staff found in a disaster."""

    def checked(facility: FacilityCode, handle: RequestId) -> Entry | None:
        visit = stores.ledger.verification_at(facility, handle)
        if visit is not None:
            return stores.registry.person(visit.person)
        found = exceptional.visits.person(facility, handle)
        found = found or exceptional.finding.person(facility, handle)
        if found is not None:
            return stores.registry.person(found)
        care = stores.eligibility.continuing(facility, handle)
        if care is None or care.ended is not None:
            return None
        return stores.registry.person(care.person)

    return checked
