"""Who of a facility's staff is at the door."""

from collections.abc import Sequence
from typing import Protocol

from cloud.accounts.model import TOUCH_MS, Account, Session, SignedIn
from protocol.ids import FacilityCode


class AccountStore(Protocol):
    """Every method that writes is one transaction."""

    def account(self, facility: FacilityCode, account: str) -> Account | None: ...

    def accounts(self, facility: FacilityCode) -> list[Account]:
        """By account."""
        ...

    def put_accounts(self, accounts: Sequence[Account]) -> None:
        """Insert or replace by facility and account."""
        ...

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        """It and whose it is, in one look."""
        ...

    def put_session(self, session: Session) -> None: ...

    def touch(self, token_hash: bytes, now_ms: int) -> None:
        """It is used now. One that was ended meanwhile stays ended."""
        ...

    def end_session(self, token_hash: bytes) -> None: ...

    def end_sessions(self, facility: FacilityCode, account: str) -> None: ...


class Accounts:
    def __init__(self, store: AccountStore) -> None:
        self._store = store

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
