"""Online visits: a ticket made, presented by the patient's device, fetched once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cloud.access.certificate import (
    CardAuthorities,
    CardCertificate,
    ChainError,
    moment,
)
from cloud.access.circumstances import Circumstances
from cloud.access.decide import Decided, Terms, decide, refused
from cloud.access.grace import GraceRule
from cloud.access.inquire import InquiryAnswer
from cloud.access.told import advice, result_bytes, told
from cloud.audit.model import Entry, Kind, detail
from cloud.consent.model import Consent, Pressed, well_formed
from cloud.consent.service import Consents
from cloud.eligibility.cause import Cause
from cloud.facilities.day import day_of
from cloud.modes import online
from cloud.modes.errors import ModeError
from cloud.modes.online import Ticket
from cloud.modes.openings import NOTHING
from cloud.modes.store import Change, ModeStore
from cloud.registry.model import Entry as Holder
from cloud.registry.model import PersonId
from cloud.registry.service import Registry
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import CareKind, Outcome, Validity
from protocol.errors import WireError
from protocol.ids import FacilityCode, RequestId
from protocol.keys import Signer
from protocol.online import TICKET_BYTES, OnlinePresentation, decode, ticket_hash


class OnlineSettings(Protocol):
    def online_care(self, facility: FacilityCode) -> bool:
        """Switched on, after its terms were accepted. What nobody set is off."""
        ...


class ConsentItems(Protocol):
    def consent_items(self, facility: FacilityCode) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What the patient's device shows before the card is presented."""

    facility: FacilityCode
    items: tuple[str, ...]
    expires_at: int


