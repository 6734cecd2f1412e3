"""Staff of a facility: who is at the door, who may sign in, who is taken in."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from cloud.accounts import otp, password
from cloud.accounts.bulk import Line, Plan, only_administrator
from cloud.accounts.bulk import plan as planned
from cloud.accounts.errors import (
    AccountExistsError,
    AccountUnknownError,
    EnrolmentRefusedError,
    LastAdministratorError,
    PausedError,
    SignInRefusedError,
)
from cloud.accounts.factors import CHECKED_HERE, Method, two_kinds
from cloud.accounts.lockout import Pace, paused_until
from cloud.accounts.model import (
    ABSOLUTE_MS,
    ENROLMENT_MS,
    TOKEN_BYTES,
    TOUCH_MS,
    Account,
    Role,
    Session,
    SignedIn,
    account_name,
    display_name,
)
from protocol.ids import FacilityCode


class AccountStore(Protocol):
    """Every method that writes is one transaction. bool: whether it found its row."""

    def account(self, facility: FacilityCode, account: str) -> Account | None: ...

    def accounts(self, facility: FacilityCode) -> list[Account]:
        """By account."""
        ...

    def take(self, new: Sequence[Account], changed: Sequence[Account]) -> bool:
        """Insert the new, take over name and role of the changed.

        False, and nothing is changed, when one of the new is there already.
        """
        ...

    def disable(self, facility: FacilityCode, account: str) -> bool:
        """And end its sessions."""
        ...

    def invite(
        self, facility: FacilityCode, account: str, enrolment: bytes, until: int
    ) -> bool:
        """Enabled, without factors, failures or sessions, until it enrols."""
        ...

    def begin_enrolment(self, account: Account) -> bool:
        """Its password and unconfirmed OTP, if its enrolment still stands."""
        ...

    def finish_enrolment(self, account: Account, step: int) -> bool:
        """The OTP is confirmed by this step, and the enrolment is used up."""
        ...

    def claim(self, account: Account, failures: int, paused_until: int) -> bool:
        """Count a try, unless another was counted since `account` was read."""
        ...

    def reopen(self, facility: FacilityCode, account: str) -> bool:
        """No failures, no pause."""
        ...

    def begin(self, session: Session, step: int) -> bool:
        """A session, and this OTP step is used; False where it is used already.

        Failures are set back.
        """
        ...

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """It and whose it is, in one look."""
        ...

    def touch(self, token_hash: bytes, now_ms: int) -> None:
        """It is used now. One that was ended meanwhile stays ended."""
        ...

    def end_session(self, token_hash: bytes) -> None: ...

    def forget_sessions(self, began_before: int) -> int:
        """How many."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """One factor, as it was shown."""

    method: Method
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed out once."""

    account: str
    secret: str = field(repr=False)
    until: int


