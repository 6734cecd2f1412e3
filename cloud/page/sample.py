"""Every page with fictitious data: for a look, and for the tests of the templates."""

from collections.abc import Mapping
from typing import Any, Final

from cloud.audit.words import Words
from cloud.consent.link import Link
from cloud.consent.model import DAY_MS
from cloud.page.model import (
    Closing,
    Line,
    Look,
    Looks,
    Place,
    Presets,
    Receipt,
    Standing,
    State,
    Visitor,
)
from cloud.page.render import Renderer
from cloud.page.service import Refused
from cloud.registry.model import PersonId
from protocol.catalogue import Code
from protocol.codes import DEFAULT_ITEMS, Decision
from protocol.ids import FacilityCode, RequestId
from protocol.proof import printed

NOON: Final = 1_781_492_400_000
"""12:00 on 15 June 2026 in Japan."""
_CLINIC: Final = FacilityCode("9910000003")
_PHARMACY: Final = FacilityCode("9940000017")
_TOKEN: Final = "0123456789ABCDEFGHJKMNPQRS"  # noqa: S105  fictitious
_LINK: Final = Link(
    bytes(32),
    bytes(32),
    _CLINIC,
    PersonId(1),
    RequestId("fictitious"),
    NOON,
    NOON + DAY_MS,
)


def samples() -> Mapping[str, tuple[str, str, Mapping[str, Any]]]:
    """File name -> template, its address, its values."""
    visitor = Visitor(_LINK, fictitious=True, mark="0" * 64)
    own = {"visitor": visitor}
    here, pharmacy = _places()
    word = {"token": _TOKEN, "mark": "0" * 64, "refused": None}
    wrong = Refused(Code.WORD_WRONG, 4, 3)
    drugs = here.standing[:1]
    all_ = Closing(None, None, (*here.standing, *pharmacy.standing))
    one = Closing(_CLINIC, drugs[0].item, drugs)
    done = Closing(_CLINIC, drugs[0].item, (), NOON + 60_000)
    locked = {"refused": Refused(Code.LINK_LOCKED), "back": False}
    return {
        "word": ("word", f"/R/{_TOKEN}", word),
        "word-wrong": ("word", f"/R/{_TOKEN}", {**word, "refused": wrong}),
        "overview": (
            "overview",
            "/",
            {**own, "places": (here, pharmacy), "anything": True},
        ),
        "overview-empty": (
            "overview",
            "/",
            {**own, "places": (Place(_CLINIC, (), here=True),), "anything": False},
        ),
        "receipt": ("receipt", "/receipt", {**own, "receipt": _receipt()}),
        "place": ("place", f"/at/{_CLINIC}", {**own, "place": here}),
        "withdraw-one": ("withdraw", "/withdraw", {**own, "closing": one}),
        "withdraw-all": ("withdraw", "/withdraw", {**own, "closing": all_}),
        "withdraw-nothing": (
            "withdraw",
            "/withdraw",
            {**own, "closing": Closing(None, None)},
        ),
        "withdrawn": ("withdrawn", "/withdrawn", {**own, "closing": done}),
        "presets": ("presets", f"/presets/{_CLINIC}", {**own, "presets": _presets()}),
        "seen": ("seen", "/seen?sheet=2", {**own, "looks": _looks()}),
        "closed": ("left", "/closed", {}),
        "gone": ("problem", "/", {"refused": Refused(Code.LINK_GONE), "back": False}),
        "locked": ("problem", "/", locked),
        "not-there": (
            "problem",
            "/",
            {"refused": Refused(Code.PAGE_NOT_THERE), "back": True},
        ),
    }


def rendered(renderer: Renderer, lang: str) -> dict[str, str]:
    """File name without ending -> HTML."""
    return {
        name: renderer.html(template, lang, here, **values)
        for name, (template, here, values) in samples().items()
    }


def _places() -> tuple[Place, Place]:
    day = NOON + DAY_MS
    here = tuple(Standing(_CLINIC, item, NOON, day) for item in DEFAULT_ITEMS)
    until = Standing(_PHARMACY, "diagnosis_and_drugs", NOON - 9 * DAY_MS, None)
    return Place(_CLINIC, here, here=True), Place(_PHARMACY, (until,))


def _receipt() -> Receipt:
    states = {
        "diagnosis_and_drugs": (State.OPEN, NOON + DAY_MS),
        "operation": (State.REFUSED, None),
        "checkup": (State.WITHDRAWN, NOON + 60_000),
        "allergy": (State.OPEN, None),
        "test_result": (State.UNANSWERED, None),
    }
    lines = tuple(Line(item, *found) for item, found in states.items())
    return Receipt(_CLINIC, NOON, lines, printed("0123456789" * 15))


def _presets() -> Presets:
    chosen = {
        "diagnosis_and_drugs": Decision.GRANTED,
        "operation": Decision.REFUSED,
        "checkup": Decision.UNANSWERED,
    }
    return Presets(_CLINIC, chosen, saved=True)


def _looks() -> Looks:
    read = Words("診療・薬剤情報等の閲覧、診療・薬剤情報", "records were read, drugs")
    asked = Words(
        "資格確認、顔認証、確認できました", "eligibility was checked, by face"
    )
    rows = (
        Look(NOON + 90_000, _CLINIC, read, records=True),
        Look(NOON, _CLINIC, asked, records=False),
        Look(NOON - 9 * DAY_MS, _PHARMACY, asked, records=False),
    )
    return Looks(rows, 2, 3)
