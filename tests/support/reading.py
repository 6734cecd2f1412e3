"""A card's photo as a look awaits it."""

import asyncio


async def read(photo: bytes, after: asyncio.Event | None = None) -> bytes:
    """What the card gives: at once, or when `after` happens."""
    if after is not None:
        await after.wait()
    return photo
