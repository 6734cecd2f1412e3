"""A picture that somebody sends, as bytes of bounded size; in memory only."""

from aiohttp import web

from device.simulated.web.guard import BadInputError

TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/jp2"})


async def picture_of(request: web.Request, most_bytes: int) -> bytes:
    """Raises BadInputError for another kind, HTTPRequestEntityTooLarge."""
    if request.content_type not in TYPES:
        raise BadInputError("send a JPEG, PNG, WebP or JPEG 2000 picture")
    _bounded(request.content_length or 0, most_bytes)
    data = await request.read()
    _bounded(len(data), most_bytes)
    return data


def _bounded(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise web.HTTPRequestEntityTooLarge(most_bytes, size)
