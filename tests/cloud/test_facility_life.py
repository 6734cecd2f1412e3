"""A facility's way into operation, its settings, its certificates, its addresses."""

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from cloud.facilities import address as addresses
from cloud.facilities.address import Address, AddressKind
from cloud.facilities.certificate import (
    NOTICE_DAYS,
    ClientCertificate,
    bands,
    read,
)
from cloud.facilities.day import day_of
from cloud.facilities.ladder import (
    MOVES,
    Move,
    MoveRefusedError,
    State,
    TooEarlyError,
    after,
    open_to,
)
from cloud.facilities.life import (
    AddressRefusedError,
    CertificateUnknownError,
    FacilityLife,
    MovedMeanwhileError,
    OtherFacilityError,
    SwitchedOffError,
    TermsNotAcceptedError,
    UnknownFacilityError,
)
from cloud.facilities.place import Facility, Profile, moved
from cloud.facilities.terms import TERMS, Acceptance, Setting
from cloud.housekeeping import housekeeping
from cloud.main import Stores
from protocol.ids import FacilityCode
from tests.cloud.world import DAY_MS, FACILITY, NOON, TODAY, ms

NOW = ms(NOON)
OTHER = FacilityCode("1310000016")
SECRET = bytes(range(addresses.SECRET_BYTES))
CLINIC = Facility(FACILITY, "架空診療所", Profile.FULL, "13")
INSTALLED = (Move.REGISTER, Move.APPLY, Move.ORDER, Move.BEGIN_WORK, Move.FINISH_WORK)
TOMORROW = TODAY + timedelta(days=1)
MIDNIGHT = ms(datetime(2026, 6, 15, 15, 0, tzinfo=UTC))
"""When 16 June begins in Japan."""


@pytest.fixture
def life(stores: Stores) -> FacilityLife:
    made = FacilityLife(stores.life, SECRET)
    made.enter(CLINIC)
    made.enter(Facility(OTHER, "架空薬局", Profile.FULL, "13"))
    return made


@pytest.fixture
def ready(life: FacilityLife) -> FacilityLife:
    for move in INSTALLED:
        life.move(FACILITY, move, who="operator kuma", now_ms=NOW)
    return life


# -- the ladder ------------------------------
def test_every_move_that_is_not_listed_is_refused() -> None:
    for state, move in itertools.product(State, Move):
        if (state, move) in MOVES:
            became, _ = after(state, move, today=TODAY, day=TODAY)
            assert became is MOVES[state, move]
        else:
            with pytest.raises(MoveRefusedError):
                after(state, move, today=TODAY, day=TODAY)


def test_the_ladder_is_climbed_one_step_at_a_time() -> None:
    for (state, _), became in MOVES.items():
        assert abs(int(became) - int(state)) <= 1
    assert {int(state) for state in State} == set(range(7))


def test_every_state_can_be_left_and_reached() -> None:
    assert {state for state, _ in MOVES} == set(State)
    assert set(MOVES.values()) == set(State)


@given(st.lists(st.sampled_from(Move), max_size=30), st.integers(0, 3))
def test_nobody_is_in_operation_before_an_entered_day(
    moves: list[Move], ahead: int
) -> None:
    place, today = CLINIC, TODAY
    for number, move in enumerate(moves):
        today += timedelta(days=1)
        day = today + timedelta(days=ahead)
        at = NOW + number
        try:
            place, step = moved(place, move, who="x", at=at, today=today, day=day)
        except MoveRefusedError:
            continue
        if step.became is State.IN_OPERATION:
            assert step.start_day is not None
            assert step.start_day <= today
        assert (step.number, place.steps) == (place.steps, step.number)
        assert place.start_day is None or place.state in {
            State.READY,
            State.IN_OPERATION,
        }


