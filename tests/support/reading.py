"""A card's photo as a look awaits it."""

import asyncio

from device.ports import CardPhoto


async def read(photo: CardPhoto, after: asyncio.Event | None = None) -> CardPhoto:
    """What the card gives: at once, or when `after` happens."""
    if after is not None:
        await after.wait()
    return photo
