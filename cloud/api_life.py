"""Wiring of the facilities' own lives: the door, and the routes behind it."""

from dataclasses import dataclass

from cloud.access.inquire import Inquiries
from cloud.access.linking import Linking
from cloud.accounts.password import Cost
from cloud.accounts.service import Accounts
from cloud.adapters.qr import drawn
from cloud.config import Config
from cloud.eligibility.reference import References
from cloud.facilities.life import FacilityLife
from cloud.keyring import accounts_key, addresses_key
from cloud.main import Commit, Stores
from cloud.registry.service import Registry
from cloud.web.caller import Caller, Profile, Role, Staff
from cloud.web.route import Route
from cloud.web.routes import (
    accounts,
    addresses,
    facility,
    notices,
    patient_numbers,
    signin,
)
from protocol.ids import FacilityCode


@dataclass(frozen=True, slots=True)
class StoredDoor:
    """cloud.web.guard.Door over the stores: certificates that live, sessions that do.

    Nothing is remembered: what was revoked is refused at the next request.
    """

    life: FacilityLife
    accounts: Accounts

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        known = self.life.by_certificate(fingerprint, now_ms)
        if known is None:
            return None
        return Caller(known.facility, Profile(known.profile.value))

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        found = self.accounts.session(facility, token_hash, now_ms)
        return Staff(found.account, Role(found.role.value)) if found else None


def door(stores: Stores) -> StoredDoor:
    return StoredDoor(FacilityLife(stores.life), Accounts(stores.accounts))


def life_routes(
    stores: Stores, commit: Commit, config: Config, cost: Cost | None = None
) -> tuple[Route, ...]:
    """`cost` of passwords that are chosen. Raises ConfigError: a key is missing."""
    life = FacilityLife(stores.life, addresses_key(config))
    staff = Accounts(stores.accounts, accounts_key(config), cost=cost)
    references = References(stores.references)
    inquiries = Inquiries(Registry(stores.registry), stores.eligibility)
    linking = Linking(inquiries, references, stores.ledger, commit)
    return (
        *signin.routes(staff, drawn),
        *facility.routes(life, stores.life),
        *notices.routes(stores.life, stores.eligibility),
        *addresses.routes(life, config.addresses.base, drawn),
        *patient_numbers.routes(linking, references),
        *accounts.routes(staff),
    )
