"""The patient's page: in by link and word; then what is theirs, and its end.

Every question is bound to the person and the facility of the link that the session
belongs to. A withdrawal goes through cloud.consent: the way to the records is destroyed
in that very transaction.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cloud.audit.model import Entry, Kind, detail
from cloud.audit.service import AuditStore
from cloud.audit.words import what
from cloud.consent.link import Link, Links, Opening, token_hash, word_hash, word_of
from cloud.consent.model import Consent, Ended, Origin, Preset
from cloud.consent.service import Consents, ConsentStore
from cloud.page import tries
from cloud.page.model import (
    Closing,
    Held,
    Look,
    Looks,
    Place,
    Presets,
    Receipt,
    Visitor,
    in_item_order,
    line,
    places,
    standing,
)
from cloud.registry.fictitious import fictitious
from cloud.registry.model import Person as RegisteredPerson
from cloud.registry.model import PersonId
from cloud.registry.service import RegistryStore
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.ids import FacilityCode, RequestId, uuid7
from protocol.proof import printed

SHEET: Final = 30
"""Rows of who looked on one page."""
SESSION_BYTES: Final = 32
_SESSION: Final = re.compile(rf"[0-9a-f]{{{2 * SESSION_BYTES}}}")
_NO_RESULT: Final = bytes(32)


class PageStore(Protocol):
    """Links, and what of a person only this page asks. A writer is one transaction."""

    def put_link(self, link: Link) -> None:
        """The person's other links of this facility end: the new one replaces them."""
        ...

    def held(self, token: bytes) -> Held | None:
        """By the token's hash."""
        ...

    def of_session(self, session: bytes) -> Held | None:
        """By the session's hash."""
        ...

    def living(self, facility: FacilityCode, word: bytes, now_ms: int) -> list[Link]:
        """Those that have this word, by its hash, and are not over."""
        ...

    def count_try(self, before: Held, next_at: int) -> bool:
        """One try more, unless somebody else took it meanwhile."""
        ...

    def open_session(self, token: bytes, session: bytes | None) -> None:
        """The link's only session, and its tries begin anew; None: it is closed."""
        ...

    def staff_tries(self, facility: FacilityCode) -> tuple[int, int]:
        """Wrong words of a facility's staff, and when the next may be tried."""
        ...

    def count_staff_try(
        self, facility: FacilityCode, before: tuple[int, int], after: tuple[int, int]
    ) -> bool: ...

    def answers(self, link: Link) -> list[Consent]:
        """What its request said, silence too."""
        ...

    def facilities(self, person: PersonId) -> list[FacilityCode]:
        """Where this person ever answered, or chose beforehand."""
        ...

    def taken(self, facility: FacilityCode, word: bytes, now_ms: int) -> bool: ...

    def forget(self, now_ms: int) -> int:
        """Links that are over; how many."""
        ...


class Refused(Exception):  # noqa: N818  a refusal, as on the wire
    """The page does not do it: a code of the catalogue."""

    def __init__(self, code: Code, wait_s: int = 0, left: int = 0) -> None:
        super().__init__(code.value)
        self.code = code
        self.wait_s = wait_s
        """Until the word may be tried again."""
        self.left = left
        """Tries."""


