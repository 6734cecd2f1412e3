"""A person as Patient. Pure."""

from typing import Any, Final

from cloud.fhir import systems
from cloud.registry.fictitious import fictitious
from cloud.registry.model import Person
from protocol.codes import Sex

_GENDER: Final = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.NOT_SET: "unknown"}
TEST_DATA: Final = systems.coding(systems.HL7 + "v3-ActReason", "HTEST")
"""Marks who is fictitious, and all that is theirs."""


def patient(person: Person, handle: str) -> dict[str, Any]:
    names = ((person.name, "IDE"), (person.name_kana, "SYL"))
    made: dict[str, Any] = {
        "resourceType": "Patient",
        "id": handle,
        **marked(fictitious=fictitious(person)),
        "name": [_name(text, form) for text, form in names if text],
        "gender": _GENDER[person.sex],
        "birthDate": person.birth_date.isoformat(),
    }
    if person.address or person.post_number:
        texts = {"text": person.address, "postalCode": person.post_number}
        shown = {name: text for name, text in texts.items() if text}
        made["address"] = [{**shown, "country": "JP"}]
    return made


def marked(*, fictitious: bool, **meta: Any) -> dict[str, Any]:
    """`meta`, if there is anything in it."""
    security = {"security": [TEST_DATA]} if fictitious else {}
    whole = {**meta, **security}
    return {"meta": whole} if whole else {}


def reference(handle: str) -> dict[str, Any]:
    return {"reference": f"Patient/{handle}"}


def _name(text: str, form: str) -> dict[str, Any]:
    extension = {"url": systems.KANA, "valueCode": form}
    return {"extension": [extension], "use": "official", "text": text}
