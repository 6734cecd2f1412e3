"""What each address of the page does, as functions: what was asked, what is shown.

Nothing of HTTP beyond words and numbers is known here. A form counts only with the
mark that we put into it; a field that a form does not have is refused.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from cloud.page.model import Visitor
from cloud.page.service import Page, Refused
from protocol.catalogue import Code
from protocol.codes import CONSENT_ITEM_BY_CODE, Decision
from protocol.ids import FacilityCode

STATUS: Final[Mapping[Code, int]] = {
    Code.LINK_GONE: 404,
    Code.WORD_WRONG: 403,
    Code.WORD_TOO_SOON: 429,
    Code.LINK_LOCKED: 403,
    Code.PAGE_CLOSED: 403,
    Code.PAGE_NOT_THERE: 404,
    Code.PAGE_INPUT: 400,
    Code.PAGE_DOWN: 500,
}
_AGAIN: Final = frozenset({Code.WORD_WRONG, Code.WORD_TOO_SOON})
"""After these the patient goes on in the same form."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    now_ms: int
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    session: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A template with its values, or the address to go to."""

    template: str = ""
    here: str = "/"
    """For the language link."""
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    status: int = 200
    to: str = ""
    session: str | None = field(default=None, repr=False)
    """Of a cookie to be set; empty: it ends; None: it stays."""
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class Walk:
    page: Page
    items: Callable[[FacilityCode], tuple[str, ...]]
    """What a facility asks for, for presets."""

    # -- in and out ------------------------------------------------------------------
    def link(self, ask: Ask) -> Shown:
        token = ask.path["token"]
        self.page.knock(token, ask.now_ms)
        return self._word(token)

    def word(self, ask: Ask) -> Shown:
        _only(ask.form, {"link", "mark", "word"})
        token = ask.form.get("link", "")
        self._marked(ask, self.page.mark(token))
        try:
            session = self.page.enter(token, ask.form.get("word", ""), ask.now_ms)
        except Refused as refused:
            if refused.code not in _AGAIN:
                raise
            return self._word(token, refused)
        return Shown(to="/", session=session)

    def end(self, ask: Ask) -> Shown:
        _only(ask.form, {"mark"})
        visitor = self._visitor(ask)
        self._marked(ask, visitor.mark)
        self.page.leave(visitor.link)
        return Shown(to="/closed", session="")

    def closed(self, _ask: Ask) -> Shown:
        return Shown("left", "/closed")

    # -- what is theirs ----------------------------------------------------------------
    def overview(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        places = self.page.overview(visitor.link, ask.now_ms)
        anything = any(one.standing for one in places)
        values = {"visitor": visitor, "places": places, "anything": anything}
        return Shown("overview", "/", values)

    def receipt(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        receipt = self.page.receipt(visitor.link, ask.now_ms)
        return Shown("receipt", "/receipt", {"visitor": visitor, "receipt": receipt})

    def place(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        place = self.page.place(visitor.link, ask.path["facility"], ask.now_ms)
        here = f"/at/{place.facility}"
        return Shown("place", here, {"visitor": visitor, "place": place})

    def seen(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        sheet = ask.query.get("sheet", "1")
        if not (sheet.isascii() and sheet.isdecimal() and len(sheet) <= 6):
            raise Refused(Code.PAGE_NOT_THERE)
        looks = self.page.looks(visitor.link, int(sheet))
        here = f"/seen?sheet={looks.number}"
        return Shown("seen", here, {"visitor": visitor, "looks": looks})

    # -- withdrawal --------------------------------------------------------------------
    def confirm(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        facility, item = _scope(ask.query)
        closing = self.page.closing(visitor.link, facility, item, ask.now_ms)
        here = _address("/withdraw", facility, item)
        return Shown("withdraw", here, {"visitor": visitor, "closing": closing})

    def withdraw(self, ask: Ask) -> Shown:
        _only(ask.form, {"mark", "facility", "item"})
        visitor = self._visitor(ask)
        self._marked(ask, visitor.mark)
        facility, item = _scope(ask.form)
        self.page.withdraw(visitor.link, facility, item, ask.now_ms)
        return Shown(to=_address("/withdrawn", facility, item))

    def withdrawn(self, ask: Ask) -> Shown:
        """Says only what the store says: a yes that came later is not hidden."""
        visitor = self._visitor(ask)
        facility, item = _scope(ask.query)
        closing = self.page.closing(visitor.link, facility, item, ask.now_ms)
        if closing.withdrawn_at is None or closing.standing:
            return Shown(to="/")
        here = _address("/withdrawn", facility, item)
        return Shown("withdrawn", here, {"visitor": visitor, "closing": closing})

    # -- beforehand --------------------------------------------------------------------
    def presets(self, ask: Ask) -> Shown:
        visitor = self._visitor(ask)
        facility = FacilityCode(ask.path["facility"])
        found = self.page.presets(visitor.link, facility, self.items(facility))
        shown = replace(found, saved=ask.query.get("saved") == "1")
        here = f"/presets/{found.facility}"
        return Shown("presets", here, {"visitor": visitor, "presets": shown})

    def choose(self, ask: Ask) -> Shown:
        _only(ask.form, {"mark", *CONSENT_ITEM_BY_CODE})
        visitor = self._visitor(ask)
        self._marked(ask, visitor.mark)
        facility = ask.path["facility"]
        wishes = {one: text for one, text in ask.form.items() if one != "mark"}
        try:
            decisions = {item: Decision(text) for item, text in wishes.items()}
        except ValueError:
            raise Refused(Code.PAGE_INPUT) from None
        self.page.choose(visitor.link, facility, decisions, ask.now_ms)
        return Shown(to=f"/presets/{facility}?saved=1")

    # -- within ------------------------------------------------------------------------
    def _visitor(self, ask: Ask) -> Visitor:
        return self.page.visitor(ask.session, ask.now_ms)

    def _word(self, token: str, refused: Refused | None = None) -> Shown:
        values = {"token": token, "mark": self.page.mark(token), "refused": refused}
        here = f"/R/{token}"
        if refused is None:
            return Shown("word", here, values)
        status = STATUS[refused.code]
        return Shown("word", here, values, status, wait_s=refused.wait_s)

    def _marked(self, ask: Ask, mark: str) -> None:
        given = ask.form.get("mark", "")
        if not hmac.compare_digest(given.encode(), mark.encode()):
            raise Refused(Code.PAGE_CLOSED)


def problem(refused: Refused, *, inside: bool) -> Shown:
    """A refusal as a page. `inside`: a session is open, there is a way back."""
    values = {"refused": refused, "back": inside}
    status = STATUS.get(refused.code, 400)
    return Shown("problem", "/", values, status, wait_s=refused.wait_s)


def _only(form: Mapping[str, str], fields: set[str]) -> None:
    if set(form) - fields:
        raise Refused(Code.PAGE_INPUT)


def _scope(said: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Facility and item; empty is every one. An item stands at a facility."""
    facility, item = said.get("facility") or None, said.get("item") or None
    if item is not None and (facility is None or item not in CONSENT_ITEM_BY_CODE):
        raise Refused(Code.PAGE_NOT_THERE)
    return facility, item


def _address(path: str, facility: str | None, item: str | None) -> str:
    given = {"facility": facility, "item": item}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{path}?{query}" if query else path
