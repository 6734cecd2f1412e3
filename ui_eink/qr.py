"""A QR code (ISO/IEC 18004) as rows of modules, large enough to be read off e-paper."""

import segno

from ui_eink.layout import DoesNotFitError

QUIET = 4
"""Modules of white around it, as the standard wants."""
LEAST_PX = 4
"""Of a module: 0.8 mm, which a phone reads at arm's length."""


def modules(text: str, side: int) -> tuple[bytes, ...]:
    """Rows of 0 and 1 with the quiet zone, for a square of `side` pixels.

    Raises DoesNotFitError; the text is not in it.
    """
    code = segno.make_qr(text, error="m")
    rows = tuple(bytes(row) for row in code.matrix_iter(border=QUIET))
    if side // len(rows) < LEAST_PX:
        raise DoesNotFitError(f"a QR code of {len(rows)} modules in {side} px")
    return rows
