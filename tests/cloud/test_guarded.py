"""What the door asks: whose certificate is it, whose token."""

import hashlib
from dataclasses import replace

import pytest

from cloud.accounts import model
from cloud.accounts.model import ABSOLUTE_MS, IDLE_MS, Account, Session, SignedIn
from cloud.accounts.service import Accounts
from cloud.facilities import place
from cloud.facilities.certificate import ClientCertificate
from cloud.facilities.life import FacilityLife, Known
from cloud.facilities.place import Facility, Profile
from cloud.main import Stores
from cloud.web import caller
from protocol.ids import FacilityCode
from tests.cloud.world import FACILITY, NOON, ms

NOW = ms(NOON)
OTHER = FacilityCode("1310000016")
PRINT = hashlib.sha256(b"a certificate").digest()
TOKEN = hashlib.sha256(b"a token").digest()
CERTIFICATE = ClientCertificate(PRINT, FACILITY, NOW - 1, NOW + 1, NOW - 1)
CLINIC = Facility(FACILITY, "架空診療所", Profile.ELIGIBILITY_ONLY, "13")
CLERK = Account(FACILITY, "mika", "受付　美香", model.Role.RECEPTION, NOW)


@pytest.fixture
def life(stores: Stores) -> FacilityLife:
    stores.life.put_facility(CLINIC)
    stores.life.put_certificates([CERTIFICATE])
    return FacilityLife(stores.life)


@pytest.fixture
def accounts(stores: Stores) -> Accounts:
    stores.accounts.take([CLERK], [])
    assert stores.accounts.begin(Session(TOKEN, FACILITY, "mika", NOW, NOW), 1)
    return Accounts(stores.accounts)


@pytest.mark.parametrize("word", ["Profile", "Role"])
def test_facilities_and_the_door_speak_of_the_same_things(word: str) -> None:
    room = place if word == "Profile" else model
    assert {one.value for one in getattr(room, word)} == {
        one.value for one in getattr(caller, word)
    }


def test_a_certificate_is_its_facilitys_to_its_last_moment(life: FacilityLife) -> None:
    whose = Known(FACILITY, Profile.ELIGIBILITY_ONLY)
    found = [life.by_certificate(PRINT, NOW + at) for at in (-2, -1, 0, 1, 2)]
    assert found == [None, whose, whose, whose, None]


def test_what_nobody_registered_is_nobodys(life: FacilityLife) -> None:
    assert life.by_certificate(b"x" * 32, NOW) is None
    assert life.by_certificate(b"", NOW) is None


def test_a_revoked_certificate_opens_nothing_from_that_moment(
    life: FacilityLife, stores: Stores
) -> None:
    stores.life.put_certificates([replace(CERTIFICATE, revoked_at=NOW)])
    assert life.by_certificate(PRINT, NOW - 1)
    assert life.by_certificate(PRINT, NOW) is None


def test_a_session_is_known_until_it_was_idle_too_long(accounts: Accounts) -> None:
    assert accounts.session(FACILITY, TOKEN, NOW) == SignedIn(
        "mika", model.Role.RECEPTION
    )
    assert accounts.session(FACILITY, b"x" * 32, NOW) is None
    assert accounts.session(FACILITY, TOKEN, NOW + IDLE_MS) is None


def test_use_keeps_a_session_alive_but_not_for_ever(accounts: Accounts) -> None:
    at = NOW
    while accounts.session(FACILITY, TOKEN, at):
        at += IDLE_MS - 1
    assert NOW + ABSOLUTE_MS <= at < NOW + ABSOLUTE_MS + IDLE_MS


def test_a_token_is_good_at_its_own_facility_only(accounts: Accounts) -> None:
    assert accounts.session(OTHER, TOKEN, NOW) is None


def test_whoever_is_disabled_is_out_at_once(accounts: Accounts, stores: Stores) -> None:
    assert stores.accounts.disable(FACILITY, "mika")
    assert accounts.session(FACILITY, TOKEN, NOW) is None


def test_another_role_holds_at_once(accounts: Accounts, stores: Stores) -> None:
    stores.accounts.take([], [replace(CLERK, role=model.Role.CLINICIAN)])
    found = accounts.session(FACILITY, TOKEN, NOW)
    assert found is not None
    assert found.role is model.Role.CLINICIAN


def test_an_ended_session_does_not_come_back_by_use(
    accounts: Accounts, stores: Stores
) -> None:
    stores.accounts.end_session(TOKEN)
    stores.accounts.touch(TOKEN, NOW)
    assert accounts.session(FACILITY, TOKEN, NOW) is None


def test_no_secret_shows_in_a_repr() -> None:
    session = Session(TOKEN, FACILITY, "mika", NOW, NOW)
    account = replace(CLERK, password="p@ss", otp=b"sealed", enrolment=b"secret")
    for text in (repr(session), repr(account)):
        assert "p@ss" not in text
        assert "secret" not in text
        assert "sealed" not in text
        assert "美香" not in text
        assert repr(TOKEN) not in text
