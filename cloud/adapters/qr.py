"""QR codes (ISO/IEC 18004), drawn by segno: no network, no other library."""

from io import BytesIO
from typing import Final

import segno

PNG: Final = "image/png"
SVG: Final = "image/svg+xml"
_SCALE: Final = 8
_BORDER: Final = 4
"""Modules of quiet zone, as the standard wants."""


def drawn(text: str, media: str) -> bytes:
    """As SVG, or PNG. Error correction M at least: it will be printed and folded."""
    kind = "svg" if media == SVG else "png"
    out = BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(out, kind=kind, scale=_SCALE, border=_BORDER)
    return out.getvalue()