def test_history_says_who_moved_it_and_when(life: FacilityLife, stores: Stores) -> None:
    life.move(FACILITY, Move.REGISTER, who="operator kuma", now_ms=NOW)
    life.move(FACILITY, Move.APPLY, who="staff a-sato", now_ms=NOW + 5)
    found = stores.life.history(FACILITY)
    assert [(one.number, one.who, one.at, one.was, one.became) for one in found] == [
        (1, "operator kuma", NOW, State.NOT_ON_PORTAL, State.ON_PORTAL),
        (2, "staff a-sato", NOW + 5, State.ON_PORTAL, State.READER_APPLIED),
    ]
    assert stores.life.history(OTHER) == []
    assert life.place(FACILITY).state is State.READER_APPLIED


def test_a_refused_move_leaves_no_row(life: FacilityLife, stores: Stores) -> None:
    with pytest.raises(MoveRefusedError):
        life.move(FACILITY, Move.FINISH_WORK, who="x", now_ms=NOW)
    assert stores.life.history(FACILITY) == []
    with pytest.raises(UnknownFacilityError):
        life.move(FacilityCode("1310000024"), Move.REGISTER, who="x", now_ms=NOW)


def test_of_two_who_move_it_at_once_one_does(
    life: FacilityLife, stores: Stores
) -> None:
    read_before = life.place(FACILITY)
    life.move(FACILITY, Move.REGISTER, who="first", now_ms=NOW)
    place, step = moved(read_before, Move.REGISTER, who="x", at=NOW, today=TODAY)
    assert not stores.life.step(place, step)
    assert [one.who for one in stores.life.history(FACILITY)] == ["first"]


def test_one_that_was_moved_meanwhile_is_said_to_be(stores: Stores) -> None:
    class Slow:
        """A store whose place is read just before somebody else moves it."""

        def __getattr__(self, name: str) -> object:
            return getattr(stores.life, name)

        def facility(self, code: FacilityCode) -> Facility | None:
            found = stores.life.facility(code)
            FacilityLife(stores.life).move(code, Move.REGISTER, who="y", now_ms=NOW)
            return found

    FacilityLife(stores.life).enter(CLINIC)
    slow = FacilityLife(Slow())  # type: ignore[arg-type]
    with pytest.raises(MovedMeanwhileError):
        slow.move(FACILITY, Move.REGISTER, who="x", now_ms=NOW)


def test_another_name_does_not_move_it(ready: FacilityLife) -> None:
    renamed = Facility(FACILITY, "別名医院", Profile.ELIGIBILITY_ONLY, "14")
    assert ready.enter(renamed)
    assert not ready.enter(renamed)
    found = ready.place(FACILITY)
    assert (found.name, found.profile, found.state) == (
        "別名医院",
        Profile.ELIGIBILITY_ONLY,
        State.READY,
    )


# -- the start day ------------------------------
def enter_start(life: FacilityLife, day: date) -> None:
    life.move(FACILITY, Move.ENTER_START, who="staff a", now_ms=NOW, day=day)


def test_a_start_day_is_not_past(ready: FacilityLife) -> None:
    with pytest.raises(TooEarlyError):
        enter_start(ready, TODAY - timedelta(days=1))


def test_it_starts_on_its_day_in_japan_and_not_a_moment_before(
    ready: FacilityLife, stores: Stores
) -> None:
    enter_start(ready, TOMORROW)
    housekeeping(stores, MIDNIGHT - 1)
    assert ready.place(FACILITY).state is State.READY
    with pytest.raises(TooEarlyError):
        ready.move(FACILITY, Move.START, who="x", now_ms=MIDNIGHT - 1)
    housekeeping(stores, MIDNIGHT)
    assert ready.place(FACILITY).state is State.IN_OPERATION
    last = stores.life.history(FACILITY)[-1]
    assert (last.who, last.move, last.start_day) == ("calendar", Move.START, TOMORROW)
    before = len(stores.life.history(FACILITY))
    housekeeping(stores, MIDNIGHT + DAY_MS)
    assert len(stores.life.history(FACILITY)) == before


