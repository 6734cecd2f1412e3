"""What an insurance carries besides itself: certificates with periods of their own.

Codes are OQSCDnnn values as text, dates are civil dates, amounts are yen.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last valid day; an end that is missing is open."""

    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("a period ends before it begins")

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class ElderlyCertificate:
    """高齢受給者証: the share that a person of 70 to 74 pays."""

    period: Period
    copayment_ratio: str
    """Three digits of percent: "020"."""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class CopaymentLimit:
    """限度額適用認定証."""

    period: Period
    certificate: str
    """OQSCD011."""
    category: str
    """OQSCD012: A01 to A06, B01 to B10."""
    issued: date | None = None
    long_term_from: date | None = None
    """長期入院該当年月日: from here on the long-stay amount of meals applies."""


@dataclass(frozen=True, slots=True)
class SpecifiedDisease:
    """特定疾病療養受療証: told only to who was shown the card (U9)."""

    period: Period
    disease: str
    """OQSCD013: 1 dialysis, 2 haemophilia, 3 HIV."""
    monthly_limit: int
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class PublicExpense:
    """公費負担: who else pays, and what is left to the patient."""

    period: Period
    payer_number: str
    recipient_number: str
    self_pay: int | None = None
    """What the patient pays at most in a month; None: no amount is set."""


@dataclass(frozen=True, slots=True)
class Benefits:
    elderly: tuple[ElderlyCertificate, ...] = ()
    limits: tuple[CopaymentLimit, ...] = ()
    diseases: tuple[SpecifiedDisease, ...] = ()
    public: tuple[PublicExpense, ...] = ()

    def on(self, day: date) -> "Benefits":
        """Those that are valid on the day."""
        return Benefits(
            tuple(one for one in self.elderly if one.period.covers(day)),
            tuple(one for one in self.limits if one.period.covers(day)),
            tuple(one for one in self.diseases if one.period.covers(day)),
            tuple(one for one in self.public if one.period.covers(day)),
        )


NONE = Benefits()
