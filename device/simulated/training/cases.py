"""The twelve cases, in the order of the list."""

from collections.abc import Mapping

from device.simulated.training.case import Case
from device.simulated.training.cases_card import (
    ONE_TRY_LEFT,
    OTHER_CARD,
    PIN_BLOCKED,
    PIN_LESS,
    SLEEVE,
)
from device.simulated.training.cases_person import CARD_OUT, MASK, STRANGER
from device.simulated.training.cases_registry import (
    EXPIRED,
    LINE_CUT,
    NOT_FOUND,
    UNREGISTERED,
)

CASES: tuple[Case, ...] = (
    SLEEVE,
    OTHER_CARD,
    ONE_TRY_LEFT,
    PIN_BLOCKED,
    PIN_LESS,
    STRANGER,
    MASK,
    CARD_OUT,
    EXPIRED,
    UNREGISTERED,
    NOT_FOUND,
    LINE_CUT,
)
BY_ID: Mapping[str, Case] = {case.id: case for case in CASES}
