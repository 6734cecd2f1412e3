"""Two factors of two kinds, each try counted, each code once."""

from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from cloud.accounts import lockout, otp, password
from cloud.accounts.errors import (
    AccountExistsError,
    AccountUnknownError,
    EnrolmentRefusedError,
    LastAdministratorError,
    PausedError,
    SignInRefusedError,
)
from cloud.accounts.factors import Kind, Method, SameKindError, two_kinds
from cloud.accounts.model import ENROLMENT_MS, Role, account_name
from cloud.accounts.service import Accounts, Given, digest
from cloud.main import Stores
from protocol.ids import FacilityCode
from tests.cloud.accounts_world import (
    KEY,
    NOW,
    PASSWORD,
    QUICK,
    STEP_MS,
    Phone,
    accounts_of,
    enrolled,
    given,
)
from tests.cloud.world import FACILITY

OTHER = FacilityCode("1310000016")
RFC_SECRET = b"12345678901234567890"
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""Appendix B, SHA-1: eight digits, of which ours are the last six."""


@pytest.fixture
def accounts(stores: Stores) -> Accounts:
    return accounts_of(stores.accounts)


def signs_in(accounts: Accounts, phone: Phone, at: int = NOW, **more: str) -> bytes:
    token, _ = accounts.sign_in(FACILITY, "m-sato", given(phone.code(at), **more), at)
    return digest(token)


# -- factors -------------------------------
@pytest.mark.parametrize("first", Method)
@pytest.mark.parametrize("second", Method)
def test_two_factors_of_one_kind_are_one(first: Method, second: Method) -> None:
    if first.kind is second.kind:
        with pytest.raises(SameKindError):
            two_kinds([first, second])
    else:
        two_kinds([first, second])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_two_factors_are_two(count: int) -> None:
    one = [Method.PASSWORD, Method.ONE_TIME_PASSWORD, Method.FACE][:count]
    with pytest.raises(SameKindError):
        two_kinds(one)


def test_kinds_are_those_of_the_code_list() -> None:
    assert [one.value for one in Kind] == ["1", "2", "3"]
    assert {one.kind for one in Method} == set(Kind)


@pytest.mark.parametrize(("second", "shown"), RFC_6238.items())
def test_codes_are_those_of_rfc_6238(second: int, shown: str) -> None:
    step = second // otp.STEP_S
    assert otp.step_of(RFC_SECRET, shown[-6:], second * 1000, step - 1) == step
    assert otp.step_of(RFC_SECRET, shown[-6:], second * 1000, step) is None


@drawn(st.text(max_size=8))
def test_no_text_is_a_code_by_its_shape(text: str) -> None:
    found = otp.step_of(RFC_SECRET, text, 59_000, -1)
    near = {"287082", "755224", "359152"}  # the steps around it: RFC 4226, appendix D
    assert found is None or text in near


def test_a_sealed_secret_opens_for_its_own_account_only() -> None:
    sealed = otp.seal(RFC_SECRET, FACILITY, "a", KEY)
    assert RFC_SECRET not in sealed
    assert otp.unseal(sealed, FACILITY, "a", KEY) == RFC_SECRET
    for place, name in ((FACILITY, "b"), (OTHER, "a")):
        with pytest.raises(otp.SealBrokenError):
            otp.unseal(sealed, place, name, KEY)


def test_a_password_fits_however_it_was_typed() -> None:
    """A Japanese keyboard gives full-width letters; they are the same ones."""
    kept = password.hashed("ｐａｓｓｐｈｒａｓｅ１２", b"s" * 16, QUICK)
    assert password.fits("passphrase12", kept)
    assert not password.fits("passphrase13", kept)
    assert "passphrase" not in kept


def test_the_costs_of_a_real_password_are_owasps() -> None:
    kept = password.hashed(PASSWORD, b"s" * 16, password.Cost())
    assert kept.startswith("scrypt$15$8$3$")
    assert password.fits(PASSWORD, kept)


@pytest.mark.parametrize(
    "weak", ["", "short", "x" * 11, "a" * 40, "abcd" * 10, "my m-sato word", "é" * 129]
)
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(password.WeakPasswordError):
        password.check(weak, "m-sato")


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "a-", "a" * 33, "あ", "a/b"])
def test_an_account_is_a_plain_word(name: str) -> None:
    with pytest.raises(ValueError, match="an account is"):
        account_name(name)


# -- enrolment -------------------------------
def test_whoever_enrols_signs_in_with_both_factors(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    token = signs_in(accounts, phone)
    found = accounts.session(FACILITY, token, NOW)
    assert found is not None
    assert (found.account, found.role) == ("m-sato", Role.CLINICIAN)


def test_an_enrolment_secret_works_once(accounts: Accounts) -> None:
    at = NOW
    secret = accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", at).secret
    phone = Phone(accounts.begin_enrolment(FACILITY, "m-sato", secret, PASSWORD, at))
    accounts.finish_enrolment(FACILITY, "m-sato", secret, phone.code(at), at)
    with pytest.raises(EnrolmentRefusedError):
        accounts.begin_enrolment(FACILITY, "m-sato", secret, "another sentence", at)


def test_begun_again_before_its_end_the_last_telephone_counts(
    accounts: Accounts,
) -> None:
    secret = accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", NOW).secret
    begin = (FACILITY, "m-sato", secret, PASSWORD, NOW)
    lost, phone = (Phone(accounts.begin_enrolment(*begin)) for _ in range(2))
    with pytest.raises(SignInRefusedError):
        accounts.finish_enrolment(FACILITY, "m-sato", secret, lost.code(NOW), NOW)
    accounts.finish_enrolment(FACILITY, "m-sato", secret, phone.code(NOW), NOW)


def test_a_secret_that_is_over_or_is_not_it_is_refused(accounts: Accounts) -> None:
    secret = accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", NOW).secret
    for place, name, what, at in (
        (FACILITY, "m-sato", secret, NOW + ENROLMENT_MS),
        (FACILITY, "m-sato", secret[:-1], NOW),
        (FACILITY, "nobody", secret, NOW),
        (OTHER, "m-sato", secret, NOW),
    ):
        with pytest.raises(EnrolmentRefusedError):
            accounts.begin_enrolment(place, name, what, PASSWORD, at)


def test_without_a_confirmed_code_nobody_signs_in(accounts: Accounts) -> None:
    secret = accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", NOW).secret
    phone = Phone(accounts.begin_enrolment(FACILITY, "m-sato", secret, PASSWORD, NOW))
    with pytest.raises(SignInRefusedError):
        signs_in(accounts, phone)


def test_invited_again_the_old_factors_and_sessions_are_over(
    accounts: Accounts,
) -> None:
    phone = enrolled(accounts)
    token = signs_in(accounts, phone)
    accounts.invite(FACILITY, "m-sato", NOW)
    assert accounts.session(FACILITY, token, NOW) is None
    with pytest.raises(SignInRefusedError):
        signs_in(accounts, phone, NOW + STEP_MS)
    with pytest.raises(AccountUnknownError):
        accounts.invite(FACILITY, "nobody", NOW)


# -- sign-in ---------------------------------------------------------------------------
def test_two_things_one_knows_do_not_sign_in(accounts: Accounts) -> None:
    enrolled(accounts)
    two = [Given(Method.PASSWORD, PASSWORD), Given(Method.PIN, "1234")]
    with pytest.raises(SameKindError):
        accounts.sign_in(FACILITY, "m-sato", two, NOW)


def test_a_factor_that_we_cannot_check_is_not_believed(accounts: Accounts) -> None:
    enrolled(accounts)
    two = [Given(Method.PASSWORD, PASSWORD), Given(Method.FACE, "it is me")]
    with pytest.raises(SignInRefusedError):
        accounts.sign_in(FACILITY, "m-sato", two, NOW)


def test_one_wrong_factor_is_enough_to_be_refused(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    code = phone.code(NOW)
    other = f"{(int(code) + 1) % 1_000_000:06}"
    for factors in (given(code, "another sentence"), given(other)):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(FACILITY, "m-sato", factors, NOW)
    for place, name in ((OTHER, "m-sato"), (FACILITY, "nobody")):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(place, name, given(code), NOW)


def test_a_used_code_is_refused_a_second_time(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    signs_in(accounts, phone)
    with pytest.raises(SignInRefusedError):
        signs_in(accounts, phone)
    signs_in(accounts, phone, NOW + STEP_MS)


def test_an_older_code_is_refused_after_a_newer_one(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    earlier = phone.code(NOW - STEP_MS)
    signs_in(accounts, phone)
    with pytest.raises(SignInRefusedError):
        accounts.sign_in(FACILITY, "m-sato", given(earlier), NOW)


def test_the_code_that_confirmed_an_enrolment_signs_nobody_in(
    accounts: Accounts,
) -> None:
    secret = accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", NOW).secret
    phone = Phone(accounts.begin_enrolment(FACILITY, "m-sato", secret, PASSWORD, NOW))
    accounts.finish_enrolment(FACILITY, "m-sato", secret, phone.code(NOW), NOW)
    with pytest.raises(SignInRefusedError):
        signs_in(accounts, phone)


def test_pauses_grow_and_the_right_answer_waits_too(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    at, waited = NOW, []
    for _ in range(8):
        with pytest.raises(SignInRefusedError):
            signs_in(accounts, phone, at, password="another sentence")
        try:
            signs_in(accounts, phone, at, password="another sentence")
        except PausedError as paused:
            waited.append(paused.until - at)
            with pytest.raises(PausedError):
                signs_in(accounts, phone, paused.until - 1)
            at = paused.until
        except SignInRefusedError:
            waited.append(0)
    grown = [one for one in waited if one]
    assert grown == sorted(set(grown))
    signs_in(accounts, phone, at)


def test_after_a_sign_in_tries_are_counted_anew(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    for day in range(5):
        at = NOW + day * 100 * STEP_MS
        for _ in range(lockout.FREE - 1):
            with pytest.raises(SignInRefusedError):
                signs_in(accounts, phone, at, password="another sentence")
        signs_in(accounts, phone, at)


def test_locked_for_good_until_an_administrator_opens(
    accounts: Accounts, stores: Stores
) -> None:
    phone = enrolled(accounts)
    account = stores.accounts.account(FACILITY, "m-sato")
    assert account is not None
    stores.accounts.claim(account, lockout.LOCKED_AT, lockout.FOR_EVER)
    for at in (NOW, NOW + 10**12):
        with pytest.raises(PausedError):
            signs_in(accounts, phone, at)
    accounts.reopen(FACILITY, "m-sato")
    signs_in(accounts, phone)


@drawn(st.integers(0, 10**6))
def test_no_number_of_failures_shortens_the_pause(failures: int) -> None:
    assert lockout.pause(failures) <= lockout.pause(failures + 1)
    assert lockout.pause(failures) <= lockout.LONGEST_PAUSE_MS


def test_a_computer_gone_mad_does_not_take_the_thread_from_the_others(
    accounts: Accounts,
) -> None:
    """Nobody's account is paused by it, but its own facility waits for the minute."""
    two = given("000000")
    for _ in range(lockout.TRIES):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(FACILITY, "nobody", two, NOW)
    with pytest.raises(PausedError) as paused:
        accounts.sign_in(FACILITY, "nobody", two, NOW)
    for place, at in ((OTHER, NOW), (FACILITY, paused.value.until)):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(place, "nobody", two, at)


