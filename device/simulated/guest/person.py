"""The thirteenth patient: made-up papers, and a face that only a visitor brings."""

from functools import cache
from importlib import resources

from device.simulated.persona import Persona


@cache
def guest() -> Persona:
    """Insured like the twelve. `head` says nothing: nobody renders this face."""
    file = resources.files("device.simulated") / "guest" / "guest.json"
    return Persona.model_validate_json(file.read_text("utf-8"))
