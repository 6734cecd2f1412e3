"""[session]: any number of device.session.policy.Policy, within bounds."""

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from device.session.policy import Policy
from device.session.state import State

_SECONDS: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(gt=0, le=600)])
_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "most_extensions": (1, 100),
        "slow_after": (0.1, 1.0),
        "pace_step": (1.0, 3.0),
        "pace_most": (1.0, 10.0),
        "listening_pace": (1.0, 10.0),
        "alarm_after_s": (0.1, 60.0),
        "alarm_every_s": (1.0, 600.0),
    }
)
"""The others: more than 0, at most 600."""
_LEAST_WARNING_S = 20.0
"""WCAG 2.2.1. A simulated reader may be hasty: nobody stands before it."""
_SET_ELSEWHERE = MappingProxyType(
    {
        "mode": "face.mode",
        "terminal": "card.terminal",
        "lang": "reader.language",
        "simulated": "reader.simulated",
    }
)


class SessionError(Exception):
    """One key of [session] that cannot be taken."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(key, reason)
        self.key = key
        self.reason = reason


def session_policy(given: Mapping[str, Any], policy: Policy) -> Policy:
    """The policy with what [session] says instead. Raises SessionError."""
    known = {field.name: field for field in fields(Policy)}
    for key, value in given.items():
        if key in _SET_ELSEWHERE:
            raise SessionError(key, f"is set by {_SET_ELSEWHERE[key]}")
        if key not in known:
            raise SessionError(key, "unknown key")
        new: Any = _waits(value) if key == "waits_s" else _number(policy, key, value)
        policy = replace(policy, **{key: new})
    return policy


def _number(policy: Policy, key: str, value: object) -> float | int:
    kind = type(getattr(policy, key))
    least, most = _BOUNDS.get(key, (None, 600))
    if key == "warning_s" and not policy.simulated:
        least = _LEAST_WARNING_S
    field: Any = Field(gt=0, le=most) if least is None else Field(ge=least, le=most)
    bounds: Any = Annotated[kind, field]
    try:
        number: float | int = TypeAdapter(bounds).validate_python(value, strict=True)
    except ValidationError as error:
        raise SessionError(key, error.errors()[0]["msg"]) from None
    return number


def _waits(value: object) -> Mapping[State, float]:
    waits = dict(Policy().waits_s)
    if not isinstance(value, dict):
        raise SessionError("waits_s", "is a table of seconds")
    states = {state.value: state for state in waits}
    for name, seconds in value.items():
        # TOML wants quotes around a key with a space: an underline does as well.
        plain = name.replace("_", " ")
        if plain not in states:
            raise SessionError(f"waits_s.{name}", "unknown key")
        try:
            waits[states[plain]] = _SECONDS.validate_python(seconds, strict=True)
        except ValidationError as error:
            raise SessionError(f"waits_s.{name}", error.errors()[0]["msg"]) from None
    return MappingProxyType(waits)
