"""Links of the patient's page, their sessions and tries, and what a receipt says."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union,
    union_all,
    update,
)

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new
from cloud.adapters.sql.tables import (
    consent_presets,
    consents,
    consents_unanswered,
    data_keys,
)
from cloud.adapters.sql.tables_page import page_links, page_tries
from cloud.consent.link import Link
from cloud.consent.model import EVERYWHERE, Consent, Origin
from cloud.page.model import Held
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId

_link, _tries = page_links.c, page_tries.c
_LINK = (
    _link.token_hash,
    _link.word_hash,
    _link.facility_code,
    _link.person_id,
    _link.request_id,
    _link.made_at,
    _link.until,
    _link.proof,
)
_HELD = select(*_LINK, _link.tries, _link.next_at)
_BY_TOKEN = Statement(_HELD.where(_link.token_hash == bindparam("token")))
_BY_SESSION = Statement(_HELD.where(_link.session == bindparam("session")))
_BY_WORD = Statement(
    select(*_LINK).where(
        _link.facility_code == bindparam("facility"),
        _link.word_hash == bindparam("word"),
        _link.made_at <= bindparam("now"),
        _link.until > bindparam("now"),
    )
)
_PUT = Statement(insert(page_links))
_REPLACE = Statement(
    delete(page_links).where(
        _link.facility_code == bindparam("facility"),
        _link.person_id == bindparam("person"),
    )
)
# The row must be as it was read: of two tries in one moment, one is taken.
_COUNT = Statement(
    update(page_links)
    .where(
        _link.token_hash == bindparam("token"),
        _link.tries == bindparam("before", type_=Integer),
        _link.next_at == bindparam("waited"),
    )
    .values(tries=bindparam("after", type_=Integer), next_at=bindparam("then"))
)
_OPEN = Statement(
    update(page_links)
    .where(_link.token_hash == bindparam("token"))
    .values(session=bindparam("opened"), tries=0, next_at=0)
)
_CLOSE = Statement(
    update(page_links)
    .where(_link.token_hash == bindparam("token"))
    .values(session=null())
)
_FORGET = Statement(delete(page_links).where(_link.until <= bindparam("now")))
_ANY = Statement(select(_link.made_at).limit(1))
_STAFF = Statement(
    select(_tries.tries, _tries.next_at).where(
        _tries.facility_code == bindparam("facility")
    )
)
_FIRST = insert_new(page_tries)
_COUNT_STAFF = Statement(
    update(page_tries)
    .where(
        _tries.facility_code == bindparam("facility"),
        _tries.tries == bindparam("before", type_=Integer),
        _tries.next_at == bindparam("waited"),
    )
    .values(tries=bindparam("after", type_=Integer), next_at=bindparam("then"))
)


def _of_request(table: Any, *columns: Any) -> Any:
    return select(table.c.item, *columns).where(
        table.c.facility_code == bindparam("facility"),
        table.c.person_id == bindparam("person"),
        table.c.request_id == bindparam("request"),
    )


_said = consents.c
_ANSWERS = Statement(
    union_all(
        _of_request(
            consents,
            _said.decision,
            _said.pressed_at,
            _said.decided_at,
            _said.available_until,
            _said.care,
            _said.origin,
        ),
        _of_request(
            consents_unanswered,
            literal(Decision.UNANSWERED.value, Text),
            consents_unanswered.c.at,
            consents_unanswered.c.at,
            func.nullif(consents_unanswered.c.at, consents_unanswered.c.at),
            literal(CareKind.OUTPATIENT.value, Text),
            literal(Origin.PRESSED.value, Text),
        ),
    )
)
_FACILITIES = Statement(
    union(
        *(
            select(one.c.facility_code).where(one.c.person_id == bindparam("person"))
            for one in (consents, data_keys, consent_presets)
        )
    )
)


class SqlPage:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put_link(self, link: Link) -> None:
        with self._database.transaction():
            place = {"facility": link.facility, "person": link.person}
            self._database.run(_REPLACE, **place)
            write_links(self._database, [link])

    def held(self, token: bytes) -> Held | None:
        return _held(self._database.run(_BY_TOKEN, token=token).fetchone())

    def of_session(self, session: bytes) -> Held | None:
        return _held(self._database.run(_BY_SESSION, session=session).fetchone())

    def living(self, facility: FacilityCode, word: bytes, now_ms: int) -> list[Link]:
        rows = self._database.run(_BY_WORD, facility=facility, word=word, now=now_ms)
        return [_link_of(row) for row in rows]

    def taken(self, facility: FacilityCode, word: bytes, now_ms: int) -> bool:
        return bool(self.living(facility, word, now_ms))

    def count_try(self, before: Held, next_at: int) -> bool:
        changed = self._database.run(
            _COUNT,
            token=before.link.token_hash,
            before=before.tries,
            waited=before.next_at,
            after=before.tries + 1,
            then=next_at,
        )
        return changed.rowcount == 1

    def open_session(self, token: bytes, session: bytes | None) -> None:
        if session is None:
            self._database.run(_CLOSE, token=token)
        else:
            self._database.run(_OPEN, token=token, opened=session)

    def staff_tries(self, facility: FacilityCode) -> tuple[int, int]:
        row = self._database.run(_STAFF, facility=facility).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    def count_staff_try(
        self, facility: FacilityCode, before: tuple[int, int], after: tuple[int, int]
    ) -> bool:
        with self._database.transaction():
            self._database.run(_FIRST, facility_code=facility, tries=0, next_at=0)
            changed = self._database.run(
                _COUNT_STAFF,
                facility=facility,
                before=before[0],
                waited=before[1],
                after=after[0],
                then=after[1],
            )
            return changed.rowcount == 1

    def answers(self, link: Link) -> list[Consent]:
        rows = self._database.run(
            _ANSWERS, facility=link.facility, person=link.person, request=link.request
        )
        return [_answer(link, row) for row in rows]

    def facilities(self, person: PersonId) -> list[FacilityCode]:
        rows = self._database.run(_FACILITIES, person=person)
        return sorted({FacilityCode(code) for (code,) in rows} - {EVERYWHERE})

    def anything(self) -> bool:
        return self._database.run(_ANY).fetchone() is not None

    def forget(self, now_ms: int) -> int:
        with self._database.transaction():
            return self._database.run(_FORGET, now=now_ms).rowcount


def write_links(database: Database, links: Sequence[Link]) -> None:
    """Inside a transaction."""
    database.many(_PUT, [_row(one) for one in links])


def _row(link: Link) -> dict[str, Any]:
    return {
        "token_hash": link.token_hash,
        "word_hash": link.word_hash,
        "facility_code": link.facility,
        "person_id": link.person,
        "request_id": link.request,
        "made_at": link.made_at,
        "until": link.until,
        "proof": link.proof,
        "tries": 0,
        "next_at": 0,
        "session": None,
    }


def _link_of(row: Any) -> Link:
    token, word, facility, person, request, made_at, until, proof = row[:8]
    return Link(
        bytes(token),
        bytes(word),
        FacilityCode(facility),
        PersonId(person),
        RequestId(request),
        made_at,
        until,
        proof,
    )


def _held(row: Any) -> Held | None:
    return Held(_link_of(row), row[8], row[9]) if row else None


def _answer(link: Link, row: Any) -> Consent:
    item, decision, pressed, decided, until, care, origin = row
    return Consent(
        link.facility,
        link.person,
        item,
        Decision(decision),
        pressed,
        decided,
        until,
        link.request,
        CareKind(care),
        Origin(origin),
    )
