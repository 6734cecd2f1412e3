"""Refusals of this room."""

from protocol.catalogue import Code


class ModeError(Exception):
    """Refused, with a code of the catalogue; `detail` names a place, never a value."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code.value} {detail}".strip())
        self.code = code
        self.detail = detail


class ConflictError(Exception):
    """Somebody else changed it in between: look again, then decide."""
