"""Dates, times and numbers as the exchange writes them: digits without separators."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from protocol.catalogue import Code
from protocol.oqs.errors import OqsError

JST: Final = timezone(timedelta(hours=9), "JST")
INSURER_WIDTH: Final = 8
_TIME: Final = re.compile(r"[0-9]{14}", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{8}", re.ASCII)
_PERCENT: Final = re.compile(r"[0-9]{1,3}", re.ASCII)
_MONTH: Final = re.compile(r"[0-9]{6}", re.ASCII)


def jst_time(unix_ms: int) -> str:
    """yyyyMMddHHmmss in Japan, whatever the machine's own time zone is."""
    moment = datetime.fromtimestamp(unix_ms // 1000, UTC).astimezone(JST)
    return f"{moment:%Y%m%d%H%M%S}"


def jst_date(unix_ms: int) -> str:
    return jst_time(unix_ms)[:8]


def compact_date(iso: str | None) -> str:
    """2026-04-01 becomes 20260401; no date is empty text."""
    return (iso or "").replace("-", "")


def date_text(day: date | None) -> str:
    return compact_date(day.isoformat()) if day else ""


def time_text(unix_ms: int | None) -> str:
    return "" if unix_ms is None else jst_time(unix_ms)


def padded_insurer(number: str) -> str:
    """Six digits stand right in eight places, spaces before them."""
    return number.rjust(INSURER_WIDTH)


def ratio_text(percent: str) -> str:
    """Three digits: 30 is 030. What is no percentage is left out."""
    return percent.zfill(3) if _PERCENT.fullmatch(percent) else ""


def read_date(text: str, place: str) -> date | None:
    """yyyyMMdd; empty is None. Raises OqsError B158."""
    if not text:
        return None
    try:
        if _DATE.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        pass
    raise OqsError(Code.OQS_VALUE, place)


def read_month(text: str, place: str) -> date | None:
    """yyyyMM as its first day; empty is None. Raises OqsError B158."""
    if text and not _MONTH.fullmatch(text):
        raise OqsError(Code.OQS_VALUE, place)
    return read_date(text and f"{text}01", place)


def read_time(text: str, place: str) -> int | None:
    """yyyyMMddHHmmss of Japan as Unix ms; empty is None. Raises OqsError B158."""
    if not text:
        return None
    try:
        if _TIME.fullmatch(text):
            moment = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=JST)
            return int(moment.timestamp()) * 1000
    except ValueError:
        pass
    raise OqsError(Code.OQS_VALUE, place)
