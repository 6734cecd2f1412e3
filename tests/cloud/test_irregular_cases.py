"""The irregular cases of the field, through the whole cloud: one named test for each.

What concerns the registry alone, files, records or the card has its tests there.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from cloud.consent.gate import ConsentClosedError
from cloud.consent.model import DAY_MS
from cloud.consent.service import Consents, Vault
from cloud.eligibility.model import JST
from cloud.main import Stores
from cloud.registry.benefits import Benefits, CopaymentLimit, Period
from cloud.registry.model import Insurance, Person
from cloud.registry.use import last_day_of_use
from protocol.codec import encode
from protocol.codes import CareKind, Decision, Outcome, Validity
from protocol.ids import FacilityCode, ReaderId
from protocol.messages import (
    ConsentDecision,
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    VerificationAnswer,
)
from tests.cloud.world import (
    FACILITY,
    NOON,
    TODAY,
    Box,
    Card,
    World,
    card,
    insurance,
    ms,
    person,
    request_id,
)

MINUTE_MS = 60_000
VAULT = Vault(lambda who, item: f"{who} {item}".encode().ljust(32), bytes(range(64)))


def asked(world: World, who: Card, **changes: object) -> VerificationAnswer:
    answer = world.ask(world.verification(who, **changes))
    assert isinstance(answer, VerificationAnswer)
    return answer


def consent(
    world: World, to: VerificationAnswer, decision: Decision = Decision.GRANTED
) -> ConsentRequest:
    decisions = tuple(
        ConsentDecision(item=ask.item, decision=decision) for ask in to.consent_asks
    )
    return ConsentRequest(
        **world.asked(request_id=request_id(world.now)),  # type: ignore[arg-type]
        verification=to.request_id,
        decisions=decisions,
    )


def known(world: World, who: Person | None = None, **of_card: object) -> Card:
    mine = card(**of_card)  # type: ignore[arg-type]
    world.knows(who or person(), mine)
    return mine


# -- the certificate's age --------------------
@pytest.mark.parametrize(
    ("expired_for", "outcome", "rule"),
    [
        (timedelta(days=1), Outcome.ACCEPTED, "from_month_end"),
        (timedelta(days=89), Outcome.ACCEPTED, "from_month_end"),
        (timedelta(days=123), Outcome.REFUSED, ""),
    ],
)
def test_a_certificate_that_expired_a_day_89_days_and_4_months_ago(
    world: World, expired_for: timedelta, outcome: Outcome, rule: str
) -> None:
    answer = asked(world, known(world, ends=NOON - expired_for))
    assert (answer.outcome, answer.grace_rule) == (outcome, rule)
    assert answer.consent_asks == ()
    assert answer.records_withheld is (outcome is Outcome.ACCEPTED)


def test_the_month_end_rule_says_until_when(world: World) -> None:
    mine = known(world, ends=datetime(2026, 3, 2, 23, 59, 59, tzinfo=JST))
    answer = asked(world, mine)
    assert (answer.grace_until, answer.cause) == ("2026-06-30", "grace")


# -- registration for use --------------------
@pytest.mark.parametrize(
    ("received", "still"),
    [
        (TODAY, True),
        (date(2026, 5, 1), True),
        (date(2026, 4, 30), False),
    ],
)
def test_an_unlinked_card_counts_until_the_end_of_the_next_month(
    world: World, received: date, still: bool
) -> None:
    who = replace(person(), registered_until=last_day_of_use(received))
    answer = asked(world, known(world, who))
    wanted = Outcome.ACCEPTED if still else Outcome.REGISTRATION_NEEDED
    assert answer.outcome is wanted


# -- ages --------------------
@pytest.mark.parametrize(
    ("born", "asked_for"),
    [
        (date(1986, 6, 16), False),  # 39 years and 364 days
        (date(1986, 6, 15), True),  # 40 today
        (date(1986, 6, 14), True),
        (date(2026, 6, 1), False),  # an infant
    ],
)
def test_checkups_are_asked_from_forty(
    world: World, born: date, asked_for: bool
) -> None:
    answer = asked(world, known(world, person(born=born)))
    assert ("checkup" in {ask.item for ask in answer.consent_asks}) is asked_for


def test_somebody_of_the_29th_of_february_is_forty_on_the_1st_of_march(
    world: World,
) -> None:
    mine = known(world, person(born=date(1988, 2, 29)))
    world.now = ms(datetime(2028, 2, 28, 12, 0, tzinfo=JST))
    mine = card(ends=datetime(2029, 1, 1, tzinfo=JST))
    world.knows(person(born=date(1988, 2, 29)), mine)
    items = {ask.item for ask in asked(world, mine).consent_asks}
    assert "checkup" not in items
    world.now += 2 * DAY_MS
    items = {ask.item for ask in asked(world, mine).consent_asks}
    assert "checkup" in items


# -- names --------------------
@pytest.mark.parametrize(
    "name", ["●田　花子", "架空" * 12 + "子", "マリア・ゴンザレス　シルバ（見本花子）"]
)
def test_a_name_is_told_as_it_is_written(world: World, name: str) -> None:
    answer = asked(world, known(world, replace(person(), name=name)))
    assert answer.patient is not None
    assert answer.patient.name == name


# -- insurances --------------------
def with_insurances(*held: Insurance) -> Person:
    return person(insurances=held)


AID = insurance(card_classification="A1", number="9")


@pytest.mark.parametrize(
    ("held", "validity"),
    [
        ((insurance(),), Validity.VALID),
        ((insurance(ends=TODAY - timedelta(days=1)),), Validity.INVALID),
        (
            (insurance(ends=TODAY - timedelta(days=1), loss_reason="03"),),
            Validity.INVALID_NEWER_EXISTS,
        ),
        ((), Validity.NOT_FOUND),
        ((insurance(), insurance()), Validity.SEVERAL),
        ((replace(AID, unregistered=True),), Validity.VALID_UNREGISTERED),
    ],
)
def test_validity_1_to_6(
    world: World, held: tuple[Insurance, ...], validity: Validity
) -> None:
    answer = asked(world, known(world, with_insurances(*held)))
    assert answer.validity is validity
    usable = {Validity.VALID, Validity.VALID_UNREGISTERED}
    assert (answer.patient is not None) is (validity in usable)
    assert bool(answer.cause) is (validity not in usable)


def test_health_insurance_and_assistance_are_told_together(world: World) -> None:
    answer = asked(world, known(world, with_insurances(insurance(), AID)))
    kinds = [one.card_classification for one in answer.qualifications]
    assert (answer.validity, kinds) == (Validity.VALID, ["01", "A1"])


@pytest.mark.parametrize("category", ["A05", "B08"])
def test_a_limit_with_its_long_term_date(world: World, category: str) -> None:
    limit = CopaymentLimit(
        Period(date(2026, 4, 1)), "02", category, long_term_from=date(2026, 5, 1)
    )
    held = replace(insurance(), benefits=Benefits(limits=(limit,)))
    (told,) = asked(world, known(world, with_insurances(held))).qualifications
    assert told.copayment_limit == category
    assert told.limit is not None
    assert told.limit.long_term_from == "2026-05-01"


# -- consent --------------------
def opened(world: World, receipt: object) -> ConsentReceipt:
    assert isinstance(receipt, ConsentReceipt), receipt
    return receipt


def test_consent_on_the_leap_day_lasts_24_hours(world: World) -> None:
    world.now = ms(datetime(2024, 2, 29, 9, 0, tzinfo=JST))
    mine = card(starts=NOON - timedelta(days=1400))
    world.knows(person(insurances=(insurance(date(2020, 4, 1)),)), mine)
    receipt = opened(world, world.ask(consent(world, asked(world, mine))))
    ends = {grant.available_until for grant in receipt.grants}
    assert ends == {ms(datetime(2024, 3, 1, 9, 0, tzinfo=JST))}


@pytest.mark.parametrize("skew_ms", [-2 * MINUTE_MS, 2 * MINUTE_MS])
def test_a_reader_whose_clock_is_off_gets_the_clouds_24_hours(
    world: World, skew_ms: int
) -> None:
    answer = asked(world, known(world))
    request = consent(world, answer)
    skewed = request.model_copy(
        update={
            "issued_at": request.issued_at + skew_ms,
            "expires_at": request.expires_at + 2 * MINUTE_MS + skew_ms,
        }
    )
    receipt = opened(world, world.ask(skewed))
    ends = {grant.available_until for grant in receipt.grants}
    assert ends == {world.now + DAY_MS}


@pytest.mark.parametrize("skew_ms", [-5 * MINUTE_MS, 5 * MINUTE_MS])
def test_a_clock_five_minutes_off_is_not_believed(world: World, skew_ms: int) -> None:
    mine = known(world)
    world.now += skew_ms
    message = world.verification(mine)
    sealed = world.box.seal(_bytes(message), world.now)
    world.now -= skew_ms
    world.serve(sealed)
    assert world.stores.ledger.counts() == []


def _bytes(message: object) -> bytes:

    return encode(message)  # type: ignore[arg-type]


def test_another_facilitys_reader_cannot_build_on_this_verification(
    world: World,
) -> None:
    answer = asked(world, known(world))
    stranger = Box(world.keys, ReaderId("reader-elsewhere"))
    elsewhere = replace(stranger.enrolled, facility=FacilityCode("1310000016"))
    world.stores.facilities.put_readers([elsewhere])
    world.box = stranger
    refused = world.ask(consent(world, answer))
    assert isinstance(refused, Refusal)


def test_two_nurses_with_the_same_patient_hold_one_consent(world: World) -> None:
    """Same facility, two units: the last press stands, and both read by it."""
    mine = known(world)
    visits = [asked(world, mine, care=CareKind.HOME_VISIT) for _ in range(2)]
    opened(world, world.ask(consent(world, visits[0])))
    world.now += MINUTE_MS
    opened(world, world.ask(consent(world, visits[1], Decision.REFUSED)))
    holder = world.stores.registry.linked(mine.link)
    assert holder is not None
    last = world.stores.consents.last(FACILITY, holder.id)
    assert {one.decision for one in last.values()} == {Decision.REFUSED}
    assert world.stores.consents.opened(holder.id) == ()


def test_out_of_order_the_older_yes_opens_nothing(stores: Stores) -> None:
    world = World(stores)
    mine = known(world)
    answer = asked(world, mine)
    older = consent(world, answer)
    world.now += 1000
    newer = consent(world, answer, Decision.REFUSED)
    world.ask(newer)
    late = opened(world, world.ask(older))
    assert {grant.decision for grant in late.grants} == {Decision.REFUSED}
    holder = stores.registry.linked(mine.link)
    assert holder is not None
    gate = Consents(stores.consents, VAULT).gate(
        facility=FACILITY,
        person=holder.id,
        item="operation",
        visit=None,
        now_ms=lambda: world.now,
    )
    with pytest.raises(ConsentClosedError):
        gate.key()
