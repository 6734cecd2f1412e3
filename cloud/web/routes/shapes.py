"""What a facility is told without a tap (cloud.access.told), as models for OpenAPI."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from cloud.web.problem import Lines
from cloud.web.route import Shape


class PeriodShape(Shape):
    valid_from: date
    valid_until: date | None


class ElderlyShape(PeriodShape):
    copayment_ratio: str


class LimitShape(PeriodShape):
    certificate: str
    """OQSCD011."""
    category: str
    """OQSCD012, A01 to B10."""
    long_term_from: date | None


class PublicExpenseShape(PeriodShape):
    payer_number: str
    recipient_number: str
    self_pay: str | int | None


class QualificationShape(Shape):
    card_classification: str
    insurer_number: str
    insurer_name: str
    symbol: str
    number: str
    branch: str
    relationship: str
    insured_name: str
    valid_from: date
    valid_until: date | None
    loss_reason: str
    copayment_ratio: str | int | None
    copayment_limit: str
    elderly: list[ElderlyShape]
    limits: list[LimitShape]
    public_expenses: list[PublicExpenseShape]


class PatientShape(Shape):
    name: str
    name_kana: str
    birth_date: date
    sex: str
    address: str
    post_number: str


class AdviceShape(Shape):
    """Why not valid, and what to say and do."""

    cause: Lines
    staff: Lines
    patient: Lines
    rechecked: bool


class ChangeShape(Shape):
    field: str
    """Where, as in this answer; several entries are told apart by their number."""
    before: str
    """As this facility was shown it; empty: it was not there."""
    now: str
    ja: str
    en: str


class ChangesShape(Shape):
    """What to look at before saving: against what this facility saw last."""

    state: Literal["first_seen", "unchanged", "changed"]
    since: int | None
    """When that was (Unix ms)."""
    fields: list[ChangeShape]


class EligibilityShape(Shape):
    validity: str
    """OQSCD006."""
    on: date
    cause: str
    patient: PatientShape | None
    qualifications: list[QualificationShape]
    advice: AdviceShape | None = None
    proof: str
    """Proof number: verified offline by `shikaku-cloud proof verify`."""
    mode: str = ""
    """Given while an exceptional mode was open here: outage or disaster."""
    reference_number: str = ""
    """照会番号: the facility's own number of the patient; empty: none."""
    handle: str = ""
    """What a question that is watched is known by, in the facility's notices."""
    watched: bool = False
    changes: ChangesShape | None = None
    """None: nobody was found, or the answer is as of another day."""


PRINTED = r"^[^\x00-\x1f\x7f]*$"
"""No card has control characters, and PostgreSQL takes no NUL."""
Digits = Annotated[str, Field(min_length=1, max_length=40, pattern=PRINTED)]
Mark = Annotated[str, Field(max_length=40, pattern=PRINTED)]


class NumberShape(Shape):
    """As printed on the card; widths do not matter, zeros do."""

    insurer_number: Digits
    number: Digits
    birth_date: date
    symbol: Mark = ""
    """Empty where there is none."""
    branch: Annotated[str, Field(max_length=4, pattern=PRINTED)] = ""
    """Empty where there is none: not 00."""
    limit_consent: bool = False
    """限度額: the patient agreed at the desk."""
    on: date | None = None
    """As of which day; none: today in Japan."""