def test_a_day_that_was_slept_through_still_starts(ready: FacilityLife) -> None:
    enter_start(ready, TOMORROW)
    assert [one.code for one in ready.start_due(MIDNIGHT + 9 * DAY_MS)] == [FACILITY]


def test_work_that_begins_anew_takes_the_day_back(ready: FacilityLife) -> None:
    enter_start(ready, TOMORROW)
    ready.move(FACILITY, Move.REOPEN_WORK, who="x", now_ms=NOW)
    ready.move(FACILITY, Move.FINISH_WORK, who="x", now_ms=NOW)
    assert ready.start_due(MIDNIGHT + DAY_MS) == []
    with pytest.raises(TooEarlyError):
        ready.move(FACILITY, Move.START, who="x", now_ms=MIDNIGHT + DAY_MS)


def test_another_day_takes_the_place_of_the_first(ready: FacilityLife) -> None:
    enter_start(ready, TOMORROW)
    enter_start(ready, TOMORROW + timedelta(days=7))
    assert ready.start_due(MIDNIGHT) == []


def test_what_is_open_is_said(ready: FacilityLife) -> None:
    assert open_to(ready.place(FACILITY).state) == [
        Move.ENTER_START,
        Move.START,
        Move.REOPEN_WORK,
    ]


# -- settings ------------------------------
def accept(life: FacilityLife, setting: Setting) -> None:
    version = TERMS[setting].version
    life.accept(FACILITY, setting, version, who="staff a", now_ms=NOW)


def switch(life: FacilityLife, setting: Setting, *, on: bool) -> None:
    life.switch(FACILITY, setting, on=on, who="staff a", now_ms=NOW)


@pytest.mark.parametrize("setting", Setting)
def test_no_function_without_its_terms(life: FacilityLife, setting: Setting) -> None:
    assert not life.is_on(FACILITY, setting)
    with pytest.raises(TermsNotAcceptedError):
        switch(life, setting, on=True)
    accept(life, setting)
    switch(life, setting, on=True)
    assert life.is_on(FACILITY, setting)
    assert not life.is_on(OTHER, setting)


def test_terms_of_one_function_do_not_open_the_other(life: FacilityLife) -> None:
    accept(life, Setting.HOME_VISITS)
    with pytest.raises(TermsNotAcceptedError):
        switch(life, Setting.ONLINE_CARE, on=True)


def test_terms_of_an_older_version_are_not_enough(
    life: FacilityLife, stores: Stores
) -> None:
    old = Acceptance(FACILITY, Setting.HOME_VISITS, "2024-04", "staff a", NOW)
    stores.life.accept(old)
    with pytest.raises(TermsNotAcceptedError):
        switch(life, Setting.HOME_VISITS, on=True)
    with pytest.raises(TermsNotAcceptedError):
        life.accept(FACILITY, Setting.HOME_VISITS, "2024-04", who="x", now_ms=NOW)


def test_who_accepted_first_stays(life: FacilityLife, stores: Stores) -> None:
    accept(life, Setting.HOME_VISITS)
    version = TERMS[Setting.HOME_VISITS].version
    life.accept(FACILITY, Setting.HOME_VISITS, version, who="b", now_ms=NOW + 9)
    (found,) = stores.life.acceptances(FACILITY)
    assert (found.who, found.at, found.version) == ("staff a", NOW, version)


def test_off_needs_no_terms(life: FacilityLife) -> None:
    switch(life, Setting.HOME_VISITS, on=False)
    assert not life.is_on(FACILITY, Setting.HOME_VISITS)


# -- addresses ------------------------------
HOME = AddressKind.HOME_VISIT


@pytest.fixture
def visiting(life: FacilityLife) -> FacilityLife:
    accept(life, Setting.HOME_VISITS)
    switch(life, Setting.HOME_VISITS, on=True)
    return life


def issued(life: FacilityLife) -> str:
    return life.issue(FACILITY, HOME, who="staff a", now_ms=NOW)[0]


