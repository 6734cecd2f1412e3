"""[session]: any number of device.session.policy.Policy, within bounds."""

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from device.session.policy import Policy
from device.session.state import State

_SECONDS: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(gt=0, le=600)])
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
    bounds: Any = Annotated[kind, Field(gt=0, le=600)]
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
