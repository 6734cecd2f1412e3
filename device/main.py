"""The composition root: from a configuration to a running reader.

Every part is named here once and given what it needs; no other room looks for one.
"""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from random import SystemRandom

import structlog

from device.adapters.clock import SystemClock
from device.adapters.keystore_file import (
    open_cloud_keys,
    open_issuer_keys,
    open_signer,
    storage_key,
)
from device.adapters.lockout_file import LockoutFile
from device.adapters.mqtt import BrokerAddress, MqttTransport, Presence
from device.adapters.outbox_sqlite import SqliteOutbox
from device.adapters.systemd import Notifier
from device.bridge.folder import FolderDesk
from device.card_slot import configured_slot
from device.config import Config
from device.curtain import curtain
from device.face.decision import ModeError
from device.front_parts import Front
from device.health import Health
from device.main_parts import front
from device.ports import Camera, CardSlot, Clock, PartError
from device.requests import Asking
from device.runtime import Reader
from device.sight import FaceSight, open_sight
from device.timeline import Timeline
from device.turning import Turning
from device.uplink.at_rest import AtRest
from device.uplink.channel import Channel, Identity
from device.uplink.client import CloudUplink
from device.visit_log import VisitLog
from protocol.catalogue import Code

PARTS = 3
"""The face, the way to the cloud, the card: what is opened while somebody waits."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Base:
    """What a reader has before anything is opened."""

    config: Config
    clock: Clock
    health: Health
    visits: VisitLog
    timeline: Timeline
    storage_key: bytes = field(repr=False)
    """Of everything that this reader keeps on its disk."""


async def run(config: Config, environment: Mapping[str, str]) -> None:
    """Until cancelled. PartError for a part that cannot be opened."""
    clock = SystemClock()
    config.reader.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = storage_key(config.storage_key, secrets.token_bytes)
    base = Base(config, clock, Health(clock), VisitLog(), Timeline(), key)
    notifier = Notifier(environment)
    async with AsyncExitStack() as stack:
        # The front first: whoever waits before the screen learns what is missing.
        parts = await stack.enter_async_context(
            front(config, clock, base.visits, base.timeline)
        )
        simulated, home = config.reader.simulated, config.reader.home
        words = config.policy.lang
        screen = curtain(parts.panel, words, home, simulated=simulated)
        tried = await stack.enter_async_context(screen)
        sight = await stack.enter_async_context(face_sight(config, parts.camera, clock))
        await tried(1, PARTS)
        uplink = await _uplink(base, stack)
        await tried(2, PARTS)
        slot = await stack.enter_async_context(configured_slot(config))
        await tried(3, PARTS)
        reader = _reader(base, parts, slot, sight, uplink)
        _log.info(
            "reader open",
            reader=config.reader.id,
            simulated=config.reader.simulated,
            card=slot.name,
            face=sight.name,
            mode=sight.mode,
            liveness=sight.liveness,
        )
        standing = [reader.run(), uplink.run(), notifier.beat()]
        if config.bridge is not None:
            # Here, because an HTTP client is no small thing on a Pi without a bridge.
            from device.bridge_parts import exchange

            served = await stack.enter_async_context(exchange(config, clock))
            standing.append(served.run())
        notifier.ready("waiting for a card")
        try:
            async with asyncio.TaskGroup() as tasks:
                for running in standing:
                    tasks.create_task(running)
        finally:
            notifier.stopping()


async def _uplink(base: Base, stack: AsyncExitStack) -> CloudUplink:
    config, clock = base.config, base.clock
    identity = Identity(
        config.reader.id,
        open_signer(config.broker.key),
        open_cloud_keys(config.cloud.signing_key, config.cloud.agreement_key),
    )
    outbox = stack.enter_context(SqliteOutbox(config.outbox))
    chance = SystemRandom().random
    presence = Presence(
        version("shikaku"),
        simulated=config.reader.simulated,
        since_ms=int(clock.now().timestamp() * 1000),
    )
    transport = MqttTransport(
        broker_address(config),
        config.reader.id,
        presence,
        chance=chance,
        rest_s=config.broker.rest_s,
    )
    return CloudUplink(
        Channel(identity, secrets.token_bytes),
        AtRest(base.storage_key, secrets.token_bytes),
        outbox,
        await stack.enter_async_context(transport),
        clock,
        chance=chance,
    )


def _reader(
    base: Base, parts: Front, slot: CardSlot, sight: FaceSight, uplink: CloudUplink
) -> Reader:
    config = base.config
    return Reader(
        clock=base.clock,
        slot=slot,
        printed=parts.printed,
        sight=sight,
        uplink=uplink,
        desk=facility_desk(config),
        panel=parts.panel,
        lights=parts.lights,
        speaker=parts.speaker,
        keypad=parts.keypad,
        authenticator=parts.authenticator,
        issuer_keys=open_issuer_keys(config.card.issuer_keys),
        asking=Asking(config.reader.id),
        random=secrets.token_bytes,
        health=base.health,
        lockout=LockoutFile(config.lockout, base.storage_key, base.clock),
        policy=config.policy,
        log=base.visits,
        timeline=base.timeline,
        voice=parts.voice,
    )


def broker_address(config: Config) -> BrokerAddress:
    at = config.broker
    return BrokerAddress(at.host, at.port, at.ca, at.certificate, at.key)


def facility_desk(config: Config) -> FolderDesk:
    at = config.facility
    return FolderDesk(at.folder, config.reader.facility_code, at.encoding)


def turning(config: Config) -> Turning | None:
    """None: nobody is asked to turn, and the log and the self-test say so."""
    if config.face.liveness == "none":
        return None
    return Turning(secrets.token_bytes, blink=config.face.liveness == "blink")


def face_sight(config: Config, camera: Camera, clock: Clock) -> FaceSight:
    """PartError F204 for the models, D702 for a mode that they do not carry."""
    try:
        return open_sight(
            config.face.models,
            config.face.pack,
            camera,
            clock,
            mode=config.face.mode,
            accepted_records=config.face.accept_indicative,
            false_match_rate=config.face.false_match_rate,
            mirror=config.face.mirror,
            limit_s=config.face.limit_s,
            turning=turning(config),
        )
    except ModeError as error:
        raise PartError(Code.CONFIG_WRONG, f"face.mode: {error}") from error
