"""Persons, insurances, links and holds of a load as rows of tables, and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from cloud.adapters.benefits_json import benefits, benefits_text
from cloud.eligibility.model import JST
from cloud.registry.model import LinkKind
from cloud.registry.resident import HoldKind
from cloud.registry.rows import CoverKey, Row
from cloud.registry.standing import Cover, Standing
from cloud.registry.values import folded, folded_number, insurer_key


def lookup_of(key: CoverKey) -> str:
    """As registry.model.lookup_key, of what is folded already."""
    insurer, symbol, number, _ = key
    return f"{insurer}|{number.lstrip('0')}|{symbol}"


def stored_cover(row: Sequence[Any]) -> Cover:
    _, start, end, kind, insurer, relationship, symbol, number, branch = row[:9]
    insured, loss, ratio, limit, more = row[9:]
    key = (
        insurer_key(insurer),
        folded(symbol),
        folded_number(number),
        folded(branch),
    )
    return Cover(
        key,
        start,
        end,
        kind,
        insurer,
        relationship,
        symbol,
        number,
        branch,
        insured,
        loss,
        ratio,
        limit,
        benefits(more),
    )


def by_reference(fresh: tuple[Row, HoldKind | None]) -> bytes:
    return fresh[0].reference


def fresh_person(person: int, row: Row, kind: HoldKind | None) -> tuple[Any, ...]:
    """In the order of the table's columns, as `new_person` says them by name."""
    return (
        person,
        row.reference,
        row.name,
        row.name_kana,
        row.sex,
        row.birth_date,
        row.address or "",
        row.post_number or "",
        0,
        int(kind is not None),
        None,
    )


def fresh_cover(person: int, row: Row, names: Mapping[str, str]) -> tuple[Any, ...]:
    """In the order of the table's columns, as `touched_covers` says them by name."""
    return (
        person,
        0,
        row.card_classification,
        row.insurer_number,
        names[row.insurer_key],
        row.relationship,
        row.valid_from,
        row.valid_until,
        row.symbol,
        row.number,
        row.branch,
        row.insured_name or "",
        row.loss_reason,
        row.copayment_ratio or "",
        row.copayment_limit or "",
        0,
        benefits_text(row.benefits) if row.benefits else "",
        lookup_of(row.key),
    )


def new_person(one: Standing) -> dict[str, Any]:
    name, kana, sex, born, address, post = one.details
    return {
        "id": one.id,
        "reference": one.reference,
        "name": name,
        "name_kana": kana,
        "sex": sex,
        "birth_date": born,
        "address": address,
        "post_number": post,
        # Nobody is registered for use by being insured: the person does that.
        "registered": 0,
        "hold": int(bool(one.holds)),
        "registered_until": None,
    }


def changed_person(one: Standing) -> dict[str, Any]:
    details = {f"new_{name}": value for name, value in one.details._asdict().items()}
    return {"person": one.id, "new_hold": int(bool(one.holds)), **details}


def touched_covers(one: Standing, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for place in one.touched:
        cover = one.covers[place]
        key = cover.key
        yield {
            "person_id": one.id,
            "position": place,
            "card_classification": cover.card_classification,
            "insurer_number": cover.insurer_number,
            "insurer_name": names[key[0]],
            "relationship": cover.relationship,
            "valid_from": cover.valid_from,
            "valid_until": cover.valid_until,
            "symbol": cover.symbol,
            "number": cover.number,
            "branch": cover.branch,
            "insured_name": cover.insured_name,
            "loss_reason": cover.loss_reason,
            "copayment_ratio": cover.copayment_ratio,
            "copayment_limit": cover.copayment_limit,
            "unregistered": 0,
            "benefits": benefits_text(cover.benefits),
            "lookup": lookup_of(key),
        }


def new_links(one: Standing) -> Iterator[dict[str, Any]]:
    for value, last_day in one.links:
        yield link(one.id, value, last_day)


def link(person: int, value: bytes, last_day: str | None) -> dict[str, Any]:
    return {
        "value": value,
        "kind": LinkKind.CERTIFICATE.value,
        "person_id": person,
        "not_after": end_of(last_day) if last_day else None,
    }


@lru_cache(1 << 16)
def end_of(day: str) -> int:
    """The last second of an ISO day in Japan, as certificates end (ms)."""
    last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), JST)
    return int(last.timestamp()) * 1000


def opened_holds(one: Standing, now_ms: int) -> Iterator[dict[str, Any]]:
    for insurer, kind in one.opened.items():
        yield hold(one.id, insurer, kind, now_ms)


def hold(person: int, insurer: str, kind: HoldKind, now_ms: int) -> dict[str, Any]:
    return {
        "person_id": person,
        "insurer_key": insurer,
        "kind": kind.value,
        "since": now_ms,
        "how": "",
    }


def closed_holds(one: Standing, now_ms: int) -> Iterator[dict[str, Any]]:
    for insurer in one.closed:
        yield {"person": one.id, "insurer": insurer, "at": now_ms}
