"""Wiring of the facilities' own lives: sign-in, accounts, settings, addresses."""

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
from cloud.web.route import Route
from cloud.web.routes import (
    accounts,
    addresses,
    facility,
    notices,
    patient_numbers,
    signin,
)


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