def test_two_tries_at_the_same_moment_are_not_one(
    accounts: Accounts, stores: Stores
) -> None:
    """Whoever read the count before the other wrote it does not get a free try."""
    enrolled(accounts)
    read = stores.accounts.account(FACILITY, "m-sato")
    assert read is not None
    assert stores.accounts.claim(read, read.failures + 1, 0)
    assert not stores.accounts.claim(read, read.failures + 1, 0)


def test_one_code_begins_one_session_even_at_the_same_moment(
    accounts: Accounts, stores: Stores
) -> None:
    phone = enrolled(accounts)
    signs_in(accounts, phone)
    (session, account) = stores.accounts.session(
        signs_in(accounts, phone, NOW + STEP_MS)
    ) or (
        None,
        None,
    )
    assert session is not None
    assert account is not None
    again = replace(session, token_hash=b"n" * 32)
    assert not stores.accounts.begin(again, account.otp_step)
    assert stores.accounts.session(b"n" * 32) is None


def test_signed_out_is_out(accounts: Accounts) -> None:
    token = signs_in(accounts, enrolled(accounts))
    accounts.sign_out(token)
    assert accounts.session(FACILITY, token, NOW) is None


def test_old_sessions_are_forgotten(accounts: Accounts) -> None:
    signs_in(accounts, enrolled(accounts))
    assert accounts.forget(NOW + 1) == 0
    assert accounts.forget(NOW + ENROLMENT_MS) == 1


