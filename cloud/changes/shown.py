"""What an answer without a tap shows of a person, in groups. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from cloud.access.told import Plain
from cloud.changes.model import LISTED, Fields, Seen
from cloud.registry.model import ASSISTANCE
from protocol.numbers import fold

PATIENT: Final = "patient"
HEALTH: Final = "insurance"
AID: Final = "assistance"
"""医療扶助: stands beside a health insurance."""
SLOTS: Final = (HEALTH, AID)
_LIMIT: Final = ".limit"
_STATE: Final = ".validity"
_NAMES: Final = ("insurer_number", "symbol", "number")


def shown(plain: Plain, *, limit: bool, whole: bool, before: Seen | None) -> Seen:
    """The groups of an answer (`cloud.access.told`) as of the day it was given.

    `limit`: the limit certificate was shown, or would have been. `whole`: all that the
    person holds was asked for, not one insurance of it. An insurance that began before
    the one seen last is none of its groups: who types an old card learns that it is
    over, and what was seen of the new one stays.
    """
    known = before or {}
    groups: dict[str, Fields] = {}
    if plain["patient"]:
        groups[PATIENT] = _texts(plain["patient"])
    held = {_slot(one): one for one in plain["qualifications"]}
    state = {"validity": plain["validity"], "cause": plain["cause"]}
    for slot, one in held.items():
        if _overtaken(one, known.get(slot)):
            continue
        groups |= _insurance(slot, one, limit=limit)
        groups[slot + _STATE] = state
    if whole and not held:
        groups |= {slot + _STATE: state for slot in SLOTS if known.get(slot)}
    if whole and held:
        gone = [slot for slot in SLOTS if known.get(slot) and slot not in held]
        groups |= {slot: {} for slot in gone}
    return groups


def _overtaken(one: Mapping[str, Any], last: Fields | None) -> bool:
    """Whether another insurance, which began later, was seen in its place."""
    if not last:
        return False
    same = all(fold(one[name]) == fold(last.get(name, "")) for name in _NAMES)
    return not same and one["valid_from"] < last.get("valid_from", "")


def _insurance(
    slot: str, one: Mapping[str, Any], *, limit: bool
) -> Iterator[tuple[str, Fields]]:
    certificates = ("elderly", "limits", "public_expenses", "copayment_limit")
    yield slot, _texts({k: v for k, v in one.items() if k not in certificates})
    yield f"{slot}.elderly", _texts(next(iter(one["elderly"]), {}))
    yield f"{slot}.public_expenses", _listed(one["public_expenses"])
    if limit:
        certificate: Mapping[str, Any] = next(iter(one["limits"]), {})
        named = {"copayment_limit": one["copayment_limit"], **certificate}
        yield slot + _LIMIT, _texts(named)


def _listed(expenses: Iterable[Mapping[str, Any]]) -> Fields:
    """By payer, because their order means nothing."""
    return {
        f"{one['payer_number']}{LISTED}{name}": text
        for one in expenses
        for name, text in _texts(one).items()
        if name != "payer_number"
    }


def _slot(one: Mapping[str, Any]) -> str:
    return AID if one["card_classification"] == ASSISTANCE else HEALTH


def _texts(values: Mapping[str, Any]) -> Fields:
    return {name: "" if value is None else str(value) for name, value in values.items()}
