"""In a mode: one person is found by name, says what may be read, and it is reviewed.

The use is on the disk before the search is made, and the row of the log before
anything is told. Outage mode ends at eligibility; records open in a disaster only, by
the patient's spoken words or, for the unconscious, by a reason that somebody else
judges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cloud.access.circumstances import Circumstances
from cloud.access.inquire import InquiryAnswer, of_person
from cloud.access.told import advice, result_bytes, told
from cloud.audit.model import Entry, Kind, detail
from cloud.consent.emergency import Emergency, EmergencyRefusedError, Verdict
from cloud.consent.model import DAY_MS, Consent, Origin
from cloud.consent.service import Consents
from cloud.eligibility.cause import Cause
from cloud.facilities.day import day_of
from cloud.modes import use as uses
from cloud.modes import words
from cloud.modes.disaster import Disaster
from cloud.modes.errors import ModeError
from cloud.modes.openings import NOTHING, mark_of, open_here
from cloud.modes.search import Found, NameQuery, search
from cloud.modes.store import Change, ModeStore
from cloud.modes.use import Use
from cloud.registry.model import PersonId
from cloud.registry.service import Registry
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import CONSENT_ITEM_BY_CODE, CareKind, Decision, Validity
from protocol.ids import FacilityCode, RequestId
from protocol.keys import Signer

CASE_STANDS_MS = DAY_MS
"""How long words may be written down for a person who was found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Every method raises ModeError, and ConflictError when somebody was quicker."""

    store: ModeStore
    registry: Registry
    consents: Consents
    circumstances: Circumstances
    signer: Signer
    new_id: Callable[[int], str]

    def by_name(
        self,
        facility: FacilityCode,
        query: NameQuery,
        *,
        staff: str,
        reason: str,
        now_ms: int,
    ) -> dict[str, object]:
        """Eligibility of the one who fits, under the mode's mark; `case` goes on."""
        mode = open_here(self.store, facility, now_ms)
        if mode is None or self.circumstances.facility(facility, now_ms).closed:
            raise ModeError(Code.MODE_NOT_OPEN)
        who, why = words.account(staff), words.reason(reason)
        since = now_ms - uses.WINDOW_MS + 1
        uses.bounded(self.store.searches(facility, who, since))
        handle = self.new_id(now_ms)
        use = Use(handle, mark_of(mode), mode.id, facility, who, why, now_ms)
        self.store.commit(Change(new=(use,)))
        how, person = search(query, self.store.born(query.birth_date, query.sex))
        answer = self._answer(how, person, now_ms)
        shown = answer.entry.id if answer.entry else None
        plain = told(answer, use.mode)
        result = proof.result_hash(result_bytes(plain))
        said = detail(
            mode=use.mode,
            case=use.id,
            by=who,
            outcome="accepted" if answer.person else "refused",
            found=how.value,
            validity=answer.validity.value,
            cause=answer.cause or "",
        )
        entry = Entry(facility, now_ms, Kind.SEARCH, shown, said, result)
        known = uses.found(use, shown, how.value)
        self.store.commit(Change(changed=(known,), entries=(entry,)))
        number = proof.make(facility, now_ms, result, self.signer)
        more = {"advice": advice(answer), "proof": number, "case": use.id}
        return {**plain, **more}

    def spoken(
        self,
        facility: FacilityCode,
        case: str,
        decisions: Mapping[str, Decision],
        *,
        staff: str,
        now_ms: int,
    ) -> Use:
        """The patient's own words to each item; what was not asked opens nothing."""
        use, mode, person = self._case(facility, case, now_ms)
        _known(decisions)
        who = words.account(staff)
        until = self._until(mode, now_ms)
        consents = tuple(
            Consent(
                facility,
                person,
                item,
                decision,
                now_ms,
                now_ms,
                until if decision is Decision.GRANTED else None,
                RequestId(case),
                CareKind.EMERGENCY,
                Origin.SPOKEN,
            )
            for item, decision in sorted(decisions.items())
        )
        said = [f"{one.item}:{one.decision}" for one in consents]
        after = replace(use, spoken=",".join(said), turn=use.turn + 1)
        entry = self._row(after, person, who, said, now_ms)
        self.store.commit(
            Change(
                changed=(after,),
                unchanged=(mode,),
                consents=consents,
                keys=self.consents.keys(consents),
                entries=(entry,),
            )
        )
        return after

    def unconscious(
        self,
        facility: FacilityCode,
        case: str,
        items: tuple[str, ...],
        *,
        staff: str,
        reason: str,
        now_ms: int,
    ) -> Use:
        """同意なし: nobody can be asked. It is on the review list until judged."""
        use, mode, person = self._case(facility, case, now_ms)
        _known(dict.fromkeys(items, Decision.GRANTED))
        who, why = words.account(staff), words.reason(reason)
        until = self._until(mode, now_ms)
        request = RequestId(case)
        try:
            opening, consents = self.consents.emergency(
                Emergency(request, facility, person, items, why, who, now_ms, until)
            )
        except EmergencyRefusedError as error:
            raise ModeError(Code.MODE_INCOMPLETE, str(error)) from None
        after = replace(use, spoken="unconscious", turn=use.turn + 1)
        entry = self._row(
            after, person, who, [f"{one}:granted" for one in items], now_ms
        )
        self.store.commit(
            Change(
                changed=(after,),
                unchanged=(mode,),
                emergency=opening,
                consents=consents,
                keys=self.consents.keys(consents),
                entries=(entry,),
            )
        )
        return after

    def review(self, case: str, verdict: Verdict, *, by: str, now_ms: int) -> Use:
        """Judge one use, once; what was not justified is closed at once."""
        use = self.store.one(Use, case)
        if use is None:
            raise ModeError(Code.NOT_THERE)
        after = uses.reviewed(use, verdict, by=by, now_ms=now_ms)
        said = detail(mode=use.mode, act="reviewed", case=case, by=by, verdict=verdict)
        entry = Entry(use.facility, now_ms, Kind.MODE, None, said, NOTHING)
        closes = (RequestId(case),) if verdict is Verdict.NOT_JUSTIFIED else ()
        self.store.commit(Change(changed=(after,), closes=closes, entries=(entry,)))
        return after

    def person(self, facility: FacilityCode, case: str) -> PersonId | None:
        """Whom this facility found by this case in a disaster."""
        use = self.store.one(Use, case)
        if use is None or use.facility != facility or not use.spoken:
            return None
        return None if use.person_id is None else PersonId(use.person_id)

    def _answer(self, how: Found, person: int | None, now_ms: int) -> InquiryAnswer:
        today = day_of(now_ms)
        if how is Found.SEVERAL:
            return InquiryAnswer(Validity.SEVERAL, today, Cause.SEVERAL_NAMESAKES)
        entry = self.registry.person(PersonId(person)) if person is not None else None
        if entry is None:
            return InquiryAnswer(Validity.NOT_FOUND, today, Cause.NAME_UNKNOWN)
        return of_person(entry, today, limit=False)

    def _case(
        self, facility: FacilityCode, case: str, now_ms: int
    ) -> tuple[Use, Disaster, PersonId]:
        use = self.store.one(Use, case)
        if use is None or use.facility != facility:
            raise ModeError(Code.NOT_THERE, "case")
        mode = self.store.one(Disaster, use.mode_id)
        if mode is None or not mode.open_at(facility, now_ms):
            raise ModeError(Code.MODE_NOT_OPEN)
        if self.circumstances.facility(facility, now_ms).eligibility_only:
            raise ModeError(Code.NOT_IN_PROFILE)
        fresh = now_ms - use.at < CASE_STANDS_MS
        if use.person_id is None or use.spoken or not fresh:
            raise ModeError(Code.WRONG_STATE, "case")
        return use, mode, PersonId(use.person_id)

    def _until(self, mode: Disaster, now_ms: int) -> int:
        """A day, and never past the mode's own end."""
        assert mode.until is not None  # noqa: S101  it is open
        return min(now_ms + DAY_MS, mode.until)

    def _row(
        self, use: Use, person: PersonId, by: str, items: list[str], now_ms: int
    ) -> Entry:
        how = "unconscious" if use.spoken == "unconscious" else "spoken"
        said = detail(mode=use.mode, case=use.id, by=by, how=how, items=items)
        return Entry(use.facility, now_ms, Kind.CONSENT, person, said, NOTHING)


def _known(decisions: Mapping[str, Decision]) -> None:
    if not decisions or not set(decisions) <= set(CONSENT_ITEM_BY_CODE):
        raise ModeError(Code.MODE_INCOMPLETE, "items: see the consent items")
    if Decision.UNANSWERED in decisions.values():
        raise ModeError(Code.WORDS_NEEDED)
