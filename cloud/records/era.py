"""Years as Japanese papers write them (元号)."""

from datetime import date
from typing import Final

_ERAS: Final = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1868, 1, 25), "明治"),
)


def in_era(day: date) -> str:
    """昭和30年3月3日; before 明治 the year stays as it is."""
    for since, name in _ERAS:
        if day >= since:
            year = day.year - since.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return f"{day.year}年{day.month}月{day.day}日"
