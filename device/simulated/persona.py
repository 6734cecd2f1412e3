"""A fictitious patient: what is printed on the card, and what the registry knows.

The twelve that ship stand in `personas/*.json`, special cards in `specials/*.json`.
Nobody here exists: names are made up, insurers carry the prefix of the fictitious test
insurer, heads are rendered. Dates are relative, so that the one who turns 40 today does
so every day.
"""

from datetime import date, timedelta
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Insurance(Value):
    """What the registry holds; absent for a person whom it does not find."""

    insurer_number: str
    insurer_name: str
    card_classification: str = "01"
    symbol: str = ""
    number: str
    branch: str = ""
    relationship: Literal["1", "2"] = "1"
    copayment_ratio: str = "030"
    copayment_limit: str = ""
    since_days: int = 400
    """Days before today on which the insurance began."""


class Persona(Value):
    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    name: str
    name_kana: str
    name_roman: str
    sex: Literal["1", "2"]
    age: int
    days_past_birthday: int
    """0: the birthday is today; 364 or so: it is tomorrow."""
    address: str
    post_number: str
    pin: Annotated[str, Field(pattern=r"^(\d{4})?$")]
    """Empty: the card has none."""
    pin_tries_left: Annotated[int, Field(ge=0, le=3)] = 3
    security_code: Annotated[str, Field(pattern=r"^\d{4}$")]
    certificate_expired_days: int | None = None
    """Days since the authentication certificate expired; None: it is valid."""
    registered: bool = True
    """Registered for use as an insurance card (利用登録)."""
    insurance: Insurance | None
    story_ja: str
    story_en: str
    """What is special about this visit, for the card tray."""
    head: dict[str, int | float | list[int]] = Field(default_factory=dict)
    """Parameters of the rendered head (device/simulated/heads)."""
    head_of: str = ""
    """The patient whose head this one has, to whom nothing else is common."""
    situation: str = ""
    """What is special about the card itself (card/situations.py); "": nothing."""

    def born(self, today: date) -> date:
        """The birth date that makes the age true today."""
        day = today - timedelta(days=self.days_past_birthday)
        try:
            return day.replace(year=day.year - self.age)
        except ValueError:
            return day.replace(year=day.year - self.age, day=28)


def personas() -> tuple[Persona, ...]:
    """The shipped patients, in the order of the card tray."""
    return _read("personas")


def specials() -> tuple[Persona, ...]:
    """Special cards, the tray's second row. Each has the head of one of the twelve.

    Heads take seconds to render, and these stories are about the card.
    """
    heads = {persona.id: persona.head for persona in personas()}
    return tuple(
        one.model_copy(update={"head": heads[one.head_of]}) for one in _read("specials")
    )


def everybody() -> tuple[Persona, ...]:
    """Whoever has a card on the tray: the patients, then the special cards."""
    return (*personas(), *specials())


def _read(name: str) -> tuple[Persona, ...]:
    folder = resources.files("device.simulated") / name
    files = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".json")),
        key=lambda item: item.name,
    )
    return tuple(Persona.model_validate_json(item.read_text("utf-8")) for item in files)
