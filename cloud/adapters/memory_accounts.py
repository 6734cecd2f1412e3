"""Staff accounts in memory."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cloud.accounts.model import NO_STEP, Account, Session
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

    def take(self, new: Sequence[Account], changed: Sequence[Account]) -> bool:
        if any((one.facility, one.account) in self._accounts for one in new):
            return False
        self._accounts.update({(one.facility, one.account): one for one in new})
        for one in changed:
            self._change(one.facility, one.account, name=one.name, role=one.role)
        return True

    def disable(self, facility: FacilityCode, account: str) -> bool:
        self._end_all(facility, account)
        return self._change(facility, account, disabled=True)

    def invite(
        self, facility: FacilityCode, account: str, enrolment: bytes, until: int
    ) -> bool:
        self._end_all(facility, account)
        return self._change(
            facility,
            account,
            disabled=False,
            password="",
            otp=None,
            otp_confirmed=False,
            otp_step=NO_STEP,
            enrolment=enrolment,
            enrolment_until=until,
            failures=0,
            paused_until=0,
        )

    def begin_enrolment(self, account: Account) -> bool:
        if not self._stands(account):
            return False
        values = {"password": account.password, "otp": account.otp}
        return self._change(account.facility, account.account, **values)

    def finish_enrolment(self, account: Account, step: int) -> bool:
        if not self._stands(account):
            return False
        return self._change(
            account.facility,
            account.account,
            otp_confirmed=True,
            otp_step=step,
            enrolment=None,
            enrolment_until=None,
        )

    def claim(self, account: Account, failures: int, paused_until: int) -> bool:
        known = self._accounts[account.facility, account.account]
        if known.failures != account.failures:
            return False
        values = {"failures": failures, "paused_until": paused_until}
        return self._change(account.facility, account.account, **values)

    def reopen(self, facility: FacilityCode, account: str) -> bool:
        return self._change(facility, account, failures=0, paused_until=0)

    def begin(self, session: Session, step: int) -> bool:
        known = self._accounts[session.facility, session.account]
        if known.otp_step >= step or known.disabled:
            return False
        self._sessions[session.token_hash] = session
        values = {"otp_step": step, "failures": 0, "paused_until": 0}
        return self._change(session.facility, session.account, **values)

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        found = self._sessions.get(token_hash)
        if found is None:
            return None
        return found, self._accounts[found.facility, found.account]

    def touch(self, token_hash: bytes, now_ms: int) -> None:
        if found := self._sessions.get(token_hash):
            self._sessions[token_hash] = replace(found, seen=now_ms)

    def end_session(self, token_hash: bytes) -> None:
        self._sessions.pop(token_hash, None)

    def forget_sessions(self, began_before: int) -> int:
        kept = {d: one for d, one in self._sessions.items() if one.began > began_before}
        gone, self._sessions = len(self._sessions) - len(kept), kept
        return gone

    def _end_all(self, facility: FacilityCode, account: str) -> None:
        self._sessions = {
            digest: one
            for digest, one in self._sessions.items()
            if (one.facility, one.account) != (facility, account)
        }

    def _stands(self, account: Account) -> bool:
        known = self._accounts.get((account.facility, account.account))
        if known is None or known.disabled or known.enrolment is None:
            return False
        return known.enrolment == account.enrolment

    def _change(self, facility: FacilityCode, account: str, **values: Any) -> bool:
        known = self._accounts.get((facility, account))
        if known:
            self._accounts[facility, account] = replace(known, **values)
        return known is not None
