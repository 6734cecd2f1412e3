"""Staff accounts and sessions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from cloud.accounts.model import Account, Role, Session
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new, upsert
from cloud.adapters.sql.tables_accounts import accounts, staff_sessions
from protocol.ids import FacilityCode

_one, _session = accounts.c, staff_sessions.c
_HERE = and_(
    _one.facility_code == bindparam("facility"), _one.account == bindparam("name")
)
_ACCOUNT = Statement(select(accounts).where(_HERE))
_ACCOUNTS = Statement(
    select(accounts)
    .where(_one.facility_code == bindparam("facility"))
    .order_by(_one.account)
)
_PUT = upsert(accounts)
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
        _session.account == bindparam("name"),
    )
)


class SqlAccounts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def account(self, facility: FacilityCode, account: str) -> Account | None:
        row = self._database.run(_ACCOUNT, facility=facility, name=account).fetchone()
        return _account(row) if row else None

    def accounts(self, facility: FacilityCode) -> list[Account]:
        return list(map(_account, self._database.run(_ACCOUNTS, facility=facility)))

    def put_accounts(self, accounts: Sequence[Account]) -> None:
        with self._database.transaction():
            self._database.many(_PUT, list(map(_row, accounts)))

    def session(self, token_hash: bytes) -> tuple[Session, Account] | None:
        row = self._database.run(_SESSION, token=token_hash).fetchone()
        if row is None:
            return None
        digest, facility, account, began, seen, *rest = row
        session = Session(bytes(digest), FacilityCode(facility), account, began, seen)
        return session, _account(rest)

    def put_session(self, session: Session) -> None:
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

    def end_sessions(self, facility: FacilityCode, account: str) -> None:
        self._database.run(_END_ALL, facility=facility, name=account)


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
