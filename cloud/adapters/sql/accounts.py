"""Staff accounts and sessions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from cloud.accounts.model import NO_STEP, Account, Role, Session
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new
from cloud.adapters.sql.tables_accounts import accounts, staff_sessions
from protocol.ids import FacilityCode

_one, _session = accounts.c, staff_sessions.c
_HERE = and_(
    _one.facility_code == bindparam("facility"), _one.account == bindparam("who")
)
_ACCOUNT = Statement(select(accounts).where(_HERE))
_ACCOUNTS = Statement(
    select(accounts)
    .where(_one.facility_code == bindparam("facility"))
    .order_by(_one.account)
)
_NEW = insert_new(accounts)


def _change(*names: str, only: ColumnElement[bool] | None = None) -> Statement:
    where = _HERE if only is None else and_(_HERE, only)
    new: dict[str, Any] = {one: bindparam(f"new_{one}") for one in names}
    return Statement(update(accounts).where(where).values(new))


_INVITED = and_(_one.enrolment == bindparam("stands"), _one.disabled == bindparam("no"))
_RENAME = _change("name", "role")
_DISABLE = _change("disabled")
_INVITE = _change(
    *("disabled", "password", "otp", "otp_confirmed", "otp_step"),
    *("enrolment", "enrolment_until", "failures", "paused_until"),
)
_BEGIN_ENROLMENT = _change("password", "otp", only=_INVITED)
_FINISH_ENROLMENT = _change(
    "otp_confirmed", "otp_step", "enrolment", "enrolment_until", only=_INVITED
)
_CLAIM = _change("failures", "paused_until", only=_one.failures == bindparam("before"))
_REOPEN = _change("failures", "paused_until")
_USE = _change(
    *("otp_step", "failures", "paused_until"),
    only=and_(_one.otp_step < bindparam("step"), _one.disabled == bindparam("no")),
)
_SESSION = Statement(
    select(staff_sessions, accounts)
    .join(
        accounts,
        and_(
            _one.facility_code == _session.facility_code,
            _one.account == _session.account,
        ),
    )
    .where(_session.token_hash == bindparam("token"))
)
_PUT_SESSION = insert_new(staff_sessions)
_TOUCH = Statement(
    update(staff_sessions)
    .where(_session.token_hash == bindparam("token"))
    .values(seen=bindparam("now"))
)
_END = Statement(
    delete(staff_sessions).where(_session.token_hash == bindparam("token"))
)
_END_ALL = Statement(
    delete(staff_sessions).where(
        _session.facility_code == bindparam("facility"),
        _session.account == bindparam("who"),
    )
)
_SEALED = Statement(select(_one.account).where(_one.otp.is_not(None)).limit(1))
_FORGET = Statement(delete(staff_sessions).where(_session.began <= bindparam("before")))


class SqlAccounts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def account(self, facility: FacilityCode, account: str) -> Account | None:
        row = self._database.run(_ACCOUNT, facility=facility, who=account).fetchone()
        return _account(row) if row else None

    def accounts(self, facility: FacilityCode) -> list[Account]:
        return list(map(_account, self._database.run(_ACCOUNTS, facility=facility)))

    def take(self, new: Sequence[Account], changed: Sequence[Account]) -> bool:
        try:
            with self._database.transaction():
                for one in new:
                    self._insert(one)
                rows = [
                    {
                        "facility": one.facility,
                        "who": one.account,
                        "new_name": one.name,
                        "new_role": one.role.value,
                    }
                    for one in changed
                ]
                self._database.many(_RENAME, rows)
        except _ThereAlreadyError:
            return False
        return True

    def _insert(self, one: Account) -> None:
        if self._database.run(_NEW, **_row(one)).rowcount != 1:
            raise _ThereAlreadyError

    def disable(self, facility: FacilityCode, account: str) -> bool:
        with self._database.transaction():
            self._database.run(_END_ALL, facility=facility, who=account)
            return self._changed(_DISABLE, facility, account, new_disabled=1)

    def invite(
        self, facility: FacilityCode, account: str, enrolment: bytes, until: int
    ) -> bool:
        with self._database.transaction():
            self._database.run(_END_ALL, facility=facility, who=account)
            return self._changed(
                _INVITE,
                facility,
                account,
                new_disabled=0,
                new_password="",
                new_otp=None,
                new_otp_confirmed=0,
                new_otp_step=NO_STEP,
                new_enrolment=enrolment,
                new_enrolment_until=until,
                new_failures=0,
                new_paused_until=0,
            )

    def begin_enrolment(self, account: Account) -> bool:
        return self._changed(
            _BEGIN_ENROLMENT,
            account.facility,
            account.account,
            new_password=account.password,
            new_otp=account.otp,
            stands=account.enrolment,
            no=0,
        )

    def finish_enrolment(self, account: Account, step: int) -> bool:
        return self._changed(
            _FINISH_ENROLMENT,
            account.facility,
            account.account,
            new_otp_confirmed=1,
            new_otp_step=step,
            new_enrolment=None,
            new_enrolment_until=None,
            stands=account.enrolment,
            no=0,
        )

    def claim(self, account: Account, failures: int, paused_until: int) -> bool:
        return self._changed(
            _CLAIM,
            account.facility,
            account.account,
            new_failures=failures,
            new_paused_until=paused_until,
            before=account.failures,
        )

    def reopen(self, facility: FacilityCode, account: str) -> bool:
        values = {"new_failures": 0, "new_paused_until": 0}
        return self._changed(_REOPEN, facility, account, **values)

    def begin(self, session: Session, step: int) -> bool:
        with self._database.transaction():
            used = self._changed(
                _USE,
                session.facility,
                session.account,
                new_otp_step=step,
                new_failures=0,
                new_paused_until=0,
                step=step,
                no=0,
            )
            if used:
                self._put_session(session)
            return used

    def _changed(
        self, statement: Statement, facility: FacilityCode, account: str, **values: Any
    ) -> bool:
        found = self._database.run(statement, facility=facility, who=account, **values)
        return found.rowcount == 1

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        row = self._database.run(_SESSION, token=token_hash).fetchone()
        if row is None:
            return None
        digest, facility, account, began, seen, *rest = row
        session = Session(bytes(digest), FacilityCode(facility), account, began, seen)
        return session, _account(rest)

    def _put_session(self, session: Session) -> None:
        self._database.run(
            _PUT_SESSION,
            token_hash=session.token_hash,
            facility_code=session.facility,
            account=session.account,
            began=session.began,
            seen=session.seen,
        )

    def touch(self, token_hash: bytes, now_ms: int) -> None:
        self._database.run(_TOUCH, token=token_hash, now=now_ms)

    def end_session(self, token_hash: bytes) -> None:
        self._database.run(_END, token=token_hash)

    def anything_sealed(self) -> bool:
        """Whether a second factor rests on the key."""
        return self._database.run(_SEALED).fetchone() is not None

    def forget_sessions(self, began_before: int) -> int:
        return self._database.run(_FORGET, before=began_before).rowcount


class _ThereAlreadyError(Exception):
    pass


def _account(row: Any) -> Account:
    facility, account, name, role, disabled, made_at, password, otp, *rest = row
    confirmed, step, enrolment, until, failures, paused = rest
    return Account(
        FacilityCode(facility),
        account,
        name,
        Role(role),
        made_at,
        bool(disabled),
        password,
        None if otp is None else bytes(otp),
        bool(confirmed),
        step,
        None if enrolment is None else bytes(enrolment),
        until,
        failures,
        paused,
    )


def _row(one: Account) -> dict[str, Any]:
    return {
        "facility_code": one.facility,
        "account": one.account,
        "name": one.name,
        "role": one.role.value,
        "disabled": int(one.disabled),
        "made_at": one.made_at,
        "password": one.password,
        "otp": one.otp,
        "otp_confirmed": int(one.otp_confirmed),
        "otp_step": one.otp_step,
        "enrolment": one.enrolment,
        "enrolment_until": one.enrolment_until,
        "failures": one.failures,
        "paused_until": one.paused_until,
    }
