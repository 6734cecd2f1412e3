"""資格確認限定型: a PC is bound by a code, once; and gets eligibility, nothing else."""

import secrets
from dataclasses import dataclass, field, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.access.circumstances import Here
from cloud.audit.model import details
from cloud.facilities.place import Facility, Profile
from cloud.main import Stores
from cloud.modes.activation import LIVES_MS, WRONG_MOST, Activation, Device, draw
from cloud.modes.devices import Devices
from cloud.modes.errors import ConflictError, ModeError
from cloud.modes.store import Change
from protocol.activation import activation_code, ask_to_sign, grouped
from protocol.catalogue import Code
from protocol.codes import CareKind, Decision, Method, TerminalProof
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner, spki
from protocol.messages import (
    ConsentDecision,
    ConsentRequest,
    Refusal,
    RegistrationRequest,
    VerificationAnswer,
)
from protocol.notice import Notice
from protocol.numbers import NumberError, check_digit
from tests.cloud.modes_world import ELSEWHERE
from tests.cloud.world import FACILITY, STAFF, Box, World, card, memory_stores, person

REFUSED = Code.ACTIVATION_REFUSED


@dataclass
class Pc:
    """A PC with a key of its own."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def public(self) -> bytes:
        return spki(self.key.public_key())

    def proof(self, code: str, facility: FacilityCode = FACILITY) -> bytes:
        return SoftwareSigner(self.key).sign(ask_to_sign(code, facility, self.public))


@dataclass
class Shop:
    """A facility that gives out codes, in a world with a cloud."""

    world: World
    devices: Devices = field(init=False)

    def __post_init__(self) -> None:
        self.devices = Devices(self.world.stores.modes, secrets.randbelow)

    def code(self, facility: FacilityCode = FACILITY) -> str:
        made, _ = self.devices.issue(facility, by="admin-1", now_ms=self.world.now)
        return made

    def binds(
        self, code: str, pc: Pc, facility: FacilityCode = FACILITY, proof: bytes = b""
    ) -> Device:
        proof = proof or pc.proof(code, facility)
        return self.devices.activate(facility, code, pc.public, proof, self.world.now)

    def sits_at(self, pc: Pc) -> Device:
        """From now on the world's questions come from this PC."""
        device = self.binds(self.code(), pc)
        self.world.box = Box(self.world.keys, device.reader, pc.key)
        return device


@pytest.fixture
def shop(stores: Stores) -> Shop:
    return Shop(World(stores))


def refused(code: Code) -> "pytest.RaisesExc[ModeError]":
    return pytest.raises(ModeError, match=code.value)


# -- codes -------------------------------------------------------------------------
@given(st.integers(0, 10**11 - 1))
def test_a_code_has_twelve_digits_and_shows_a_mistyped_one(number: int) -> None:
    code = draw(lambda _: number)
    assert len(code) == 12
    assert activation_code(grouped(code)) == code
    for place in range(12):
        wrong = str((int(code[place]) + 1) % 10)
        with pytest.raises(NumberError):
            activation_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "123", "1" * 13, "１２３４５６７８９０１２", "x" * 12]
)
def test_what_is_no_code_is_refused_before_anybody_is_asked(text: str) -> None:
    with pytest.raises(NumberError):
        activation_code(text)


def test_only_a_hash_of_the_code_is_kept(shop: Shop) -> None:
    code = shop.code()
    (kept,) = shop.world.stores.modes.of(Activation, FACILITY)
    assert code not in repr(kept)
    assert code.encode() not in kept.hash


def test_a_code_binds_one_key_once(shop: Shop) -> None:
    code, pc = shop.code(), Pc()
    device = shop.binds(code, pc)
    assert (device.facility, device.public_key) == (FACILITY, pc.public)
    for other in (pc, Pc()):
        with refused(REFUSED):
            shop.binds(code, other)
    assert len(shop.world.stores.modes.of(Device, FACILITY)) == 1


def test_a_code_is_good_for_its_time_and_not_a_millisecond_longer(shop: Shop) -> None:
    early, late = shop.code(), shop.code()
    shop.world.now += LIVES_MS - 1
    assert shop.binds(early, Pc())
    shop.world.now += 1
    with refused(REFUSED):
        shop.binds(late, Pc())


def test_a_code_is_for_its_facility_only(shop: Shop) -> None:
    code = shop.code()
    with refused(REFUSED):
        shop.binds(code, Pc(), ELSEWHERE)


def test_a_key_that_does_not_sign_for_itself_is_not_bound(shop: Shop) -> None:
    code, pc, thief = shop.code(), Pc(), Pc()
    for proof in (
        thief.proof(code),
        pc.proof(code, ELSEWHERE),
        pc.proof("0" * 12),
        b"x" * 64,
        b"x",
    ):
        with refused(REFUSED):
            shop.binds(code, pc, proof=proof)
    with refused(REFUSED):
        shop.devices.activate(FACILITY, code, b"no key", b"x", shop.world.now)
    assert shop.binds(code, pc)


def test_guessing_is_stopped_while_a_code_lives(shop: Shop) -> None:
    code = shop.code()
    for number in range(WRONG_MOST):
        guess = f"{number:011}"
        with refused(REFUSED):
            shop.binds(guess + check_digit(guess), Pc())
    with refused(REFUSED):
        shop.binds(code, Pc())
    shop.world.now += LIVES_MS
    assert shop.binds(shop.code(), Pc())