def test_an_address_leads_to_its_facility(visiting: FacilityLife) -> None:
    token = issued(visiting)
    place, kind = visiting.resolve(token)
    assert (place.code, kind) == (FACILITY, HOME)
    assert visiting.address(FACILITY, HOME)[0] == token
    assert FACILITY not in token


def test_a_new_generation_ends_the_old_one(visiting: FacilityLife) -> None:
    old, new = issued(visiting), issued(visiting)
    assert old != new
    assert visiting.resolve(new)
    with pytest.raises(AddressRefusedError):
        visiting.resolve(old)


def test_a_revoked_address_does_not_come_back(visiting: FacilityLife) -> None:
    old = issued(visiting)
    visiting.revoke_address(FACILITY, HOME, now_ms=NOW)
    for _ in range(2):
        with pytest.raises(AddressRefusedError):
            visiting.resolve(old)
        with pytest.raises(AddressRefusedError):
            visiting.address(FACILITY, HOME)
        visiting.revoke_address(FACILITY, HOME, now_ms=NOW + 1)
    new = issued(visiting)
    assert visiting.resolve(new)
    with pytest.raises(AddressRefusedError):
        visiting.resolve(old)


def test_a_function_that_is_off_has_no_address(visiting: FacilityLife) -> None:
    token = issued(visiting)
    switch(visiting, Setting.HOME_VISITS, on=False)
    with pytest.raises(AddressRefusedError):
        visiting.resolve(token)
    with pytest.raises(SwitchedOffError):
        issued(visiting)
    with pytest.raises(SwitchedOffError):
        visiting.issue(FACILITY, AddressKind.ONLINE_CARE, who="x", now_ms=NOW)


def test_who_has_no_address_has_none_to_revoke(life: FacilityLife) -> None:
    with pytest.raises(AddressRefusedError):
        life.revoke_address(FACILITY, HOME, now_ms=NOW)


@given(st.text(max_size=120))
def test_what_we_did_not_make_leads_nowhere(text: str) -> None:
    assert addresses.read(text, SECRET) is None


@given(st.integers(0, 10**6), st.sampled_from(AddressKind), st.data())
def test_no_changed_character_is_read(
    generation: int, kind: AddressKind, data: st.DataObject
) -> None:
    address = Address(FACILITY, kind, generation)
    token = addresses.token(address, SECRET)
    assert addresses.read(token, SECRET) == address
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcXYZ019-_"))
    changed = token[:at] + other + token[at + 1 :]
    assert changed == token or addresses.read(changed, SECRET) is None
    assert addresses.read(token, bytes(addresses.SECRET_BYTES)) is None


# -- certificates ------------------------------
def client(
    name: bytes = b"a", *, days: int = 400, facility: FacilityCode = FACILITY
) -> ClientCertificate:
    print_ = hashlib.sha256(name).digest()
    return ClientCertificate(print_, facility, NOW - DAY_MS, NOW + days * DAY_MS, NOW)


def pem(days: int) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a clinic")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(NOON)
        .not_valid_after(NOON + timedelta(days=days))
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def test_a_certificate_is_read_from_pem_and_der_alike() -> None:
    text = pem(30)
    der = x509.load_pem_x509_certificate(text).public_bytes(Encoding.DER)
    found = read(text, FACILITY, NOW)
    assert found == read(der, FACILITY, NOW)
    assert found.fingerprint == hashlib.sha256(der).digest()
    assert (found.not_before, found.not_after) == (NOW, NOW + 30 * DAY_MS + 999)
    with pytest.raises(ValueError, match="not a readable certificate"):
        read(b"not a certificate", FACILITY, NOW)


def test_a_certificate_belongs_to_one_facility(life: FacilityLife) -> None:
    assert life.register(client())
    assert not life.register(client())
    with pytest.raises(OtherFacilityError):
        life.register(client(facility=OTHER))
    with pytest.raises(UnknownFacilityError):
        life.register(client(b"b", facility=FacilityCode("1310000024")))