def test_no_secret_is_kept_as_it_is(accounts: Accounts, stores: Stores) -> None:
    phone = enrolled(accounts)
    token, session = accounts.sign_in(FACILITY, "m-sato", given(phone.code(NOW)), NOW)
    kept = stores.accounts.account(FACILITY, "m-sato")
    assert kept is not None
    assert PASSWORD not in kept.password
    assert session.token_hash == digest(token)
    assert kept.otp is not None
    assert len(kept.otp) == otp.SECRET_BYTES + 16
    assert PASSWORD not in repr(given(phone.code(NOW)))


# -- management -------------------------------
def test_an_account_is_added_once(accounts: Accounts) -> None:
    accounts.add(FACILITY, "m-sato", Role.CLINICIAN, "佐藤", NOW)
    with pytest.raises(AccountExistsError):
        accounts.add(FACILITY, "m-sato", Role.RECEPTION, "佐藤", NOW)
    accounts.add(OTHER, "m-sato", Role.RECEPTION, "佐藤", NOW)
    assert [one.role for one in accounts.accounts(FACILITY)] == [Role.CLINICIAN]


def test_a_disabled_account_does_not_sign_in(accounts: Accounts) -> None:
    phone = enrolled(accounts)
    token = signs_in(accounts, phone)
    accounts.disable(FACILITY, "m-sato")
    assert accounts.session(FACILITY, token, NOW) is None
    with pytest.raises(SignInRefusedError):
        signs_in(accounts, phone, NOW + STEP_MS)
    with pytest.raises(AccountUnknownError):
        accounts.disable(FACILITY, "nobody")


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    for name in ("a", "b"):
        accounts.add(FACILITY, name, Role.ADMINISTRATOR, "管理者", NOW)
    accounts.disable(FACILITY, "a")
    with pytest.raises(LastAdministratorError):
        accounts.disable(FACILITY, "b")
