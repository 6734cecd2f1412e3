"""What a client asks, out of a search form or a CoverageEligibilityRequest. Pure.

Either names a person by an identifier of JP_Coverage and their birth date, as a clerk
reads both from a card, or by the id of a Coverage that it was given before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError

from cloud.eligibility.inquiry import NumberQuery
from cloud.fhir import jp, systems

PURPOSES: Final = frozenset({"validation", "benefits"})
BIRTH_DATE: Final = ("beneficiary.birthdate", "beneficiary:Patient.birthdate")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMES: Final = frozenset({"identifier", "_count", "_format", *BIRTH_DATE})


class QuestionError(ValueError):
    """Cannot be read; says where and what is wanted, never what was there."""


def form(raw: bytes) -> dict[str, str]:
    """`application/x-www-form-urlencoded`. Raises QuestionError."""
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(text, True, True, errors="strict", max_num_fields=32)
    except ValueError:
        raise QuestionError("form: not application/x-www-form-urlencoded") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        raise QuestionError("form: a name comes twice")
    return values


def by_form(values: Mapping[str, str]) -> NumberQuery:
    """Of `Coverage/_search`. Raises QuestionError."""
    if not values.keys() <= _NAMES:
        raise QuestionError("form: a search parameter that is not known here")
    born = [values[name] for name in BIRTH_DATE if name in values]
    if len(born) != 1 or "identifier" not in values:
        raise QuestionError(f"form: identifier (system|value) and {BIRTH_DATE[0]}")
    system, _, value = values["identifier"].partition("|")
    return _query(system, value, _day(born[0], BIRTH_DATE[0]))


@dataclass(frozen=True, slots=True)
class Request:
    """A CoverageEligibilityRequest as far as it is a question."""

    purposes: tuple[str, ...]
    query: NumberQuery | None = None
    """By number; None: by `coverage`."""
    coverage: str = ""
    """The id of a Coverage."""
    on: date | None = None
    limit_consent: bool = False
    """限度額: the patient agreed at the desk, says an extension."""

    def __repr__(self) -> str:
        return "Request()"

    @classmethod
    def of(cls, resource: Mapping[str, Any]) -> Self:
        """A resource of that type, checked by its model. Raises QuestionError."""
        purposes = tuple(resource["purpose"])
        if not purposes or not PURPOSES.issuperset(purposes):
            raise QuestionError("purpose: validation and benefits are answered here")
        insurances = resource.get("insurance", ())
        if len(insurances) != 1:
            raise QuestionError("insurance: one")
        if "servicedPeriod" in resource:
            raise QuestionError("servicedPeriod: a day is needed, servicedDate")
        served = resource.get("servicedDate")
        on = _day(served, "servicedDate") if served else None
        consented = _limit_consent(resource)
        named = insurances[0]["coverage"]
        kind, _, handle = named.get("reference", "").rpartition("/")
        if kind.rpartition("/")[2] == "Coverage":
            return cls(purposes, None, handle, on, consented)
        identifier = named.get("identifier", {})
        query = _query(
            identifier.get("system", ""),
            identifier.get("value", ""),
            _day(_birth_date(resource), "patient"),
        )
        return cls(purposes, query, "", on, consented)


class _Typed(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)
    resourceType: str  # noqa: N815  its name in FHIR


def typed(raw: bytes, kind: str) -> dict[str, Any]:
    """JSON of a resource of that type, not yet checked. Raises QuestionError."""
    try:
        found = _Typed.model_validate_json(raw)
    except ValidationError:
        raise QuestionError("body: not JSON of a resource") from None
    if found.resourceType != kind:
        raise QuestionError(f"resourceType: {kind}")
    return found.model_dump()


def _query(system: str, value: str, born: date) -> NumberQuery:
    try:
        who = jp.read(system, value)
    except jp.IdentifierError:
        known = f"{systems.MEMBER_ID} or {systems.CSV_ID}"
        raise QuestionError(f"identifier: system and form of {known}") from None
    return NumberQuery(who.insurer, who.symbol, who.number, born, who.branch)


def _birth_date(resource: Mapping[str, Any]) -> str:
    """Of the Patient who is contained: who asks by number has no id of theirs."""
    reference = resource["patient"].get("reference", "")
    for one in resource.get("contained", ()):
        if one.get("resourceType") == "Patient" and reference == f"#{one.get('id')}":
            return str(one.get("birthDate", ""))
    raise QuestionError("patient: #id of a contained Patient with birthDate")


def _limit_consent(resource: Mapping[str, Any]) -> bool:
    return any(
        one.get("url") == systems.LIMIT_CONSENT and one.get("valueBoolean") is True
        for one in resource.get("extension", ())
    )


def _day(text: str, place: str) -> date:
    wanted = QuestionError(f"{place}: a whole date, YYYY-MM-DD")
    if not _DAY.fullmatch(text):
        raise wanted
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wanted from None
