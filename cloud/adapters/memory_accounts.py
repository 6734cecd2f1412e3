"""Staff accounts in memory."""

from collections.abc import Sequence
from dataclasses import replace

from cloud.accounts.model import Account, Session
from protocol.ids import FacilityCode


class MemoryAccounts:
    def __init__(self) -> None:
        self._accounts: dict[tuple[FacilityCode, str], Account] = {}
        self._sessions: dict[bytes, Session] = {}

    def account(self, facility: FacilityCode, account: str) -> Account | None:
        return self._accounts.get((facility, account))

    def accounts(self, facility: FacilityCode) -> list[Account]:
        found = sorted(self._accounts.items())
        return [one for (place, _), one in found if place == facility]

    def put_accounts(self, accounts: Sequence[Account]) -> None:
        self._accounts.update({(one.facility, one.account): one for one in accounts})

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        found = self._sessions.get(token_hash)
        if found is None:
            return None
        return found, self._accounts[found.facility, found.account]

    def put_session(self, session: Session) -> None:
        self._sessions[session.token_hash] = session

    def touch(self, token_hash: bytes, now_ms: int) -> None:
        if found := self._sessions.get(token_hash):
            self._sessions[token_hash] = replace(found, seen=now_ms)

    def end_session(self, token_hash: bytes) -> None:
        self._sessions.pop(token_hash, None)

    def end_sessions(self, facility: FacilityCode, account: str) -> None:
        self._sessions = {
            digest: one
            for digest, one in self._sessions.items()
            if (one.facility, one.account) != (facility, account)
        }
