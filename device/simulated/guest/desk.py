"""A visitor's card: printed, shown and forgotten. The photograph is in memory only.

It lies in two places while the card exists: here, for the printed side, and on the
card itself, in the tray's memory.
"""

import asyncio
import contextlib
import io
from collections.abc import Callable
from typing import Protocol

from PIL import Image

from device.simulated.changes import Changes
from device.simulated.guest.person import guest
from device.simulated.guest.portrait import FindFaces, portrait
from device.simulated.heads.card import encoded
from device.simulated.tray import TrayRefusedError, TrayUnreachableError


class PrintingTray(Protocol):
    """What prints: device.simulated.tray.SocketTray."""

    async def print(self, card: str, photo: bytes) -> None:
        """Raises TrayUnreachableError, TrayRefusedError."""
        ...

    async def forget(self, card: str) -> None:
        """Raises TrayUnreachableError, TrayRefusedError."""
        ...


class GuestDesk:
    def __init__(
        self, tray: PrintingTray, models: Callable[[], FindFaces], changes: Changes
    ) -> None:
        """`models` opens the face detector when the first picture comes."""
        self._tray = tray
        self._models = models
        self._changes = changes
        self._find: FindFaces | None = None
        self._working = asyncio.Lock()
        self._photo: Image.Image | None = None
        self._printings = 0
        self.person = guest()

    def __repr__(self) -> str:
        return "GuestDesk()"

    @property
    def printed(self) -> int:
        """Number of the printing whose card exists; 0: there is none."""
        return self._printings if self._photo is not None else 0

    @property
    def photo(self) -> Image.Image | None:
        """Grey, 240 x 320, as on the card."""
        return self._photo

    async def proof(self, data: bytes) -> bytes:
        """The card photo that this picture would make, as PNG; nothing is kept.

        Raises PictureError, PortraitError.
        """
        async with self._working:
            return _png(await self._portrait(data))

    async def print(self, data: bytes) -> None:
        """A card with this picture, instead of an earlier one.

        Raises PictureError, PortraitError, TrayUnreachableError, TrayRefusedError.
        """
        async with self._working:
            photo = await self._portrait(data)
            await self._tray.print(self.person.id, encoded(photo))
            self._photo = photo
            self._printings += 1
        self._changes.ring()

    async def forget(self) -> None:
        """Drop the photograph and the card. A tray that has neither is no fault."""
        async with self._working:
            self._photo = None
            with contextlib.suppress(TrayRefusedError):
                await self._tray.forget(self.person.id)
        self._changes.ring()

    async def close(self) -> None:
        """Forget, also when the tray is gone already: then its memory is too."""
        with contextlib.suppress(TrayUnreachableError):
            await self.forget()

    async def _portrait(self, data: bytes) -> Image.Image:
        return await asyncio.to_thread(self._made, data)

    def _made(self, data: bytes) -> Image.Image:
        self._find = self._find or self._models()
        return portrait(data, self._find)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
