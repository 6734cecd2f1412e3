"""The use cases of a tap: verify, register, consent. Reads; the ledger writes.

Nothing here changes anything: what is to happen is returned as one `Settled`, which
the ledger commits before its answer leaves.
"""

import hashlib
from dataclasses import replace
from itertools import chain

from cloud.access.answers import receipt, refusal, verification_answer
from cloud.access.certificate import (
    CardAuthorities,
    CardCertificate,
    ChainError,
    moment,
)
from cloud.access.circumstances import Circumstances, Ordinary
from cloud.access.decide import Decided, Terms, decide, refused
from cloud.access.draft import Draft, Question, settled
from cloud.access.grace import GraceRule
from cloud.access.ledger import (
    VERIFICATION_STANDS_MS,
    Ledger,
    Settled,
    Verification,
)
from cloud.consent.link import Link, Links
from cloud.consent.model import Consent, Pressed, well_formed
from cloud.consent.service import Consents
from cloud.eligibility.model import JST, eligibility
from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import Target, Watch, begun, worth_watching
from cloud.facilities.service import Facilities
from cloud.registry.benefits import SpecifiedDisease
from cloud.registry.model import Entry
from cloud.registry.service import Registry
from protocol.catalogue import Code
from protocol.codec import decode_request, encode
from protocol.codes import CareKind, Decision, Outcome
from protocol.errors import WireError
from protocol.exchange import asked_of
from protocol.freshness import check_asker, check_lifetime
from protocol.ids import ReaderId, RequestId
from protocol.keys import Signer
from protocol.messages import (
    ConsentRequest,
    PatientLink,
    RegistrationRequest,
    VerificationBody,
    VerificationRequest,
)
from protocol.proof import proven

DISEASE_ITEM = "specified_disease"


