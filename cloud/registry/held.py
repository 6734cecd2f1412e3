"""An insurance and who holds it in one flat row, as text: for many at once.

Entries are the registry's values; making them costs several times what finding them
does. Whoever looks up thousands decides the ordinary ones on these rows.
"""

from typing import NamedTuple


class Held(NamedTuple):
    """Found by `key`; dates are ISO text, so that they compare as they are."""

    key: str
    """The lookup key that was asked for."""
    person: int
    name: str
    name_kana: str
    sex: str
    birth_date: str
    address: str
    post_number: str
    hold: int
    lookup: str
    """Of this insurance: a person's others come along."""
    card_classification: str
    insurer_number: str
    insurer_name: str
    relationship: str
    valid_from: str
    valid_until: str | None
    symbol: str
    number: str
    branch: str
    insured_name: str
    loss_reason: str
    copayment_ratio: str
    copayment_limit: str
    unregistered: int
    benefits: str
    """JSON; empty for the many who have none."""

    def __repr__(self) -> str:
        """No person: a value may meet a log or a traceback."""
        return "Held()"
