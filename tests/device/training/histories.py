"""What may happen in each case, told in a few words."""

from collections.abc import Mapping

from device.session.state import Ending
from device.simulated.training.cases import BY_ID
from device.simulated.training.happened import Happened, Visited
from protocol.catalogue import Code
from protocol.codes import Decision, Method

FACE = Visited("", Ending.ACCEPTED, Method.FACE)
PIN = Visited("", Ending.ACCEPTED, Method.PIN)
EYES = Visited("", Ending.ACCEPTED, Method.VISUAL)
STOPPED = Visited("", Ending.STOPPED)
TIMED_OUT = Visited("", Ending.REFUSED, None, Code.VISIT_TIMED_OUT)
WRONG_KIND = Visited("", Ending.REFUSED, None, Code.NOT_MY_NUMBER_CARD)
GRACE = Visited("", Ending.ACCEPTED, Method.PIN, Code.GRACE)
NOT_FOUND = Visited("", Ending.REFUSED, Method.PIN, Code.NOT_FOUND)
NO_LINE = Visited("", Ending.PENDING, Method.PIN, Code.BROKER_UNREACHABLE)
ANSWERED = Visited("", Ending.ACCEPTED, Method.FACE, None, {"drugs": Decision.REFUSED})
UNANSWERED = Visited(
    "",
    Ending.ACCEPTED,
    Method.FACE,
    Code.CONSENT_UNANSWERED,
    {"drugs": Decision.GRANTED, "checkup": Decision.UNANSWERED},
)

LOOKED = ("choose_method", "look-uncover", "look", "face_supported", "checking")


def of(*visits: Visited, screens: tuple[str, ...] = LOOKED) -> Happened:
    return Happened(visits, screens)


PASSED: Mapping[str, Happened] = {
    "sleeve": of(PIN),
    "other-card": of(WRONG_KIND, PIN),
    "one-try-left": of(FACE),
    "pin-blocked": of(EYES, screens=("pin_blocked", *LOOKED)),
    "pin-less": of(FACE),
    "stranger": of(STOPPED),
    "mask": of(EYES),
    "card-out": of(ANSWERED),
    "expired": of(GRACE),
    "unregistered": of(FACE),
    "not-found": of(NOT_FOUND),
    "line-cut": of(NO_LINE),
}
FAILED: Mapping[str, Happened] = {
    "sleeve": of(),
    "other-card": of(WRONG_KIND),
    "one-try-left": of(EYES, screens=("choose_method", "call_staff")),
    "pin-blocked": of(TIMED_OUT),
    "pin-less": of(EYES, screens=("pin_blocked", "call_staff")),
    "stranger": of(),
    "mask": of(PIN),
    "card-out": of(UNANSWERED),
    "expired": of(TIMED_OUT),
    "unregistered": of(Visited("", Ending.REFUSED, None, Code.NOT_REGISTERED)),
    "not-found": of(STOPPED),
    "line-cut": of(PIN),
}
IDS = tuple(BY_ID)
