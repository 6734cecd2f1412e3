"""Fever clinic and bedside: a day to the millisecond, and until the patient leaves."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.consent.care_place import CARE, PlaceKind, care_at, lifetime
from cloud.consent.gate import ConsentClosedError
from cloud.consent.model import DAY_MS, LIFETIMES, ConsentFlag
from cloud.eligibility.service import ContinuingCare
from cloud.main import Stores
from cloud.modes.care_places import CarePlaces
from cloud.modes.errors import ModeError
from protocol.codes import CareKind, Decision
from protocol.ids import RequestId
from protocol.messages import ConsentDecision, ConsentReceipt, ConsentRequest
from tests.cloud.modes_world import ELSEWHERE, new_id
from tests.cloud.records_world import Shelf
from tests.cloud.world import FACILITY, World, card, person

PLACE = st.sampled_from([None, *PlaceKind])
CAREKIND = st.sampled_from(CareKind)


def length(care: CareKind) -> float:
    ms = LIFETIMES[care].ms
    return float("inf") if ms is None else ms


@given(PLACE, CAREKIND)
def test_the_shorter_life_of_place_and_reader_counts(
    place: PlaceKind | None, stated: CareKind
) -> None:
    given_for = care_at(place, stated)
    assert length(given_for) <= length(stated)
    assert place is None or length(given_for) <= length(CARE[place])
    assert given_for in ({stated} if place is None else {stated, CARE[place]})
    each_time = LIFETIMES[given_for].each_time
    asked_each_time = LIFETIMES[stated].each_time or (
        place is not None and LIFETIMES[CARE[place]].each_time
    )
    assert each_time == asked_each_time


def test_a_fever_clinic_is_a_day_and_a_bedside_has_no_end_of_its_own() -> None:
    assert lifetime(PlaceKind.FEVER_CLINIC).ms == DAY_MS
    assert lifetime(PlaceKind.BEDSIDE).ms is None
    assert lifetime(PlaceKind.ONLINE).each_time


def consents(world: World, care: CareKind) -> tuple[int | None, RequestId]:
    """A tap and a yes: until when it opens, and the handle of the tap."""
    mine = card()
    world.knows(person(), mine)
    tapped = world.ask(world.verification(mine, care=care))
    pressed = (ConsentDecision(item="operation", decision=Decision.GRANTED),)
    asked = world.asked(verification=tapped.request_id, decisions=pressed)  # type: ignore[union-attr]
    receipt = world.ask(ConsentRequest(**asked))  # type: ignore[arg-type]
    assert isinstance(receipt, ConsentReceipt)
    (grant,) = receipt.grants
    assert grant.decision is Decision.GRANTED
    return grant.available_until, tapped.request_id  # type: ignore[union-attr]


def places(world: World) -> CarePlaces:
    return CarePlaces(world.stores.modes, world.stores.eligibility)


def test_at_a_fever_clinic_a_home_visit_unit_opens_a_day(stores: Stores) -> None:
    world = World(stores)
    places(world).set(FACILITY, PlaceKind.FEVER_CLINIC, by="admin-1", now_ms=world.now)
    until, _ = consents(world, CareKind.HOME_VISIT)
    assert until == world.now + DAY_MS


def test_one_reader_may_stand_at_another_place_than_its_facility(
    stores: Stores,
) -> None:
    world = World(stores)
    settings = places(world)
    settings.set(FACILITY, PlaceKind.FEVER_CLINIC, by="a-1", now_ms=world.now)
    settings.set(
        FACILITY, PlaceKind.BEDSIDE, reader=world.box.name, by="a-1", now_ms=world.now
    )
    assert consents(world, CareKind.HOME_VISIT)[0] is None
    settings.set(
        FACILITY, PlaceKind.OUTPATIENT, reader=world.box.name, by="a-1", now_ms=1
    )
    world.now += 30_000
    assert consents(world, CareKind.HOME_VISIT)[0] == world.now + DAY_MS


def test_a_bedside_never_lengthens_what_the_reader_told_the_patient(
    stores: Stores,
) -> None:
    world = World(stores)
    places(world).set(FACILITY, PlaceKind.BEDSIDE, by="a-1", now_ms=world.now)
    until, _ = consents(world, CareKind.OUTPATIENT)
    assert until == world.now + DAY_MS


def test_a_bedside_consent_lasts_until_discharge_and_not_longer(stores: Stores) -> None:
    world = World(stores)
    room = places(world)
    room.set(FACILITY, PlaceKind.BEDSIDE, by="a-1", now_ms=world.now)
    until, handle = consents(world, CareKind.HOME_VISIT)
    assert until is None
    care = stores.eligibility.continuing(FACILITY, handle)
    assert care is not None
    later = world.now + int(timedelta(days=100).total_seconds() * 1000)
    (standing,) = (one for one in stores.consents.last(FACILITY, care.person).values())
    assert standing.opens(later)
    with pytest.raises(ModeError, match="A905"):
        room.discharge(
            ELSEWHERE, handle, request=RequestId(new_id(1)), by="w-1", now_ms=later
        )
    room.discharge(
        FACILITY, handle, request=RequestId(new_id(later)), by="w-1", now_ms=later
    )
    assert stores.consents.opened(care.person) == ()
    ended = stores.eligibility.continuing(FACILITY, handle)
    assert ended is not None
    assert ended.ended == later
    last = stores.consents.last(FACILITY, care.person)["operation"]
    assert (last.ended, last.flag(later)) == ("1", ConsentFlag.NONE)
    with pytest.raises(ModeError, match="A905"):
        room.discharge(
            FACILITY, handle, request=RequestId(new_id(1)), by="w-1", now_ms=later
        )


def test_what_was_open_for_a_stay_reads_nothing_after_it(stores: Stores) -> None:
    shelf = Shelf(stores)
    shelf.holds()
    handle = shelf.presses("operation", care=CareKind.HOME_VISIT)
    stores.eligibility.put_continuing(
        ContinuingCare(FACILITY, shelf.entry.id, handle, shelf.now)
    )
    assert shelf.gate("operation").key()
    CarePlaces(stores.modes, stores.eligibility).discharge(
        FACILITY, handle, request=RequestId(new_id(1)), by="w-1", now_ms=shelf.now + 1
    )
    with pytest.raises(ConsentClosedError):
        shelf.gate("operation").key()
