"""Special cards: each is what its story says, and nobody of them is a patient."""

import secrets
from datetime import date

import pytest

from device.card import visit
from device.card.errors import NotMyNumberCardError, PinBlockedError
from device.simulated.card.bench import Bench
from device.simulated.card.issue import Issuer
from device.simulated.card.persona_card import card_of
from device.simulated.card.situations import situation
from device.simulated.card.virtual import VirtualCard
from device.simulated.guest.person import guest
from device.simulated.persona import Persona, everybody, personas, specials
from tests.device.conftest import NOW
from tests.device.heads.test_personas import checks

TODAY = date(2026, 4, 1)
EACH = pytest.mark.parametrize("special", specials(), ids=lambda one: one.id)


def put(name: str, photo: bytes, issuer: Issuer) -> Bench:
    (persona,) = (one for one in specials() if one.id == name)
    contents = card_of(persona, photo, issuer, NOW, TODAY)
    return Bench(VirtualCard(contents, secrets.token_bytes))


def test_they_are_a_row_of_their_own() -> None:
    told = [(one.id, one.situation) for one in specials()]
    assert told == [
        ("mori-kaoru", "pin-one-try-left"),
        ("hayashi-jiro", "pin-less"),
        ("shimizu-nagi", "no-signing-certificate"),
        ("transit-card", "not-my-number-card"),
    ]
    assert everybody() == (*personas(), *specials())
    assert not any(one.situation or one.head_of for one in personas())


@EACH
def test_it_is_fictitious_and_nobody_elses(special: Persona) -> None:
    assert special.address.startswith("架空県")
    assert special.post_number.startswith("000-")
    assert situation(special.situation) is not None
    others = [one for one in (*everybody(), guest()) if one.id != special.id]
    assert special.name not in [one.name for one in others]
    assert special.id not in [one.id for one in others]
    assert not special.pin or special.pin not in [one.pin for one in others]
    if special.insurance is not None:
        assert checks(special.insurance.insurer_number)
        assert special.insurance.insurer_number[-6:-4] == "99"
        taken = [one.insurance.number for one in others if one.insurance]
        assert special.insurance.number not in taken


@EACH
def test_its_head_is_a_patients_so_that_nothing_is_rendered_for_it(
    special: Persona,
) -> None:
    (owner,) = (one for one in personas() if one.id == special.head_of)
    assert special.head == owner.head


def test_one_try_left_is_one(photo: bytes, issuer: Issuer) -> None:
    bench = put("mori-kaoru", photo, issuer)
    assert bench.run(visit.identify()).tries_left == 1
    assert len(bench.run(visit.sign_with_pin(bytearray(b"1397"), bytes(32)))) == 256


def test_a_card_without_pin_has_none_to_try(photo: bytes, issuer: Issuer) -> None:
    bench = put("hayashi-jiro", photo, issuer)
    assert bench.run(visit.identify()).tries_left == 0
    with pytest.raises(PinBlockedError):
        bench.run(visit.sign_with_pin(bytearray(b"0000"), bytes(32)))


def test_a_childs_card_is_read_like_any_other(photo: bytes, issuer: Issuer) -> None:
    bench = put("shimizu-nagi", photo, issuer)
    assert bench.run(visit.identify()).tries_left == 3


def test_a_ticket_is_no_my_number_card(photo: bytes, issuer: Issuer) -> None:
    with pytest.raises(NotMyNumberCardError):
        put("transit-card", photo, issuer).run(visit.identify())