@dataclass(frozen=True, slots=True)
class Page:
    links: PageStore
    store: ConsentStore
    consents: Consents
    audit: AuditStore
    registry: RegistryStore
    commit: Callable[[Entry], None]
    """A row of the audit log, or it raises."""
    secret: bytes = field(repr=False)
    """`page.key`."""
    random: Callable[[int], bytes] = field(repr=False)

    # -- in and out ------------------------------------------------------------------
    def knock(self, token: str, now_ms: int) -> Held:
        """A living link. Raises Refused LINK_GONE, LINK_LOCKED."""
        digest = token_hash(token)
        held = self.links.held(digest) if digest else None
        if held is None or not held.link.lives(now_ms):
            raise Refused(Code.LINK_GONE)
        if self._owner(held.link) is None:
            raise Refused(Code.LINK_GONE)
        if held.tries >= tries.TRIES:
            raise Refused(Code.LINK_LOCKED)
        return held

    def enter(self, token: str, typed: str, now_ms: int) -> str:
        """A new session; one that was open is closed. Raises Refused.

        The try is counted before the word is looked at, so that no two that come in
        one moment share it.
        """
        held = self.knock(token, now_ms)
        if code := tries.refusal(held.tries, held.next_at, now_ms):
            raise Refused(code, tries.seconds(held.next_at, now_ms))
        word, count = word_of(typed), held.tries + 1
        if word is None:
            # What cannot be a word is a slip of the hand, and tells nobody anything.
            raise Refused(Code.WORD_WRONG, 0, tries.TRIES - held.tries)
        pause = tries.pause_ms(count)
        if not self.links.count_try(held, now_ms + pause):
            raise Refused(Code.WORD_TOO_SOON, pause // 1000)
        link = held.link
        found = word_hash(self.secret, link.facility, word)
        if not hmac.compare_digest(found, link.word_hash):
            if count >= tries.TRIES:
                self._note(link, now_ms, "locked")
                raise Refused(Code.LINK_LOCKED)
            raise Refused(Code.WORD_WRONG, pause // 1000, tries.TRIES - count)
        session = self.random(SESSION_BYTES).hex()
        self._note(link, now_ms, "opened")
        self.links.open_session(link.token_hash, _digest(session))
        return session

    def visitor(self, session: str, now_ms: int) -> Visitor:
        """Whose session it is. Raises Refused PAGE_CLOSED."""
        whole = _SESSION.fullmatch(session)
        held = self.links.of_session(_digest(session)) if whole else None
        if held is None or not held.link.lives(now_ms):
            raise Refused(Code.PAGE_CLOSED)
        owner = self._owner(held.link)
        if owner is None:
            raise Refused(Code.PAGE_CLOSED)
        return Visitor(held.link, fictitious(owner), self.mark(session))

    def mark(self, session: str) -> str:
        """What every form of a session has: nobody else can write such a form."""
        return hmac.digest(self.secret, f"form {session}".encode(), "sha256").hex()

    def leave(self, link: Link) -> None:
        self.links.open_session(link.token_hash, None)

    # -- what is theirs ----------------------------------------------------------------
    def overview(self, link: Link, now_ms: int) -> tuple[Place, ...]:
        opened = self.store.opened(link.person)
        return places(standing((key.scope for key in opened), now_ms), link.facility)

    def place(self, link: Link, facility: str, now_ms: int) -> Place:
        """Raises Refused PAGE_NOT_THERE for one that has nothing to do with them."""
        known = self._known(link, facility)
        for one in self.overview(link, now_ms):
            if one.facility == known:
                return one
        return Place(known, ())

    def receipt(self, link: Link, now_ms: int) -> Receipt:
        last = self.store.last(link.facility, link.person)
        answers = self.links.answers(link)
        lines = in_item_order(line(one, last, now_ms) for one in answers)
        at = min((one.decided_at for one in answers), default=link.made_at)
        return Receipt(link.facility, at, lines, printed(link.proof))

    def looks(self, link: Link, number: int) -> Looks:
        """Who was shown what, the newest first."""
        rows = list(self.audit.of_person(link.person))[::-1]
        sheets = max(1, -(-len(rows) // SHEET))
        number = min(max(number, 1), sheets)
        part = rows[(number - 1) * SHEET : number * SHEET]
        shown = tuple(
            Look(row.at, FacilityCode(row.facility), what(row), row.kind == Kind.READ)
            for row in part
        )
        return Looks(shown, number, sheets)

    # -- the end of it -----------------------------------------------------------------
    def closing(
        self, link: Link, facility: str | None, item: str | None, now_ms: int
    ) -> Closing:
        """What a withdrawal would close now. Raises Refused PAGE_NOT_THERE."""
        known = self._known(link, facility) if facility else None
        opened = standing((key.scope for key in self.store.opened(link.person)), now_ms)
        meant = tuple(
            one
            for one in opened
            if known in {None, one.facility} and item in {None, one.item}
        )
        return Closing(known, item, meant, self._withdrawn_at(link, known, item))

    def withdraw(
        self, link: Link, facility: str | None, item: str | None, now_ms: int
    ) -> int:
        """At once; how many consents ended. Raises Refused PAGE_NOT_THERE."""
        known = self._known(link, facility) if facility else None
        return self._withdraw(link, known, item, now_ms, via="page")

    def withdraw_by_word(self, facility: FacilityCode, typed: str, now_ms: int) -> int:
        """Staff type the patient's word: all of this facility ends. Raises Refused.

        Two living receipts with one word are none: nobody loses what another meant.
        """
        before = self.links.staff_tries(facility)
        if now_ms < before[1]:
            raise Refused(Code.WORD_TOO_SOON, tries.seconds(before[1], now_ms))
        count = tries.counted(*before, now_ms) + 1
        pause = tries.pause_ms(count)
        if not self.links.count_staff_try(facility, before, (count, now_ms + pause)):
            raise Refused(Code.WORD_TOO_SOON, pause // 1000)
        word = word_of(typed)
        kept = word_hash(self.secret, facility, word) if word else b""
        found = self.links.living(facility, kept, now_ms)
        if len({one.person for one in found}) != 1:
            raise Refused(Code.WORD_UNKNOWN, pause // 1000)
        self.links.count_staff_try(facility, (count, now_ms + pause), (0, 0))
        return self._withdraw(found[0], facility, None, now_ms, via="word")

    # -- beforehand --------------------------------------------------------------------
    def presets(self, link: Link, facility: str, items: tuple[str, ...]) -> Presets:
        known = self._known(link, facility)
        chosen = self.store.presets(known, link.person)
        return Presets(
            known,
            {
                item: chosen[item].decision if item in chosen else Decision.UNANSWERED
                for item in items
            },
        )

    def choose(
        self,
        link: Link,
        facility: str,
        decisions: Mapping[str, Decision],
        now_ms: int,
    ) -> None:
        """Silence leaves what was chosen before as it is."""
        known = self._known(link, facility)
        for item, decision in decisions.items():
            if decision is not Decision.UNANSWERED:
                chosen = Preset(known, link.person, item, decision, now_ms)
                self.consents.preset(chosen)

    # -- for who lost theirs -----------------------------------------------------------
    def relink(
        self,
        makes: Links,
        facility: FacilityCode,
        person: PersonId,
        *,
        reason: str,
        staff: str,
        now_ms: int,
    ) -> tuple[Opening, Link]:
        """A new link, and the end of the old ones. Logged before it is handed out."""
        request = self._request(now_ms)
        for old in self._answered(facility, person):
            request = old.request
        opening, link = makes.make(facility, person, request, now_ms)
        self._note(link, now_ms, "made", reason=reason, by=staff)
        self.links.put_link(link)
        return opening, link

    def _answered(self, facility: FacilityCode, person: PersonId) -> list[Consent]:
        """The last answers here, the newest last; what nobody pressed is none."""
        last = self.store.last(facility, person).values()
        pressed = [one for one in last if one.origin is Origin.PRESSED]
        return sorted(pressed, key=lambda one: one.pressed_at)

    # -- within ------------------------------------------------------------------------
    def _owner(self, link: Link) -> RegisteredPerson | None:
        """Nobody under a disclosure hold: their phone may be in the wrong hands."""
        entry = self.registry.person(link.person)
        return None if entry is None or entry.person.hold else entry.person

    def _known(self, link: Link, facility: str) -> FacilityCode:
        if facility == link.facility:
            return link.facility
        for one in self.links.facilities(link.person):
            if one == facility:
                return one
        raise Refused(Code.PAGE_NOT_THERE)

    def _withdraw(
        self,
        link: Link,
        facility: FacilityCode | None,
        item: str | None,
        now_ms: int,
        *,
        via: str,
    ) -> int:
        ended = self.consents.withdraw(
            link.person,
            why=Ended.BY_PATIENT,
            request=self._request(now_ms),
            at=now_ms,
            facility=facility,
            item=item,
        )
        for one in ended:
            said = detail(outcome="accepted", items=[one.item], by="patient", via=via)
            row = Entry(
                one.facility, now_ms, Kind.WITHDRAWAL, one.person, said, _NO_RESULT
            )
            self.commit(row)
        return len({(one.facility, one.item) for one in ended})

    def _withdrawn_at(
        self, link: Link, facility: FacilityCode | None, item: str | None
    ) -> int | None:
        """When something of this was last withdrawn."""
        where = [facility] if facility else self.links.facilities(link.person)
        times = [
            one.pressed_at
            for place in where
            for one in self.store.last(place, link.person).values()
            if one.origin is Origin.WITHDRAWN and item in {None, one.item}
        ]
        return max(times, default=None)

    def _note(self, link: Link, now_ms: int, outcome: str, **more: str) -> None:
        said = detail(outcome=outcome, **more)
        row = Entry(link.facility, now_ms, Kind.LINK, link.person, said, _NO_RESULT)
        self.commit(row)

    def _request(self, now_ms: int) -> RequestId:
        return RequestId(uuid7(now_ms, self.random(10)))


def _digest(session: str) -> bytes:
    return hashlib.sha256(session.encode()).digest()
