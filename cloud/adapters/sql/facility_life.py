"""Facilities' lives: the place and its history, certificates, settings, addresses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, insert, not_, select, update

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new, upsert
from cloud.adapters.sql.tables_facilities import (
    certificate_notices,
    facilities,
    facility_addresses,
    facility_certificates,
    facility_history,
    facility_switches,
    facility_terms,
)
from cloud.facilities.address import Address, AddressKind, Issued
from cloud.facilities.certificate import Band, ClientCertificate, ExpiryNotice
from cloud.facilities.ladder import Move, State
from cloud.facilities.place import Facility, Profile, Step
from cloud.facilities.terms import Acceptance, Setting, Switch
from protocol.ids import FacilityCode

_place, _certificate, _notice = (
    facilities.c,
    facility_certificates.c,
    certificate_notices.c,
)
_PLACE = Statement(select(facilities).where(_place.code == bindparam("code")))
_PLACES = Statement(select(facilities).order_by(_place.code))
_STARTING = Statement(
    select(facilities)
    .where(
        _place.start_day <= bindparam("day"),
        _place.state == bindparam("ready"),
    )
    .order_by(_place.code)
)
_NEW_PLACE = insert_new(facilities)
_NAME_PLACE = Statement(
    update(facilities)
    .where(_place.code == bindparam("which"))
    .values({one: bindparam(one) for one in ("name", "profile", "prefecture")})
)
_MOVE = Statement(
    update(facilities)
    .where(_place.code == bindparam("which"), _place.steps == bindparam("before"))
    .values({one: bindparam(one) for one in ("state", "steps", "start_day")})
)
_PUT_STEP = Statement(insert(facility_history))
_HISTORY = Statement(
    select(facility_history)
    .where(facility_history.c.facility_code == bindparam("code"))
    .order_by(facility_history.c.seq)
)
_BY_FINGERPRINT = Statement(
    select(facility_certificates).where(_certificate.fingerprint == bindparam("digest"))
)
_OF_FACILITY = Statement(
    select(facility_certificates)
    .where(_certificate.facility_code == bindparam("code"))
    .order_by(_certificate.not_after, _certificate.fingerprint)
)
_UNTOLD = Statement(
    select(facility_certificates).where(
        _certificate.not_after >= bindparam("begins"),
        _certificate.not_after < bindparam("ends"),
        _certificate.revoked_at.is_(None),
        not_(
            exists().where(
                _notice.fingerprint == _certificate.fingerprint,
                _notice.days == bindparam("step"),
            )
        ),
    )
)
_PUT_CERTIFICATE = upsert(facility_certificates)
_NEW_NOTICE = insert_new(
    certificate_notices, ("facility_code", "fingerprint", "days", "at")
)
_NOTICES = Statement(
    select(_notice.id, _notice.fingerprint, _notice.days, _notice.at)
    .where(_notice.facility_code == bindparam("code"), _notice.id > bindparam("after"))
    .order_by(_notice.id)
)
_ACCEPTANCES = Statement(
    select(facility_terms)
    .where(facility_terms.c.facility_code == bindparam("code"))
    .order_by(facility_terms.c.at, facility_terms.c.setting)
)
_NEW_ACCEPTANCE = insert_new(facility_terms)
_SWITCHES = Statement(
    select(facility_switches).where(
        facility_switches.c.facility_code == bindparam("code")
    )
)
_PUT_SWITCH = upsert(facility_switches)
_ADDRESS = Statement(
    select(facility_addresses).where(
        facility_addresses.c.facility_code == bindparam("code"),
        facility_addresses.c.kind == bindparam("which"),
    )
)
_ISSUED = Statement(select(facility_addresses.c.kind).limit(1))
_PUT_ADDRESS = upsert(facility_addresses)


class SqlLife:
    def __init__(self, database: Database) -> None:
        self._database = database

    # -- the place ----------------------------------------------------------------
    def facility(self, code: FacilityCode) -> Facility | None:
        row = self._database.run(_PLACE, code=code).fetchone()
        return _facility(row) if row else None

    def facilities(self) -> list[Facility]:
        return list(map(_facility, self._database.run(_PLACES)))

    def put_facility(self, facility: Facility) -> bool:
        with self._database.transaction():
            row = self._database.run(_PLACE, code=facility.code).fetchone()
            words = (facility.name, facility.profile.value, facility.prefecture)
            if row is None:
                self._database.run(_NEW_PLACE, **_place_row(facility))
                return True
            if tuple(row[1:4]) == words:
                return False
            name, profile, prefecture = words
            self._database.run(
                _NAME_PLACE,
                which=facility.code,
                name=name,
                profile=profile,
                prefecture=prefecture,
            )
            return True

    def step(self, facility: Facility, step: Step) -> bool:
        day = _text(facility.start_day)
        with self._database.transaction():
            moved = self._database.run(
                _MOVE,
                which=facility.code,
                before=step.number - 1,
                state=facility.state.value,
                steps=facility.steps,
                start_day=day,
            )
            if moved.rowcount != 1:
                return False
            self._database.run(
                _PUT_STEP,
                facility_code=step.facility,
                seq=step.number,
                at=step.at,
                who=step.who,
                move=step.move.value,
                was=step.was.value,
                became=step.became.value,
                start_day=_text(step.start_day),
            )
        return True

    def history(self, code: FacilityCode) -> list[Step]:
        return list(map(_step, self._database.run(_HISTORY, code=code)))

    def starting(self, day: date) -> list[Facility]:
        rows = self._database.run(
            _STARTING, day=day.isoformat(), ready=State.READY.value
        )
        return list(map(_facility, rows))

    # -- certificates --------------------------------------------------------------
    def certificate(self, fingerprint: bytes) -> ClientCertificate | None:
        row = self._database.run(_BY_FINGERPRINT, digest=fingerprint).fetchone()
        return _client(row) if row else None

    def certificates(self, code: FacilityCode) -> list[ClientCertificate]:
        return list(map(_client, self._database.run(_OF_FACILITY, code=code)))

    def untold(self, band: Band) -> list[ClientCertificate]:
        rows = self._database.run(
            _UNTOLD, begins=band.begins, ends=band.ends, step=band.days
        )
        return list(map(_client, rows))

    def put_certificates(self, certificates: Sequence[ClientCertificate]) -> None:
        rows = [
            {
                "fingerprint": one.fingerprint,
                "facility_code": one.facility,
                "not_before": one.not_before,
                "not_after": one.not_after,
                "registered_at": one.registered_at,
                "revoked_at": one.revoked_at,
            }
            for one in certificates
        ]
        with self._database.transaction():
            self._database.many(_PUT_CERTIFICATE, rows)

    def tell(self, notices: Sequence[ExpiryNotice]) -> list[ExpiryNotice]:
        with self._database.transaction():
            return [one for one in notices if self._tell(one)]

    def _tell(self, one: ExpiryNotice) -> bool:
        told = self._database.run(
            _NEW_NOTICE,
            facility_code=one.facility,
            fingerprint=one.fingerprint,
            days=one.days,
            at=one.at,
        )
        return told.rowcount == 1

    def expiry_notices(
        self, code: FacilityCode, after: int
    ) -> list[tuple[int, ExpiryNotice]]:
        rows = self._database.run(_NOTICES, code=code, after=after)
        return [
            (number, ExpiryNotice(code, bytes(fingerprint), days, at))
            for number, fingerprint, days, at in rows
        ]

    # -- settings and addresses ------------------------------------------------------
    def acceptances(self, code: FacilityCode) -> list[Acceptance]:
        return [
            Acceptance(code, Setting(setting), version, who, at)
            for _, setting, version, who, at in self._database.run(
                _ACCEPTANCES, code=code
            )
        ]

    def accept(self, acceptance: Acceptance) -> None:
        self._database.run(
            _NEW_ACCEPTANCE,
            facility_code=acceptance.facility,
            setting=acceptance.setting.value,
            version=acceptance.version,
            who=acceptance.who,
            at=acceptance.at,
        )

    def switches(self, code: FacilityCode) -> dict[Setting, Switch]:
        rows = self._database.run(_SWITCHES, code=code)
        return {
            Setting(setting): Switch(code, Setting(setting), bool(on), who, at)
            for _, setting, on, who, at in rows
        }

    def put_switch(self, switch: Switch) -> None:
        self._database.run(
            _PUT_SWITCH,
            facility_code=switch.facility,
            setting=switch.setting.value,
            is_on=int(switch.on),
            who=switch.who,
            at=switch.at,
        )

    def address(self, code: FacilityCode, kind: AddressKind) -> Issued | None:
        row = self._database.run(_ADDRESS, code=code, which=kind.value).fetchone()
        if row is None:
            return None
        _, _, generation, who, at, revoked = row
        return Issued(Address(code, kind, generation), who, at, revoked)

    def anything_issued(self) -> bool:
        """Whether an address rests on the key."""
        return self._database.run(_ISSUED).fetchone() is not None

    def put_address(self, issued: Issued) -> None:
        self._database.run(
            _PUT_ADDRESS,
            facility_code=issued.address.facility,
            kind=issued.address.kind.value,
            generation=issued.address.generation,
            who=issued.who,
            issued_at=issued.at,
            revoked_at=issued.revoked_at,
        )


def _facility(row: Any) -> Facility:
    code, name, profile, prefecture, state, steps, day = row
    return Facility(
        FacilityCode(code),
        name,
        Profile(profile),
        prefecture,
        State(state),
        steps,
        _day(day),
    )


def _place_row(one: Facility) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "profile": one.profile.value,
        "prefecture": one.prefecture,
        "state": one.state.value,
        "steps": one.steps,
        "start_day": _text(one.start_day),
    }


def _step(row: Any) -> Step:
    code, number, at, who, move, was, became, day = row
    place = FacilityCode(code)
    return Step(
        place, number, at, who, Move(move), State(was), State(became), _day(day)
    )


def _client(row: Any) -> ClientCertificate:
    fingerprint, code, *times = row
    return ClientCertificate(bytes(fingerprint), FacilityCode(code), *times)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