@dataclass(frozen=True, slots=True)
class Visits:
    """Every method raises ModeError, and ConflictError when somebody was quicker."""

    store: ModeStore
    registry: Registry
    consents: Consents
    items: ConsentItems
    settings: OnlineSettings
    circumstances: Circumstances
    authorities: CardAuthorities
    signer: Signer
    new_id: Callable[[int], str]
    random: Callable[[int], bytes]
    grace: GraceRule = GraceRule.FROM_MONTH_END

    def make(
        self, facility: FacilityCode, *, staff: str, now_ms: int
    ) -> tuple[bytes, Ticket]:
        """The ticket, shown once to be handed to the patient."""
        self._allowed(facility, now_ms)
        ticket = self.random(TICKET_BYTES)
        visit = RequestId(self.new_id(now_ms))
        hashed = ticket_hash(ticket)
        made = online.make(hashed, facility, staff=staff, visit=visit, now_ms=now_ms)
        self.store.commit(Change(new=(made,)))
        return ticket, made

    def asked(self, ticket: bytes, now_ms: int) -> Asked:
        found = self._ticket(ticket_hash(ticket))
        if found.presented_at is not None or now_ms >= found.expires_at:
            raise ModeError(Code.TICKET_OVER)
        items = self.items.consent_items(found.facility)
        return Asked(found.facility, items, found.expires_at)

    def present(self, body: bytes, signature: bytes, now_ms: int) -> Decided:
        """Only an accepting answer spends the ticket. `body`: what the card signed."""
        try:
            shown = decode(body)
        except WireError:
            raise ModeError(Code.MALFORMED) from None
        ticket = self._ticket(shown.ticket)
        online.presentable(ticket, shown, now_ms)
        self._allowed(ticket.facility, now_ms)
        card, holder, decided = self._decided(ticket, shown, body, signature, now_ms)
        if card is None or holder is None or decided.outcome is not Outcome.ACCEPTED:
            self.store.commit(
                Change(entries=(self._row(ticket, decided, holder, (), now_ms),))
            )
            return decided
        consents = self._settled(ticket, shown, decided, holder, now_ms)
        expires = int(card.not_after.timestamp() * 1000)
        after = online.presented(ticket, holder.id, expires, now_ms)
        self.store.commit(
            Change(
                changed=(after,),
                consents=consents,
                keys=self.consents.keys(consents),
                entries=(self._row(ticket, decided, holder, consents, now_ms),),
            )
        )
        return decided

    def fetch(
        self, facility: FacilityCode, ticket: bytes, now_ms: int
    ) -> dict[str, object]:
        """Eligibility and what was consented to: once, and only where it was made."""
        found = self._ticket(ticket_hash(ticket), facility)
        after = online.fetched(found, now_ms)
        holder = self.registry.person(PersonId(after.person_id or 0))
        answer = self._answer(holder, after, now_ms)
        mode = self.circumstances.facility(facility, now_ms).mode
        plain = told(answer, mode)
        result = proof.result_hash(result_bytes(plain))
        said = detail(
            act="fetched",
            care=CareKind.ONLINE,
            validity=answer.validity.value,
            cause=answer.cause or "",
            outcome="accepted" if answer.person else "refused",
            mode=mode,
        )
        person = holder.id if holder else None
        entry = Entry(facility, now_ms, Kind.VERIFICATION, person, said, result)
        self.store.commit(Change(changed=(after,), entries=(entry,)))
        number = proof.make(facility, now_ms, result, self.signer)
        return {
            **plain,
            "advice": advice(answer),
            "proof": number,
            "handle": after.visit,
        }

    def person(self, facility: FacilityCode, visit: RequestId) -> PersonId | None:
        """Who presented for this visit here, while its records may be read with it."""
        for one in self.store.of(Ticket, facility):
            if one.visit == visit and one.person_id is not None:
                return PersonId(one.person_id)
        return None

    def _allowed(self, facility: FacilityCode, now_ms: int) -> None:
        here = self.circumstances.facility(facility, now_ms)
        if here.closed:
            raise ModeError(Code.SUBSTITUTE_REVOKED)
        if here.eligibility_only:
            raise ModeError(Code.NOT_IN_PROFILE)
        if not self.settings.online_care(facility):
            raise ModeError(Code.ONLINE_NOT_SET)

    def _ticket(self, hashed: bytes, facility: FacilityCode | None = None) -> Ticket:
        found = self.store.one(Ticket, hashed)
        if found is None:
            code = Code.TICKET_OVER if facility is None else Code.NOT_THERE
            raise ModeError(code)
        if facility is not None and found.facility != facility:
            raise ModeError(Code.NOT_THERE)
        return found

    def _decided(
        self,
        ticket: Ticket,
        shown: OnlinePresentation,
        body: bytes,
        signature: bytes,
        now_ms: int,
    ) -> tuple[CardCertificate | None, Holder | None, Decided]:
        """The order of the rules of a tap: nothing about a person before the card."""
        now = moment(now_ms)
        try:
            card = self.authorities.open(shown.certificate, now)
        except ChainError:
            return None, None, refused(Code.CHAIN_BROKEN)
        if not card.signed(signature, body):
            return None, None, refused(Code.CARD_SIGNATURE_BAD)
        holder = self.registry.holder(card.fingerprint, card.subject_key)
        terms = Terms(self.items.consent_items(ticket.facility), self.grace)
        person = holder.person if holder else None
        return card, holder, decide(person, card.not_after, now, terms)

    def _settled(
        self,
        ticket: Ticket,
        shown: OnlinePresentation,
        decided: Decided,
        holder: Holder,
        now_ms: int,
    ) -> tuple[Consent, ...]:
        """都度: to this visit, and to no other."""
        pressed = tuple(Pressed(one.item, one.decision) for one in shown.decisions)
        if not well_formed(pressed, decided.asks):
            raise ModeError(Code.MALFORMED)
        return self.consents.settle(
            pressed,
            facility=ticket.facility,
            person=holder.id,
            request=ticket.visit,
            care=CareKind.ONLINE,
            pressed_at=min(shown.issued_at, now_ms),
            decided_at=now_ms,
        )

    def _answer(
        self, holder: Holder | None, ticket: Ticket, now_ms: int
    ) -> InquiryAnswer:
        """By the same rules, as of now: nothing of a person was kept meanwhile."""
        today = day_of(now_ms)
        if holder is None:
            return InquiryAnswer(Validity.NOT_FOUND, today, Cause.CARD_UNKNOWN)
        expires = moment(ticket.certificate_expires or 0)
        decided = decide(holder.person, expires, moment(now_ms), Terms((), self.grace))
        validity = decided.validity or Validity.NOT_FOUND
        return InquiryAnswer(
            validity, today, decided.cause, decided.person, decided.insurances, holder
        )

    def _row(
        self,
        ticket: Ticket,
        decided: Decided,
        holder: Holder | None,
        consents: tuple[Consent, ...],
        now_ms: int,
    ) -> Entry:
        said = detail(
            act="presented",
            care=CareKind.ONLINE,
            method="pin",
            outcome=decided.outcome,
            code=decided.code.value if decided.code else "",
            items=[f"{one.item}:{one.decision}" for one in consents],
            mode=self.circumstances.facility(ticket.facility, now_ms).mode,
        )
        person = holder.id if holder else None
        kind = Kind.VERIFICATION
        return Entry(ticket.facility, now_ms, kind, person, said, NOTHING)
