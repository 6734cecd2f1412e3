"""Values of the records, one to one with the national drug and checkup files.

The names in brackets are the elements of those files (MeTrMonthInf, DrugInf, MeTrInf,
HealthCheckupResultAndQuestionInfo). Quantities and results are text as printed: nobody
calculates with a dose here, and 0.50 must not become 0.5.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from cloud.records.month import Month


class Kind(StrEnum):
    DRUG = "drug"
    TREATMENT = "treatment"
    OPERATION = "operation"
    CHECKUP = "checkup"


ITEM_OF: Final = {
    Kind.DRUG: "diagnosis_and_drugs",
    Kind.TREATMENT: "diagnosis_and_drugs",
    Kind.OPERATION: "operation",
    Kind.CHECKUP: "checkup",
}
"""The consent item (protocol/codes.py) that opens a kind of record."""


class Setting(StrEnum):
    """入外/調剤 (InOut)."""

    OUTPATIENT = "outpatient"
    INPATIENT = "inpatient"
    DISPENSING = "dispensing"
    """From a pharmacy's claim."""

    @property
    def word(self) -> str:
        return {"outpatient": "外来", "inpatient": "入院", "dispensing": "調剤"}[self]


class Form(StrEnum):
    """内服/屯服/外用/注射 (UsageCl, MeTrIdCl)."""

    INTERNAL = "internal"
    AS_NEEDED = "as_needed"
    TOPICAL = "topical"
    INJECTION = "injection"

    @property
    def word(self) -> str:
        return {
            "internal": "内服",
            "as_needed": "屯服",
            "topical": "外用",
            "injection": "注射",
        }[self]


@dataclass(frozen=True, slots=True)
class Institution:
    """Of a prescription (PrlsHNm), a dispensing (MeTrDiHNm) or a treatment."""

    name: str
    code: str = ""
    """医療機関コード; empty when unknown, and in fiction."""


@dataclass(frozen=True, slots=True)
class DrugLine:
    """One drug of one prescription: the ten columns, and by whom."""

    setting: Setting
    """入外/調剤 (InOut)."""
    month: Month
    """診療月 (MeTrMonth)."""
    prescribed_on: date | None
    """処方日 (PrDate)."""
    dispensed_on: date | None
    """調剤日 (DiDate); None when it was not a pharmacy that gave it."""
    usage: str
    """用法 (UsageN)."""
    form: Form
    """内服/屯服/外用/注射 (UsageCl)."""
    brand: str
    """薬剤名(商品名) (DrugN)."""
    generic: str
    """薬剤名(一般名) (IngreN)."""
    quantity: str
    """数量 (Qua1): of one day for 内服, of one time for 屯服, else in all."""
    unit: str
    """単位 (Unit)."""
    times: int
    """回数 (Times): days for 内服, times for 屯服 and 注射, 1 for 外用."""
    prescriber: Institution
    dispenser: Institution | None = None
    code: str = ""
    """DrugC; empty when unknown, and in fiction."""
    fictitious: bool = False

    @property
    def given_on(self) -> date | None:
        return self.dispensed_on or self.prescribed_on


@dataclass(frozen=True, slots=True)
class Treatment:
    """診療情報: one act of one month (MeTrInf)."""

    setting: Setting
    month: Month
    done_on: date | None
    category: str
    """診療識別 (MeTrIdCl), in words: 医学管理, 画像診断, ..."""
    name: str
    """SinInfN."""
    quantity: str
    """Qua1."""
    unit: str
    times: int
    """Times."""
    institution: Institution
    code: str = ""
    """SinInfCd; in fiction the fee table's section (A000)."""
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """手術, which has a consent of its own."""

    setting: Setting
    month: Month
    done_on: date
    name: str
    institution: Institution
    code: str = ""
    """SinInfCd; in fiction the fee table's section (K000)."""
    fictitious: bool = False


class DataType(StrEnum):
    """DataType of a checkup's item."""

    QUANTITY = "PQ"
    CODED = "CO"


@dataclass(frozen=True, slots=True)
class CheckupItem:
    code: str
    """ItemCode: JLAC10, 17 characters."""
    name: str
    value: str
    """DataValue."""
    unit: str = ""
    data_type: DataType = DataType.QUANTITY
    value_name: str = ""
    """DataValueName, of a coded value: はい, －, ..."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """特定健診 (or its like for the elderly) of one day (EffectiveTime)."""

    month: Month
    day: date
    institution: Institution
    items: tuple[CheckupItem, ...]
    fictitious: bool = False


Record = DrugLine | Treatment | Operation | Checkup


def kind_of(record: Record) -> Kind:
    match record:
        case DrugLine():
            return Kind.DRUG
        case Treatment():
            return Kind.TREATMENT
        case Operation():
            return Kind.OPERATION
        case Checkup():
            return Kind.CHECKUP