def test_replaced_the_old_one_ends_when_it_is_said(life: FacilityLife) -> None:
    old, new = client(b"old"), client(b"new")
    life.register(old)
    life.replace(old.fingerprint, new, revoke_at=NOW + 5)
    for at, expected in ((NOW + 4, True), (NOW + 5, False)):
        assert bool(life.by_certificate(old.fingerprint, at)) is expected
        assert life.by_certificate(new.fingerprint, at)


def test_a_revocation_is_never_put_off(life: FacilityLife) -> None:
    one = client()
    life.register(one)
    life.revoke(FACILITY, one.fingerprint, NOW)
    life.revoke(FACILITY, one.fingerprint, NOW + DAY_MS)
    life.register(one)
    assert life.by_certificate(one.fingerprint, NOW) is None


def test_only_its_own_facility_revokes_a_certificate(life: FacilityLife) -> None:
    one = client()
    life.register(one)
    for facility, digest in ((OTHER, one.fingerprint), (FACILITY, b"x" * 32)):
        with pytest.raises(CertificateUnknownError):
            life.revoke(facility, digest, NOW)
    assert life.by_certificate(one.fingerprint, NOW)


# -- notices of expiry ------------------------------
def test_notices_come_at_their_days_each_once(
    life: FacilityLife, stores: Stores
) -> None:
    life.register(client(days=100))
    told = []
    for hour in range(0, 24 * 102, 6):
        at = NOW + hour * 3_600_000
        told += [(one.days, hour // 24) for one in life.tell_expiries(at)]
    assert [days for days, _ in told] == list(NOTICE_DAYS)
    # The count begins at noon: its days turn in the middle of days in Japan.
    assert [left for _, left in told] == [99 - days for days in NOTICE_DAYS]
    kept = stores.life.expiry_notices(FACILITY, 0)
    assert [one.days for _, one in kept] == list(NOTICE_DAYS)
    last = kept[-1][0]
    assert stores.life.expiry_notices(FACILITY, last) == []
    assert stores.life.expiry_notices(OTHER, 0) == []


@given(st.integers(-3 * DAY_MS, 95 * DAY_MS), st.integers(0, DAY_MS))
def test_every_end_has_the_most_urgent_step_it_has_reached(
    ahead: int, later: int
) -> None:
    now = NOW + later
    one = ClientCertificate(b"x" * 32, FACILITY, 0, now + ahead, 0)
    found = [
        band.days for band in bands(now) if band.begins <= one.not_after < band.ends
    ]
    left = one.days_left(day_of(now))
    reached = [days for days in NOTICE_DAYS if 0 <= left <= days]
    assert found == reached[-1:]


def test_what_was_slept_through_is_told_by_the_most_urgent_alone(
    life: FacilityLife,
) -> None:
    life.register(client(days=28))
    assert [one.days for one in life.tell_expiries(NOW)] == [30]
    assert life.tell_expiries(NOW) == []


def test_two_workers_at_once_tell_once(life: FacilityLife, stores: Stores) -> None:
    life.register(client(days=5))
    (one,) = life.tell_expiries(NOW)
    assert stores.life.tell([one]) == []


def test_nothing_is_told_of_what_was_replaced_or_is_over(life: FacilityLife) -> None:
    replaced, over = client(b"r", days=5), client(b"o", days=5)
    life.register(replaced)
    life.register(over)
    life.replace(replaced.fingerprint, client(b"n"), revoke_at=NOW + 3 * DAY_MS)
    assert [one.fingerprint for one in life.tell_expiries(NOW)] == [over.fingerprint]
    assert life.tell_expiries(NOW + 6 * DAY_MS) == []


def test_a_worker_tells(life: FacilityLife, stores: Stores) -> None:
    life.register(client(days=7))
    housekeeping(stores, NOW)
    ((_, one),) = stores.life.expiry_notices(FACILITY, 0)
    assert (one.days, one.at) == (7, NOW)
