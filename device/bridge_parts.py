"""The exchange of a configuration, with its real plugs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import SystemRandom

from device.adapters.oqs_http import CloudAddress, http_conveyor
from device.bridge.exchange import Exchange, Pace
from device.bridge.journal import Journal
from device.config import Config
from device.ports import Clock, PartError
from protocol.catalogue import Code


@asynccontextmanager
async def exchange(config: Config, clock: Clock) -> AsyncIterator[Exchange]:
    """Raises PartError D702 without its section or with unusable certificates."""
    at = config.bridge
    if at is None:
        raise PartError(Code.CONFIG_WRONG, "bridge: no such section")
    address = CloudAddress(at.url, at.ca, at.certificate, at.key, at.staff_token)
    async with http_conveyor(address) as conveyor:
        yield Exchange(
            folder=at.folder,
            facility=config.reader.facility_code,
            encoding=config.facility.encoding,
            journal=Journal(config.reader.home / "exchange"),
            conveyor=conveyor,
            clock=clock,
            chance=SystemRandom().random,
            pace=Pace(poll=at.poll_s),
        )
