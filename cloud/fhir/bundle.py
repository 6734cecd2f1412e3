"""A search's answer as Bundle, a page at a time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

COUNT: Final = 50
MOST: Final = 200
"""Entries of a page, however many are wanted."""


@dataclass(frozen=True, slots=True)
class Page:
    """`_count`, and which page of so many; the first is 1."""

    count: int = COUNT
    number: int = 1


@dataclass(frozen=True, slots=True)
class Links:
    """Where the pages of an answer stand."""

    base: str
    """This interface's address, without a slash at its end."""
    kind: str
    """The type of resource that is searched."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Never what names a person by a number. Empty: there is one page only."""

    def of(self, page: Page, total: int) -> list[dict[str, str]]:
        made = [self._link("self", page, page.number)]
        if self.query and 0 < page.count * page.number < total:
            made.append(self._link("next", page, page.number + 1))
        if self.query and page.number > 1:
            made.append(self._link("previous", page, page.number - 1))
        return made

    def _link(self, relation: str, page: Page, number: int) -> dict[str, str]:
        paged = {"_count": str(page.count), "page": str(number)} if self.query else {}
        text = urlencode({**self.query, **paged}, safe="/")
        url = f"{self.base}/{self.kind}" + (f"?{text}" if text else "")
        return {"relation": relation, "url": url}


def searchset(
    found: Sequence[Mapping[str, Any]],
    links: Links,
    page: Page | None = None,
    *,
    beside: Sequence[Mapping[str, Any]] = (),
    remarks: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Without a page everything is on the only one."""
    part = page or Page(max(len(found), 1))
    first = (part.number - 1) * part.count
    matches = found[first : first + part.count]
    made: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": links.of(part, len(found)),
    }
    entries = [
        *(_entry(links.base, one, "match") for one in matches),
        *(_entry(links.base, one, "include") for one in beside),
        *({"resource": one, "search": {"mode": "outcome"}} for one in remarks),
    ]
    return {**made, "entry": entries} if entries else made


def _entry(base: str, resource: Mapping[str, Any], mode: str) -> dict[str, Any]:
    url = f"{base}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}
