"""A listener for strangers: with patience, bounds, and TLS where it has some."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from typing import Final

from aiohttp import web

from cloud.web.patience import Patience

BACKLOG: Final = 512
HANDSHAKE_S: Final = 10.0
ENDING_S: Final = 3.0
"""What is being answered when the end comes may still be; a slow client may not."""


async def listen(
    app: web.Application,
    patience: Patience,
    where: tuple[str, int],
    tls: ssl.SSLContext | None,
    stack: AsyncExitStack,
) -> str:
    """Serve until the stack ends; the address. `app` tells `patience` of its work.

    No access log: paths hold handles, and of the patient's page half a key.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=ENDING_S)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    assert runner.server is not None  # noqa: S101  set up above
    server = await asyncio.get_running_loop().create_server(
        patience.around(runner.server),
        *where,
        ssl=tls,
        backlog=BACKLOG,
        ssl_handshake_timeout=HANDSHAKE_S if tls else None,
    )
    stack.callback(server.close)
    host, port = server.sockets[0].getsockname()[:2]
    return f"{'https' if tls else 'http'}://{host}:{port}"
