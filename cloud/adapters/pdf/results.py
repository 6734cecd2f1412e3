"""A checkup's result as it is printed: flags are marks, not colours."""

from typing import Final

from cloud.records.judgement import Bounds, Flag
from cloud.records.report import Result

MARKS: Final = {
    Flag.NONE: "",
    Flag.HIGH: "▲",
    Flag.VERY_HIGH: "▲▲",
    Flag.LOW: "▼",
    Flag.VERY_LOW: "▼▼",
}
LEGEND: Final = (
    "▲▼ 保健指導判定値　▲▲▼▼ 受診勧奨判定値に達したもの"
    "（標準的な健診・保健指導プログラム。▲は高い、▼は低い）"
)


def limits(bounds: Bounds) -> str:
    """130／140以上, 40／35未満; empty without judgement values."""
    high = "／".join(one for one in (bounds.high, bounds.very_high) if one)
    low = "／".join(one for one in (bounds.low, bounds.very_low) if one)
    said = (f"{high}以上" if high else "", f"{low}未満" if low else "")
    return "　".join(one for one in said if one)


def shown(result: Result) -> str:
    return result.item.value_name or result.item.value


def marked(result: Result) -> str:
    """▲▲152mmHg, as on page one."""
    unit = "" if result.item.value_name else result.item.unit
    return f"{MARKS[result.flag]}{shown(result)}{unit}"
