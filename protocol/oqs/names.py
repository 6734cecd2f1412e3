"""The kinds of files and their names, as data.

`<prefix>req_<free part>.xml` is answered by `<prefix>res_<free part>.xml` (or .pdf,
.zip): the same base name. Prefixes as integrators have published them (README).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.catalogue import Code
from protocol.oqs.errors import OqsError

KIB: Final = 1024
SMALL: Final = 64 * KIB
"""Bytes of a request about one person, or of a question for a result."""
LARGE: Final = 64 * KIB * KIB
"""Bytes of 100,000 rows, unpacked."""
LONGEST: Final = 120


class Family(StrEnum):
    """What is asked about whom."""

    SINGLE = "single"
    """One person by 記号番号."""
    BOOKED = "booked"
    """一括照会: those who have an appointment."""
    HOME_VISIT = "home_visit"
    ONLINE = "online"
    ASSISTANCE = "assistance"
    """医療扶助, by month of treatment."""
    PATIENT_NUMBERS = "patient_numbers"
    """照会番号."""
    DRUGS = "drugs"
    CHECKUPS = "checkups"


class Step(StrEnum):
    ASK = "ask"
    """Answered at once."""
    UPLOAD = "upload"
    """Answered with a ReceptionNumber."""
    DOWNLOAD = "download"
    """By the ReceptionNumber."""


class Direction(StrEnum):
    REQUEST = "req"
    RESPONSE = "res"


@dataclass(frozen=True, slots=True)
class Kind:
    prefix: str
    family: Family
    step: Step
    answers: tuple[str, ...] = ("xml",)
    """Extensions of its answer; a refusal is always xml."""
    asks: tuple[str, ...] = ("xml",)
    limit: int = SMALL
    """Bytes of a request."""


def _in_two_steps(prefix: str, family: Family) -> tuple[Kind, Kind]:
    packed = ("xml", "zip")
    return (
        Kind(f"{prefix}01", family, Step.UPLOAD, asks=packed, limit=LARGE),
        Kind(f"{prefix}02", family, Step.DOWNLOAD, answers=packed),
    )


KINDS: Final = (
    Kind("OQSsiquc01", Family.SINGLE, Step.ASK),
    *_in_two_steps("OQSmuquc", Family.BOOKED),
    *_in_two_steps("OQSmuhvq", Family.HOME_VISIT),
    *_in_two_steps("OQSmuonq", Family.ONLINE),
    *_in_two_steps("OQSmutic", Family.ASSISTANCE),
    Kind("OQSsiimm01", Family.PATIENT_NUMBERS, Step.ASK),
    *_in_two_steps("OQSmuimm", Family.PATIENT_NUMBERS),
    Kind("YZKsiquc01", Family.DRUGS, Step.ASK, answers=("xml", "pdf")),
    Kind("TKKsiquc01", Family.CHECKUPS, Step.ASK, answers=("xml", "pdf")),
)
KIND_BY_PREFIX: Final = {kind.prefix: kind for kind in KINDS}

# One plain alphabet: no dot, no slash, no space, nothing that a share renames.
_NAME: Final = re.compile(
    r"(?P<prefix>[A-Za-z]{3,8}[0-9]{2})(?P<direction>req|res)"
    r"_(?P<free>[A-Za-z0-9][A-Za-z0-9_-]*)\.(?P<extension>[A-Za-z]{3})",
    re.ASCII,
)
_PUSHED: Final = "face_"
"""How the free part begins of a result that nobody asked for (a tap)."""


@dataclass(frozen=True, slots=True)
class FileName:
    kind: Kind
    direction: Direction
    free: str
    """What its writer calls it."""
    extension: str
    """In lower case."""
    text: str
    """As it was written."""

    def answer(self, extension: str = "xml") -> str:
        """The name of the response to this request."""
        if self.direction is not Direction.REQUEST or (
            extension not in self.kind.answers and extension != "xml"
        ):
            raise ValueError("no such answer")
        return f"{self.kind.prefix}res_{self.free}.{extension}"

    @property
    def base(self) -> str:
        """Without the extension."""
        return self.text[: -len(self.extension) - 1]

    @property
    def pushed(self) -> bool:
        return self.direction is Direction.RESPONSE and self.free.startswith(_PUSHED)


def file_name(text: str) -> FileName:
    """Take a name apart. Raises OqsError B150 for one that the exchange lacks."""
    found = _NAME.fullmatch(text)
    kind = KIND_BY_PREFIX.get(found["prefix"]) if found else None
    if found is None or kind is None or len(text) > LONGEST:
        raise OqsError(Code.OQS_NAME, "name")
    direction, extension = Direction(found["direction"]), found["extension"].lower()
    asked = direction is Direction.REQUEST
    if extension not in (kind.asks if asked else (*kind.answers, "xml")):
        raise OqsError(Code.OQS_NAME, "extension")
    if asked and found["free"].startswith(_PUSHED):
        # Its answer would be taken for the result of somebody's tap.
        raise OqsError(Code.OQS_NAME, "name")
    return FileName(kind, direction, found["free"], extension, text)


def request_name(text: str) -> FileName:
    """The same for a request. Raises OqsError B150."""
    name = file_name(text)
    if name.direction is not Direction.REQUEST:
        raise OqsError(Code.OQS_NAME, "direction")
    return name
