"""How a checkup's results lie to the judgement values of the national programme.

保健指導判定値 and 受診勧奨判定値 of 標準的な健診・保健指導プログラム, fasting. The
result files carry no judgement, so it is made where they are shown.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from cloud.records.model import CheckupItem
from protocol.codes import Sex


class Flag(StrEnum):
    NONE = ""
    HIGH = "H"
    """保健指導判定値 reached."""
    VERY_HIGH = "HH"
    """受診勧奨判定値 reached."""
    LOW = "L"
    VERY_LOW = "LL"


class Group(StrEnum):
    BODY = "身体計測"
    PRESSURE = "血圧"
    LIPID = "脂質"
    GLUCOSE = "血糖"
    LIVER = "肝機能"
    KIDNEY = "腎・尿"
    BLOOD = "貧血"
    QUESTIONS = "判定・問診"
    OTHER = "その他"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `high` on, or below `low`; the second value is 受診勧奨判定値."""

    high: str = ""
    very_high: str = ""
    low: str = ""
    very_low: str = ""

    def flag(self, value: Decimal) -> Flag:
        if self.very_high and value >= Decimal(self.very_high):
            return Flag.VERY_HIGH
        if self.high and value >= Decimal(self.high):
            return Flag.HIGH
        if self.very_low and value < Decimal(self.very_low):
            return Flag.VERY_LOW
        if self.low and value < Decimal(self.low):
            return Flag.LOW
        return Flag.NONE


@dataclass(frozen=True, slots=True)
class Known:
    """An item of the checkup: its code (JLAC10) and where it is shown."""

    code: str
    group: Group
    bounds: Bounds = Bounds()
    women: Bounds | None = None

    def of(self, sex: Sex) -> Bounds:
        return self.women if self.women and sex is Sex.FEMALE else self.bounds


HEIGHT: Final = "9N001000000000001"
WEIGHT: Final = "9N006000000000001"
BMI: Final = "9N011000000000001"
WAIST: Final = "9N016160100000001"
SYSTOLIC: Final = "9A751000000000001"
DIASTOLIC: Final = "9A761000000000001"
TRIGLYCERIDES: Final = "3F015000002327101"
HDL: Final = "3F070000002327101"
LDL: Final = "3F077000002327101"
GLUCOSE: Final = "3D010000001926101"
HBA1C: Final = "3D046000001906202"
AST: Final = "3B035000002327201"
ALT: Final = "3B045000002327201"
GAMMA_GT: Final = "3B090000002327101"
CREATININE: Final = "3C015000002327101"
EGFR: Final = "8A065000002391901"
URINE_SUGAR: Final = "1A020000000191111"
URINE_PROTEIN: Final = "1A010000000191111"
HAEMOGLOBIN: Final = "2A030000001930101"
METABOLIC: Final = "9N501000000000011"
PRESSURE_DRUGS: Final = "9N701000000000011"
GLUCOSE_DRUGS: Final = "9N706000000000011"
LIPID_DRUGS: Final = "9N711000000000011"
SMOKING: Final = "9N736000000000011"

# Urine strips are coded 1 －, 2 ±, 3 +, 4 ++, 5 +++. Haemoglobin is printed to one
# place and judged "13.0 or less", so the bound is the next step.
KNOWN: Final = (
    Known(HEIGHT, Group.BODY),
    Known(WEIGHT, Group.BODY),
    Known(BMI, Group.BODY, Bounds("25", low="18.5")),
    Known(WAIST, Group.BODY, Bounds("85"), Bounds("90")),
    Known(SYSTOLIC, Group.PRESSURE, Bounds("130", "140")),
    Known(DIASTOLIC, Group.PRESSURE, Bounds("85", "90")),
    Known(TRIGLYCERIDES, Group.LIPID, Bounds("150", "300")),
    Known(HDL, Group.LIPID, Bounds(low="40", very_low="35")),
    Known(LDL, Group.LIPID, Bounds("120", "140")),
    Known(GLUCOSE, Group.GLUCOSE, Bounds("100", "126")),
    Known(HBA1C, Group.GLUCOSE, Bounds("5.6", "6.5")),
    Known(AST, Group.LIVER, Bounds("31", "51")),
    Known(ALT, Group.LIVER, Bounds("31", "51")),
    Known(GAMMA_GT, Group.LIVER, Bounds("51", "101")),
    Known(CREATININE, Group.KIDNEY),
    Known(EGFR, Group.KIDNEY, Bounds(low="60", very_low="45")),
    Known(URINE_PROTEIN, Group.KIDNEY, Bounds("2", "3")),
    Known(URINE_SUGAR, Group.KIDNEY, Bounds("2", "3")),
    Known(
        HAEMOGLOBIN,
        Group.BLOOD,
        Bounds(low="13.1", very_low="12.1"),
        Bounds(low="12.1", very_low="11.1"),
    ),
    Known(METABOLIC, Group.QUESTIONS),
    Known(PRESSURE_DRUGS, Group.QUESTIONS),
    Known(GLUCOSE_DRUGS, Group.QUESTIONS),
    Known(LIPID_DRUGS, Group.QUESTIONS),
    Known(SMOKING, Group.QUESTIONS),
)
BY_CODE: Final = {one.code: one for one in KNOWN}


def judged(item: CheckupItem, sex: Sex) -> Flag:
    """Of an item we know and a value that is a number; else no flag."""
    known = BY_CODE.get(item.code)
    if known is None:
        return Flag.NONE
    try:
        value = Decimal(item.value)
    except InvalidOperation:
        return Flag.NONE
    return known.of(sex).flag(value) if value.is_finite() else Flag.NONE
