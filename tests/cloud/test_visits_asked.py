"""A tap asked for over the interface: the facility's own, accepted, what changed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cloud.access.asking import Asking
from cloud.access.inquire import Inquiries
from cloud.changes.sealing import SECRET_BYTES
from cloud.changes.service import Changes
from cloud.main import circumstances_of
from cloud.registry.service import Registry
from cloud.web.caller import Caller
from cloud.web.route import Call, Nothing, Problem
from cloud.web.routes.visits import routes
from protocol.ids import FacilityCode
from tests.cloud.test_audit_chain import SIGNER
from tests.cloud.world import FACILITY, World, card, insurance, person

ELSEWHERE = FacilityCode("1310000016")


@pytest.fixture
def visits(world: World) -> Any:
    """Asks for a visit as a facility: the answer as JSON values, or the Problem."""
    stores = world.stores
    asking = Asking(
        Inquiries(Registry(stores.registry), stores.eligibility),
        stores.eligibility,
        lambda entry: None,
        SIGNER,
        circumstances_of(stores),
        seen=Changes(stores.changes, bytes(SECRET_BYTES)),
    )
    every, one = routes(asking, stores.ledger, stores.registry)

    def ask(handle: object = "", facility: FacilityCode = FACILITY) -> dict[str, Any]:
        """Without a handle: the list."""
        route = one if handle else every
        path = {"handle": str(handle)}
        call = Call(Caller(facility), path, Nothing(), Nothing(), world.now)
        answer: dict[str, Any] = route.handler(call).body.model_dump(mode="json")  # type: ignore[union-attr]
        return answer

    return ask


def tapped(world: World, by: Any) -> object:
    handle = world.asked()["request_id"]
    world.ask(world.verification(by, request_id=handle))
    world.now += 1000
    return handle


def test_a_tap_of_nobody_or_of_another_facility_is_not_there(
    world: World, visits: Any
) -> None:
    mine = card()
    world.knows(person(), mine)
    handle = tapped(world, mine)
    for asked, facility in (("0198-nobody", FACILITY), (handle, ELSEWHERE)):
        with pytest.raises(Problem) as refused:
            visits(asked, facility)
        assert refused.value.status == 404


def test_a_tap_that_was_not_accepted_tells_nothing(world: World, visits: Any) -> None:
    mine = card()
    world.knows(person(registered=False), mine)
    with pytest.raises(Problem):
        visits(tapped(world, mine))


def test_the_second_visit_says_what_changed_since_the_first(
    world: World, visits: Any
) -> None:
    mine = card()
    held = insurance(date(2020, 4, 1))
    world.knows(person(insurances=(held,)), mine)
    first = visits(tapped(world, mine))
    assert (first["validity"], first["changes"]["state"]) == ("1", "first_seen")
    again = visits(tapped(world, mine))
    assert again["changes"]["state"] == "unchanged"
    moved = replace(person(insurances=(held,)), address="架空県見本市9")
    world.knows(moved, mine)
    later = visits(tapped(world, mine))
    (change,) = later["changes"]["fields"]
    assert (change["field"], change["now"]) == ("patient.address", "架空県見本市9")
    assert later["proof"] != first["proof"]


def test_the_list_is_the_facilitys_own_the_newest_first_and_names_nobody(
    world: World, visits: Any
) -> None:
    mine = card()
    world.knows(person(), mine)
    handles = [tapped(world, mine), tapped(world, mine)]
    listed = visits()
    assert [one["handle"] for one in listed["visits"]] == handles[::-1]
    assert set(listed["visits"][0]) == {"handle", "at", "care", "outcome"}
    assert visits(facility=ELSEWHERE) == {"visits": []}