class Accounts:
    """`key` (otp.KEY_BYTES) only where somebody signs in or enrols."""

    def __init__(
        self,
        store: AccountStore,
        key: bytes | None = None,
        *,
        cost: password.Cost | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._store = store
        self._key = key
        self._cost = cost or password.Cost()
        self._random = random
        self._pace = Pace()
        # Whoever does not exist takes as long as somebody who does.
        self._nobody = ""

    # -- at the door -----------------------------------------------------------------
    def session(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> SignedIn | None:
        """Over, signed out, disabled, or of another facility: None."""
        found = self._store.session(token_hash)
        if found is None:
            return None
        session, account = found
        here = session.facility == facility
        if not here or not session.living(now_ms) or account.disabled:
            return None
        if now_ms - session.seen >= TOUCH_MS:
            self._store.touch(token_hash, now_ms)
        return SignedIn(account.account, account.role)

    def sign_in(
        self, facility: FacilityCode, name: str, given: Sequence[Given], now_ms: int
    ) -> tuple[str, Session]:
        """A token that is told once, and its session.

        Raises factors.SameKindError, PausedError, SignInRefusedError.
        """
        two_kinds([one.method for one in given])
        if until := self._pace.counted(facility, now_ms):
            raise PausedError(until)
        account = self._counted(facility, name, now_ms)
        shown = {one.method: one.value for one in given}
        step = self._judged(account, shown, now_ms)
        if account is None or step is None:
            raise SignInRefusedError
        token = self._secret()
        session = Session(digest(token), facility, name, now_ms, now_ms)
        if not self._store.begin(session, step):
            raise SignInRefusedError
        return token, session

    def sign_out(self, token_hash: bytes) -> None:
        self._store.end_session(token_hash)

    def forget(self, now_ms: int) -> int:
        return self._store.forget_sessions(now_ms - ABSOLUTE_MS)

    def _counted(
        self, facility: FacilityCode, name: str, now_ms: int
    ) -> Account | None:
        """The account, after this try was counted. Raises PausedError."""
        account = self._store.account(facility, name)
        if account is None:
            return None
        if now_ms < account.paused_until:
            raise PausedError(account.paused_until)
        failures = account.failures + 1
        until = paused_until(failures, now_ms)
        if not self._store.claim(account, failures, until):
            # Somebody tries at the same moment: one try at a time.
            raise PausedError(now_ms)
        return account

    def _judged(
        self, account: Account | None, shown: dict[Method, str], now_ms: int
    ) -> int | None:
        """The OTP step, when everything fits. The password is always worked out."""
        known = account is not None and account.enrolled and not account.disabled
        kept = account.password if account and known else self._nobodys()
        right = password.fits(shown.get(Method.PASSWORD, ""), kept)
        if account is None or not known or not right or shown.keys() != CHECKED_HERE:
            return None
        secret = self._unsealed(account)
        code = shown[Method.ONE_TIME_PASSWORD]
        return otp.step_of(secret, code, now_ms, account.otp_step)

    # -- enrolment -------------------------------------------------------------------
    def begin_enrolment(
        self,
        facility: FacilityCode,
        name: str,
        secret: str,
        new_password: str,
        now_ms: int,
    ) -> str:
        """The authenticator's URI; until confirmed it may be begun again.

        Raises EnrolmentRefusedError, password.WeakPasswordError.
        """
        account = self._invited(facility, name, secret, now_ms)
        password.check(new_password, name)
        salt = self._random(password.SALT_BYTES)
        otp_secret = self._random(otp.SECRET_BYTES)
        begun = replace(
            account,
            password=password.hashed(new_password, salt, self._cost),
            otp=otp.seal(otp_secret, facility, name, self._sealing()),
        )
        if not self._store.begin_enrolment(begun):
            raise EnrolmentRefusedError
        return otp.uri(otp_secret, facility, name)

    def finish_enrolment(
        self, facility: FacilityCode, name: str, secret: str, code: str, now_ms: int
    ) -> None:
        """Raises EnrolmentRefusedError, SignInRefusedError: wrong code."""
        account = self._invited(facility, name, secret, now_ms)
        if account.otp is None:
            raise EnrolmentRefusedError
        step = otp.step_of(self._unsealed(account), code, now_ms, account.otp_step)
        if step is None:
            raise SignInRefusedError
        if not self._store.finish_enrolment(account, step):
            raise EnrolmentRefusedError

    def _invited(
        self, facility: FacilityCode, name: str, secret: str, now_ms: int
    ) -> Account:
        # Not counted as a try: the secret is of 32 random bytes.
        account = self._store.account(facility, name)
        if account is None or account.enrolment is None or account.disabled:
            raise EnrolmentRefusedError
        over = account.enrolment_until is None or account.enrolment_until <= now_ms
        if over or not hmac.compare_digest(digest(secret), account.enrolment):
            raise EnrolmentRefusedError
        return account

    # -- management ------------------------------------------------------------------
    def accounts(self, facility: FacilityCode) -> list[Account]:
        return self._store.accounts(facility)

    def add(
        self, facility: FacilityCode, name: str, role: Role, shown: str, now_ms: int
    ) -> Invitation:
        """Raises ValueError for a name that is none, AccountExistsError."""
        one = Account(facility, account_name(name), display_name(shown), role, now_ms)
        new, (invitation,) = self.invitations([one], now_ms)
        if not self._store.take(new, []):
            raise AccountExistsError
        return invitation

    def invitations(
        self, accounts: Sequence[Account], now_ms: int
    ) -> tuple[list[Account], list[Invitation]]:
        """New accounts with the hashes of their secrets, and the secrets."""
        until = now_ms + ENROLMENT_MS
        made = [Invitation(one.account, self._secret(), until) for one in accounts]
        sealed = [
            replace(one, enrolment=digest(given.secret), enrolment_until=until)
            for one, given in zip(accounts, made, strict=True)
        ]
        return sealed, made

    def plan(self, facility: FacilityCode, lines: Iterable[Line], now_ms: int) -> Plan:
        """What a file comes to here; nothing is changed."""
        existing = {one.account: one for one in self._store.accounts(facility)}
        return planned(facility, lines, existing, now_ms)

    def apply(self, plan: Plan, new: Sequence[Account]) -> None:
        """`new` are the plan's, with invitations. Raises AccountExistsError.

        Then somebody else was at it, and nothing was taken.
        """
        if not self._store.take(new, plan.changed):
            raise AccountExistsError

    def invite(self, facility: FacilityCode, name: str, now_ms: int) -> Invitation:
        """Once more, after a lost telephone: its factors and sessions end.

        Raises AccountUnknownError.
        """
        secret, until = self._secret(), now_ms + ENROLMENT_MS
        if not self._store.invite(facility, name, digest(secret), until):
            raise AccountUnknownError
        return Invitation(name, secret, until)

    def disable(self, facility: FacilityCode, name: str) -> None:
        """Raises AccountUnknownError, LastAdministratorError."""
        if only_administrator(self._store.accounts(facility), name):
            raise LastAdministratorError
        if not self._store.disable(facility, name):
            raise AccountUnknownError

    def reopen(self, facility: FacilityCode, name: str) -> None:
        """Raises AccountUnknownError."""
        if not self._store.reopen(facility, name):
            raise AccountUnknownError

    # -- secrets -----------------------------------------------------------------------
    def _secret(self) -> str:
        return urlsafe_b64encode(self._random(TOKEN_BYTES)).decode().rstrip("=")

    def _sealing(self) -> bytes:
        if self._key is None:
            raise AssertionError("this program was given no key of accounts")
        return self._key

    def _unsealed(self, account: Account) -> bytes:
        sealed = account.otp or b""
        return otp.unseal(sealed, account.facility, account.account, self._sealing())

    def _nobodys(self) -> str:
        if not self._nobody:
            salt = self._random(password.SALT_BYTES)
            self._nobody = password.hashed("", salt, self._cost)
        return self._nobody


def digest(token: str) -> bytes:
    """What is kept of a token or a secret."""
    return hashlib.sha256(token.encode()).digest()
