"""How a simulated part is told to end."""

import asyncio
import signal


def told_to_end() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM from now on; for the loop that runs."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    return told
