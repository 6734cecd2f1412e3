"""Facilities' lives in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cloud.facilities.address import AddressKind, Issued
from cloud.facilities.certificate import Band, ClientCertificate, ExpiryNotice
from cloud.facilities.ladder import State
from cloud.facilities.place import Facility, Step
from cloud.facilities.terms import Acceptance, Setting, Switch
from protocol.ids import FacilityCode


class MemoryLife:
    def __init__(self) -> None:
        self._places: dict[FacilityCode, Facility] = {}
        self._steps: list[Step] = []
        self._certificates: dict[bytes, ClientCertificate] = {}
        self._notices: list[ExpiryNotice] = []
        self._accepted: dict[tuple[FacilityCode, Setting, str], Acceptance] = {}
        self._switches: dict[tuple[FacilityCode, Setting], Switch] = {}
        self._addresses: dict[tuple[FacilityCode, AddressKind], Issued] = {}

    def facility(self, code: FacilityCode) -> Facility | None:
        return self._places.get(code)

    def facilities(self) -> list[Facility]:
        return [self._places[code] for code in sorted(self._places)]

    def put_facility(self, facility: Facility) -> bool:
        known = self._places.get(facility.code)
        if known:
            facility = replace(
                known,
                name=facility.name,
                profile=facility.profile,
                prefecture=facility.prefecture,
            )
        self._places[facility.code] = facility
        return facility != known

    def step(self, facility: Facility, step: Step) -> bool:
        known = self._places[facility.code]
        if known.steps != step.number - 1:
            return False
        self._places[facility.code] = replace(
            known,
            state=facility.state,
            steps=facility.steps,
            start_day=facility.start_day,
        )
        self._steps.append(step)
        return True

    def history(self, code: FacilityCode) -> list[Step]:
        return [one for one in self._steps if one.facility == code]

    def starting(self, day: date) -> list[Facility]:
        return [
            one
            for one in self.facilities()
            if one.state is State.READY and one.start_day and one.start_day <= day
        ]

    def certificate(self, fingerprint: bytes) -> ClientCertificate | None:
        return self._certificates.get(fingerprint)

    def certificates(self, code: FacilityCode) -> list[ClientCertificate]:
        found = [one for one in self._certificates.values() if one.facility == code]
        return sorted(found, key=lambda one: (one.not_after, one.fingerprint))

    def untold(self, band: Band) -> list[ClientCertificate]:
        told = {(one.fingerprint, one.days) for one in self._notices}
        return [
            one
            for one in self._certificates.values()
            if band.begins <= one.not_after < band.ends
            and one.revoked_at is None
            and (one.fingerprint, band.days) not in told
        ]

    def put_certificates(self, certificates: Sequence[ClientCertificate]) -> None:
        self._certificates.update({one.fingerprint: one for one in certificates})

    def tell(self, notices: Sequence[ExpiryNotice]) -> list[ExpiryNotice]:
        known = {(one.fingerprint, one.days) for one in self._notices}
        new = [one for one in notices if (one.fingerprint, one.days) not in known]
        self._notices.extend(new)
        return new

    def expiry_notices(
        self, code: FacilityCode, after: int
    ) -> list[tuple[int, ExpiryNotice]]:
        return [
            (number, one)
            for number, one in enumerate(self._notices, 1)
            if one.facility == code and number > after
        ]

    def acceptances(self, code: FacilityCode) -> list[Acceptance]:
        return [one for one in self._accepted.values() if one.facility == code]

    def accept(self, acceptance: Acceptance) -> None:
        place = (acceptance.facility, acceptance.setting, acceptance.version)
        self._accepted.setdefault(place, acceptance)

    def switches(self, code: FacilityCode) -> dict[Setting, Switch]:
        return {
            setting: one
            for (facility, setting), one in self._switches.items()
            if facility == code
        }

    def put_switch(self, switch: Switch) -> None:
        self._switches[switch.facility, switch.setting] = switch

    def address(self, code: FacilityCode, kind: AddressKind) -> Issued | None:
        return self._addresses.get((code, kind))

    def put_address(self, issued: Issued) -> None:
        self._addresses[issued.address.facility, issued.address.kind] = issued
