"""A facility's life: the ladder, its certificates, its settings, its addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from cloud.facilities.address import Address, AddressKind, Issued, read, token
from cloud.facilities.certificate import Band, ClientCertificate, ExpiryNotice, bands
from cloud.facilities.day import day_of
from cloud.facilities.ladder import Move
from cloud.facilities.place import CALENDAR, Facility, Profile, Step, moved
from cloud.facilities.terms import (
    TERMS,
    Acceptance,
    Setting,
    Switch,
    accepted,
)
from protocol.ids import FacilityCode


class LifeStore(Protocol):
    """Every method that writes is one transaction."""

    def facility(self, code: FacilityCode) -> Facility | None: ...

    def facilities(self) -> list[Facility]:
        """By code."""
        ...

    def put_facility(self, facility: Facility) -> bool:
        """A new one; or another name, profile, prefecture of it. False: as it was."""
        ...

    def step(self, facility: Facility, step: Step) -> bool:
        """Both, unless somebody else moved it since it was read: then False."""
        ...

    def history(self, code: FacilityCode) -> list[Step]: ...

    def starting(self, day: date) -> list[Facility]:
        """Those that are ready, and whose start day is `day` or before."""
        ...

    def certificate(self, fingerprint: bytes) -> ClientCertificate | None: ...

    def certificates(self, code: FacilityCode) -> list[ClientCertificate]:
        """The one that ends first is the first."""
        ...

    def untold(self, band: Band) -> list[ClientCertificate]:
        """Not revoked, ending in the band, and not told of by its days."""
        ...

    def put_certificates(self, certificates: Sequence[ClientCertificate]) -> None:
        """Insert or replace by fingerprint."""
        ...

    def tell(self, notices: Sequence[ExpiryNotice]) -> list[ExpiryNotice]:
        """Keep those that are new; which."""
        ...

    def expiry_notices(
        self, code: FacilityCode, after: int
    ) -> list[tuple[int, ExpiryNotice]]:
        """Those behind notice number `after`, numbered."""
        ...

    def acceptances(self, code: FacilityCode) -> list[Acceptance]: ...

    def accept(self, acceptance: Acceptance) -> None:
        """The first acceptance of a version stays."""
        ...

    def switches(self, code: FacilityCode) -> dict[Setting, Switch]: ...

    def put_switch(self, switch: Switch) -> None: ...

    def address(self, code: FacilityCode, kind: AddressKind) -> Issued | None: ...

    def put_address(self, issued: Issued) -> None:
        """Insert or replace by facility and kind."""
        ...


class UnknownFacilityError(LookupError):
    """No facility by this code."""


class MovedMeanwhileError(Exception):
    """Somebody else moved it at the same time: look again."""


class TermsNotAcceptedError(Exception):
    """The terms that hold now have not been accepted."""


class OtherFacilityError(Exception):
    """The certificate is registered for another facility."""


class CertificateUnknownError(LookupError):
    """No such certificate here."""


class SwitchedOffError(Exception):
    """The function that the address is for is not switched on."""


class AddressRefusedError(Exception):
    """Not ours, of an older generation, revoked, or its function is off."""


@dataclass(frozen=True, slots=True)
class Known:
    """Whose certificate it is, and what that place may ask."""

    facility: FacilityCode
    profile: Profile


class FacilityLife:
    """`address_secret` (address.SECRET_BYTES) only where addresses are made or read."""

    def __init__(self, store: LifeStore, address_secret: bytes | None = None) -> None:
        self._store = store
        self._secret = address_secret

    def by_certificate(self, fingerprint: bytes, now_ms: int) -> Known | None:
        """Expired, revoked, not yet valid, of no facility: None."""
        found = self._store.certificate(fingerprint)
        if found is None or not found.living(now_ms):
            return None
        place = self._store.facility(found.facility)
        return Known(place.code, place.profile) if place else None

    # -- the place ----------------------------------------------------------------
    def place(self, code: FacilityCode) -> Facility:
        """Raises UnknownFacilityError."""
        found = self._store.facility(code)
        if found is None:
            raise UnknownFacilityError(code)
        return found

    def enter(self, facility: Facility) -> bool:
        """A new facility, or other words about it; its state is moved by `move` only.

        False: all was so already.
        """
        return self._store.put_facility(facility)

    def move(
        self,
        code: FacilityCode,
        move: Move,
        *,
        who: str,
        now_ms: int,
        day: date | None = None,
    ) -> Facility:
        """Raises UnknownFacilityError, ladder.MoveRefusedError, MovedMeanwhileError."""
        place, step = moved(
            self.place(code), move, who=who, at=now_ms, today=day_of(now_ms), day=day
        )
        if not self._store.step(place, step):
            raise MovedMeanwhileError
        return place

    def enter_start(
        self, code: FacilityCode, day: date, *, who: str, now_ms: int
    ) -> Facility:
        """運用開始日: today's is the start at once. Raises as `move`."""
        move = Move.ENTER_START
        place = self.move(code, move, who=who, now_ms=now_ms, day=day)
        if day > day_of(now_ms):
            return place
        return self.move(code, Move.START, who=CALENDAR, now_ms=now_ms)

    def start_due(self, now_ms: int) -> list[Facility]:
        """Into operation whose day has come; a worker asks every minute."""
        started = []
        for place in self._store.starting(day_of(now_ms)):
            try:
                code = place.code
                one = self.move(code, Move.START, who=CALENDAR, now_ms=now_ms)
            except MovedMeanwhileError:
                continue
            started.append(one)
        return started

    # -- certificates --------------------------------------------------------------
    def register(self, certificate: ClientCertificate) -> bool:
        """False: it was here already. A revoked one does not come back.

        Raises UnknownFacilityError, OtherFacilityError.
        """
        self.place(certificate.facility)
        if self._known(certificate):
            return False
        self._store.put_certificates([certificate])
        return True

    def replace(
        self, old: bytes, certificate: ClientCertificate, *, revoke_at: int
    ) -> None:
        """The new one from now, the old one until `revoke_at`, in one transaction.

        Raises CertificateUnknownError, OtherFacilityError, UnknownFacilityError.
        """
        self.place(certificate.facility)
        ended = self._revoked(certificate.facility, old, revoke_at)
        new = [] if self._known(certificate) else [certificate]
        self._store.put_certificates([*new, ended])

    def revoke(self, facility: FacilityCode, fingerprint: bytes, at: int) -> None:
        """Raises CertificateUnknownError."""
        self._store.put_certificates([self._revoked(facility, fingerprint, at)])

    def _known(self, certificate: ClientCertificate) -> bool:
        known = self._store.certificate(certificate.fingerprint)
        if known and known.facility != certificate.facility:
            raise OtherFacilityError
        return known is not None

    def _revoked(
        self, facility: FacilityCode, fingerprint: bytes, at: int
    ) -> ClientCertificate:
        found = self._store.certificate(fingerprint)
        if found is None or found.facility != facility:
            raise CertificateUnknownError
        earlier = at if found.revoked_at is None else min(found.revoked_at, at)
        return replace(found, revoked_at=earlier)

    def tell_expiries(self, now_ms: int) -> list[ExpiryNotice]:
        """What facilities are now told; twice at once tells once."""
        found = [
            ExpiryNotice(one.facility, one.fingerprint, band.days, now_ms)
            for band in bands(now_ms)
            for one in self._store.untold(band)
            if one.living(now_ms)
        ]
        return self._store.tell(found) if found else []

    # -- settings --------------------------------------------------------------------
    def accept(
        self,
        code: FacilityCode,
        setting: Setting,
        version: str,
        *,
        who: str,
        now_ms: int,
    ) -> None:
        """Raises TermsNotAcceptedError for terms that are not the ones that hold."""
        if version != TERMS[setting].version:
            raise TermsNotAcceptedError
        self.place(code)
        self._store.accept(Acceptance(code, setting, version, who, now_ms))

    def switch(
        self, code: FacilityCode, setting: Setting, *, on: bool, who: str, now_ms: int
    ) -> Switch:
        """Off at any time; on only after the terms. Raises TermsNotAcceptedError."""
        self.place(code)
        if on and accepted(setting, self._store.acceptances(code)) is None:
            raise TermsNotAcceptedError
        switch = Switch(code, setting, on, who, now_ms)
        self._store.put_switch(switch)
        return switch

    def is_on(self, code: FacilityCode, setting: Setting) -> bool:
        """What nobody switched on is off."""
        found = self._store.switches(code).get(setting)
        return found is not None and found.on

    # -- addresses -------------------------------------------------------------------
    def address(self, code: FacilityCode, kind: AddressKind) -> tuple[str, Issued]:
        """Its token and what is known of it. Raises AddressRefusedError: none open."""
        issued = self._store.address(code, kind)
        if issued is None or issued.revoked_at is not None:
            raise AddressRefusedError
        return token(issued.address, self._key()), issued

    def issue(
        self, code: FacilityCode, kind: AddressKind, *, who: str, now_ms: int
    ) -> tuple[str, Issued]:
        """A new one; the one before it opens nothing any more.

        Raises SwitchedOffError, UnknownFacilityError.
        """
        self.place(code)
        if not self.is_on(code, kind.setting):
            raise SwitchedOffError
        before = self._store.address(code, kind)
        generation = before.address.generation + 1 if before else 1
        issued = Issued(Address(code, kind, generation), who, now_ms)
        self._store.put_address(issued)
        return token(issued.address, self._key()), issued

    def revoke_address(
        self, code: FacilityCode, kind: AddressKind, *, now_ms: int
    ) -> None:
        """Raises AddressRefusedError: there is none."""
        issued = self._store.address(code, kind)
        if issued is None:
            raise AddressRefusedError
        if issued.revoked_at is None:
            self._store.put_address(replace(issued, revoked_at=now_ms))

    def resolve(self, text: str) -> tuple[Facility, AddressKind]:
        """Whose address it is. Raises AddressRefusedError, whatever the reason."""
        address = read(text, self._key())
        if address is None:
            raise AddressRefusedError
        issued = self._store.address(address.facility, address.kind)
        place = self._store.facility(address.facility)
        if issued is None or place is None or not issued.opens(address):
            raise AddressRefusedError
        if not self.is_on(address.facility, address.kind.setting):
            raise AddressRefusedError
        return place, address.kind

    def _key(self) -> bytes:
        if self._secret is None:
            raise AssertionError("this program was given no key of addresses")
        return self._secret