def test_of_two_who_use_a_code_at_once_one_is_bound(shop: Shop) -> None:
    shop.code()
    store = shop.world.stores.modes
    (known,) = store.of(Activation, FACILITY)
    used = replace(known, used_at=1, turn=1)
    store.commit(Change(changed=(used,)))
    with pytest.raises(ConflictError):
        store.commit(Change(changed=(used,)))


# -- what a device is answered -----------------------------------------------------
def test_a_bound_device_gets_eligibility_and_is_asked_no_consent(shop: Shop) -> None:
    world, mine = shop.world, card()
    world.knows(person(), mine)
    shop.sits_at(Pc())
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, VerificationAnswer)
    assert (answer.outcome, answer.consent_asks) == ("accepted", ())
    assert answer.patient is not None
    assert answer.qualifications


def test_a_bound_device_cannot_consent_or_register(shop: Shop) -> None:
    world, mine = shop.world, card()
    world.knows(person(registered=False), mine)
    shop.sits_at(Pc())
    first = world.ask(world.verification(mine))
    assert isinstance(first, VerificationAnswer)
    pressed = (ConsentDecision(item="operation", decision=Decision.GRANTED),)
    for request in (
        ConsentRequest(
            **world.asked(verification=first.request_id, decisions=pressed)  # type: ignore[arg-type]
        ),
        RegistrationRequest(
            **world.asked(verification=first.request_id, agreed=True)  # type: ignore[arg-type]
        ),
    ):
        answer = world.ask(request)
        assert isinstance(answer, Refusal)
        assert answer.code == "A904"


def test_a_device_is_let_by_pin_and_by_eye_only_where_it_is_bound() -> None:
    plain, bound = Here(eligibility_only=True), Here(eligibility_only=True, bound=True)
    full = Here()
    assert [m for m in Method if plain.lets(m)] == [Method.PIN]
    assert [m for m in Method if bound.lets(m)] == [Method.PIN, Method.VISUAL]
    assert [m for m in Method if full.lets(m)] == list(Method)


def test_visual_without_a_bound_device_is_refused(stores: Stores) -> None:
    stores.life.put_facility(
        Facility(FACILITY, "架空の施術所", Profile.ELIGIBILITY_ONLY, "13")
    )
    world, mine = World(stores), card()
    world.knows(person(), mine)
    seen = world.verification(
        mine, method=Method.VISUAL, terminal=TerminalProof.DESIGNATED, staff=STAFF
    )
    assert getattr(world.ask(seen), "code", "") == "A904"
    assert world.ask(world.verification(mine)).outcome == "accepted"  # type: ignore[union-attr]


def test_a_device_that_was_let_go_is_nobody(shop: Shop) -> None:
    world, mine = shop.world, card()
    world.knows(person(), mine)
    device = shop.sits_at(Pc())
    assert world.ask(world.verification(mine)).outcome == "accepted"  # type: ignore[union-attr]
    with refused(Code.NOT_THERE):
        shop.devices.revoke(ELSEWHERE, device.reader, by="x", now_ms=world.now)
    shop.devices.revoke(FACILITY, device.reader, by="admin-1", now_ms=world.now)
    world.now += 30_000
    answer = world.ask(world.verification(mine))
    assert isinstance(answer, Notice)
    assert answer.code is Code.READER_UNKNOWN
    with refused(Code.WRONG_STATE):
        shop.devices.revoke(FACILITY, device.reader, by="x", now_ms=world.now)


def test_codes_and_devices_are_rows_of_the_log(shop: Shop) -> None:
    shop.sits_at(Pc())
    rows = list(shop.world.stores.audit.rows(FACILITY))
    assert [details(row.detail)["act"] for row in rows] == ["code", "bound"]


# -- over any history --------------------------------------------------------------
STEPS = st.lists(st.sampled_from(["tap", "consent", "register", "home"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(STEPS, st.booleans())
def test_whatever_an_eligibility_only_place_asks_no_record_ever_opens(
    steps: list[str], by_device: bool
) -> None:
    stores = memory_stores()
    world, mine = World(stores), card()
    world.knows(person(), mine)
    if by_device:
        Shop(world).sits_at(Pc())
    else:
        stores.life.put_facility(
            Facility(FACILITY, "架空の施術所", Profile.ELIGIBILITY_ONLY, "13")
        )
    last = world.ask(world.verification(mine))
    for step in steps:
        about = {"verification": last.request_id}  # type: ignore[union-attr]
        pressed = (ConsentDecision(item="operation", decision=Decision.GRANTED),)
        match step:
            case "tap":
                last = world.ask(world.verification(mine))
            case "home":
                last = world.ask(world.verification(mine, care=CareKind.HOME_VISIT))
            case "consent":
                world.ask(ConsentRequest(**world.asked(**about, decisions=pressed)))  # type: ignore[arg-type]
            case "register":
                world.ask(RegistrationRequest(**world.asked(**about, agreed=True)))  # type: ignore[arg-type]
        assert not getattr(last, "consent_asks", ())
    (entry,) = stores.registry.entries.values()  # type: ignore[attr-defined]
    assert stores.consents.opened(entry.id) == ()
    assert stores.consents.last(FACILITY, entry.id) == {}
