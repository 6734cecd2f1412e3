"""Why a file is not taken, or cannot be written."""

from protocol.catalogue import Code


class OqsError(ValueError):
    """A code of the catalogue and the place in the file; never a value of it."""

    def __init__(self, code: Code, place: str = "") -> None:
        super().__init__(f"{code.value} {place}".strip())
        self.code = code
        self.place = place
