"""The web front as one application, and served on this machine's loopback only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from device.simulated.picture import MOST_BYTES
from device.simulated.preview import Preview
from device.simulated.web.driving import Driving
from device.simulated.web.faults import Faults
from device.simulated.web.guard import add_headers, guard
from device.simulated.web.guest_card import GuestCard
from device.simulated.web.reading import Reading
from device.simulated.web.timeline import Retelling
from device.simulated.web.training import Training
from device.simulated.web.training_scene import SceneSetter
from device.simulated.web.voice import SpokenGuidance
from device.simulated.web.webcam import Webcam
from device.simulated.world import World

LOOPBACK = "127.0.0.1"
GOODBYE_S = 0.5
"""Open event streams are cut off so soon when the reader ends."""


def application(world: World) -> web.Application:
    app = web.Application(middlewares=[guard], client_max_size=MOST_BYTES + 1)
    app.on_response_prepare.append(add_headers)
    app.add_routes(Reading(world, Preview(world)).routes())
    app.add_routes(Retelling(world).routes())
    webcam = Webcam(world)
    app.add_routes(webcam.routes())
    app.add_routes(Driving(world, webcam).routes())
    app.on_cleanup.append(webcam.close)
    if world.voice is not None:
        app.add_routes(SpokenGuidance(world.voice).routes())
    faults = Faults(world)
    app.add_routes(faults.routes())
    app.on_startup.append(faults.as_found)
    training = Training(world, SceneSetter(world, webcam))
    app.add_routes(training.routes())
    app.on_cleanup.append(training.close)
    if world.guest is not None:
        guest_card = GuestCard(world, world.guest, webcam)
        app.add_routes(guest_card.routes())
        app.on_startup.append(guest_card.forgotten)
        app.on_cleanup.append(guest_card.forgotten)
    return app


@asynccontextmanager
async def serving(world: World, port: int) -> AsyncIterator[int]:
    """The page and its interface while open, at http://127.0.0.1:<yielded port>/.

    Port 0 picks a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(
        application(world), access_log=None, shutdown_timeout=GOODBYE_S
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        await site.start()
        address: tuple[str, int] = runner.addresses[0]
        yield address[1]
    finally:
        await runner.cleanup()