class Handler:
    def __init__(
        self,
        *,
        registry: Registry,
        consents: Consents,
        facilities: Facilities,
        authorities: CardAuthorities,
        ledger: Ledger,
        signer: Signer,
        grace: GraceRule = GraceRule.FROM_MONTH_END,
        circumstances: Circumstances | None = None,
        links: Links | None = None,
    ) -> None:
        self._registry = registry
        self._consents = consents
        self._facilities = facilities
        self._authorities = authorities
        self._ledger = ledger
        self._signer = signer
        self._grace = grace
        self._circumstances = circumstances or Ordinary()
        self._links = links

    def settle(
        self, message: bytes, reader_id: ReaderId, envelope: bytes, now_ms: int
    ) -> Settled:
        """Decide on one genuine request. Raises WireError for one without an id."""
        request = decode_request(message)
        reader = self._facilities.reader(reader_id)
        question = Question(
            request,
            asked_of(request),
            hashlib.sha256(message).digest(),
            reader,
            now_ms,
            self._circumstances.reader(reader, now_ms),
        )
        draft = self._draft(question)
        if question.here.mode:
            # In one place, so that no kind of answer can leave without its mark.
            marked = draft.answer.model_copy(update={"mode": question.here.mode})
            draft = replace(draft, answer=marked)
        answer, result = proven(
            encode(draft.answer), question.reader.facility, now_ms, self._signer
        )
        return settled(question, envelope, draft, answer, result)

    def _draft(self, question: Question) -> Draft:
        try:
            check_asker(question.asked, question.reader.id)
            check_lifetime(question.asked, question.now_ms)
        except WireError as error:
            return _no(question, error.code)
        if question.here.closed:
            return _no(question, Code.SUBSTITUTE_REVOKED)
        verifies = isinstance(question.request, VerificationRequest)
        if question.here.eligibility_only and not verifies:
            return _no(question, Code.NOT_IN_PROFILE)
        match question.request, question.asked:
            case VerificationRequest() as request, VerificationBody() as body:
                return self._verification(question, request, body)
            case RegistrationRequest() as request, _:
                return self._registration(question, request)
            case ConsentRequest() as request, _:
                return self._consent(question, request)
        return _no(question, Code.MALFORMED)

    # -- verification ----------------------------------------------------------
    def _verification(
        self, question: Question, request: VerificationRequest, body: VerificationBody
    ) -> Draft:
        if not question.here.lets(body.method):
            return _answered(question, refused(Code.NOT_IN_PROFILE))
        policy = self._facilities.policy(question.reader)
        if not policy.enough(body.method, body.terminal):
            return _answered(question, refused(Code.TERMINAL_PROOF_REFUSED))
        now = moment(question.now_ms)
        try:
            card = self._authorities.open(body.certificate, now)
        except ChainError:
            return _answered(question, refused(Code.CHAIN_BROKEN))
        if not card.signed(request.card_signature, request.body):
            return _answered(question, refused(Code.CARD_SIGNATURE_BAD))
        holder = self._registry.holder(card.fingerprint, card.subject_key)
        decided = decide(
            holder.person if holder else None,
            card.not_after,
            now,
            self._terms(question),
        )
        care = question.here.care(body.care)
        draft = self._decided(question, decided, holder, _expiry_ms(card), care)
        return replace(draft, watch=_watch(question, decided, card))

    def _decided(
        self,
        question: Question,
        decided: Decided,
        holder: Entry | None,
        certificate_expires: int,
        care: CareKind,
        *also: RequestId,
    ) -> Draft:
        """A decision on a genuine card, kept for this request and those `also`."""
        standing = {}
        if holder and decided.asks:
            facility = question.reader.facility
            standing = self._consents.standing(facility, holder.id)
        answer = verification_answer(
            question.asked,
            question.hash,
            decided,
            now_ms=question.now_ms,
            certificate_expires=certificate_expires,
            standing=standing,
        )
        if holder is None or decided.outcome is Outcome.REFUSED:
            return Draft(answer, person=holder.id if holder else None)
        kept = Verification(
            question.reader.id,
            question.asked.request_id,
            holder.id,
            decided.outcome,
            decided.asks,
            question.now_ms,
            certificate_expires,
            care,
        )
        others = tuple(replace(kept, request=request) for request in also)
        return Draft(
            answer,
            verifications=(kept, *others),
            continuing=_continuing(question, kept),
            person=holder.id,
        )

    # -- registration ----------------------------------------------------------
    def _registration(self, question: Question, request: RegistrationRequest) -> Draft:
        """利用登録, then the same rules again for the person who is now registered."""
        earlier = self._standing(question, request.verification)
        holder = self._registry.person(earlier.person) if earlier else None
        if earlier is None or holder is None:
            return _no(question, Code.UNKNOWN_VERIFICATION)
        decided = decide(
            replace(holder.person, registered=True, registered_until=None),
            moment(earlier.certificate_expires),
            moment(question.now_ms),
            self._terms(question),
        )
        draft = self._decided(
            question,
            decided,
            holder,
            earlier.certificate_expires,
            earlier.care,
            request.verification,
        )
        if decided.outcome is not Outcome.ACCEPTED:
            return draft
        return replace(draft, registers=holder.id)

    # -- consent ---------------------------------------------------------------
    def _consent(self, question: Question, request: ConsentRequest) -> Draft:
        earlier = self._standing(question, request.verification)
        if earlier is None or earlier.outcome is not Outcome.ACCEPTED:
            return _no(question, Code.UNKNOWN_VERIFICATION)
        pressed = tuple(Pressed(one.item, one.decision) for one in request.decisions)
        if not well_formed(pressed, earlier.asked):
            return _no(question, Code.MALFORMED)
        consents = self._consents.settle(
            pressed,
            facility=question.reader.facility,
            person=earlier.person,
            request=request.request_id,
            care=earlier.care,
            # No reader presses in the future, whatever its clock says.
            pressed_at=min(request.issued_at, question.now_ms),
            decided_at=question.now_ms,
        )
        page, link = self._page(question, earlier, consents)
        answer = receipt(
            request,
            question.hash,
            consents,
            question.now_ms,
            self._diseases(earlier, consents, question.now_ms),
            page,
        )
        return Draft(
            answer,
            consents=consents,
            data_keys=self._consents.keys(consents),
            link=link,
            person=earlier.person,
        )

    def _page(
        self, question: Question, earlier: Verification, consents: tuple[Consent, ...]
    ) -> tuple[PatientLink | None, Link | None]:
        """For who pressed something: else nobody is there to be shown a link."""
        silent = all(one.decision is Decision.UNANSWERED for one in consents)
        if self._links is None or silent:
            return None, None
        opening, link = self._links.make(
            question.reader.facility,
            earlier.person,
            question.asked.request_id,
            question.now_ms,
        )
        url = self._links.url(opening)
        return PatientLink(url=url, word=opening.word, until=link.until), link

    def _terms(self, question: Question) -> Terms:
        if question.here.eligibility_only:
            return Terms((), self._grace)
        items = self._facilities.consent_items(question.reader.facility)
        return Terms(items, self._grace)

    def _diseases(
        self, earlier: Verification, consents: tuple[Consent, ...], now_ms: int
    ) -> tuple[SpecifiedDisease, ...]:
        """特定疾病療養受療証: by card, and with a yes (U9)."""
        granted = {one.item for one in consents if one.opens(now_ms)}
        if DISEASE_ITEM not in granted:
            return ()
        holder = self._registry.person(earlier.person)
        if holder is None or holder.person.hold:
            return ()
        day = moment(now_ms).astimezone(JST).date()
        found = eligibility(holder.person.insurances, day)
        held = (one.benefits.on(day).diseases for one in found.insurances)
        return tuple(chain.from_iterable(held))

    def _standing(self, question: Question, request: RequestId) -> Verification | None:
        found = self._ledger.verification(question.reader.id, request)
        if found is None or question.now_ms - found.at >= VERIFICATION_STANDS_MS:
            return None
        return found


def _expiry_ms(card: CardCertificate) -> int:
    return int(card.not_after.timestamp() * 1000)


def _watch(question: Question, decided: Decided, card: CardCertificate) -> Watch | None:
    """What time may mend is looked for again, until it can be answered."""
    if decided.cause is None or not worth_watching(decided.cause):
        return None
    target = (Target.CARD, card.fingerprint.hex())
    where = question.reader.facility
    handle = question.asked.request_id
    return begun(where, handle, target, decided.cause, question.now_ms)


def _continuing(question: Question, kept: Verification) -> ContinuingCare | None:
    """The first check of a home visit lets the facility ask again without the card."""
    accepted = kept.outcome is Outcome.ACCEPTED
    if not accepted or kept.care is not CareKind.HOME_VISIT:
        return None
    where = question.reader.facility
    return ContinuingCare(where, kept.person, kept.request, question.now_ms)


def _answered(question: Question, decided: Decided) -> Draft:
    return Draft(
        verification_answer(
            question.asked, question.hash, decided, now_ms=question.now_ms
        )
    )


def _no(question: Question, code: Code) -> Draft:
    return Draft(refusal(question.asked, question.hash, code.value, question.now_ms))
