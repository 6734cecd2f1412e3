"""The rooms of modes over one set of stores: for the interface and for the commands."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from cloud.access.certificate import CardAuthorities
from cloud.access.grace import GraceRule
from cloud.consent.service import Consents, Vault
from cloud.desk import new_handle
from cloud.facilities.model import Policy
from cloud.intake.one import OneByOne, OneLine
from cloud.main import Stores, circumstances_of, listener
from cloud.modes.care_places import CarePlaces
from cloud.modes.devices import Devices
from cloud.modes.facts import ChosenItems, LifeFacts
from cloud.modes.finding import Finding
from cloud.modes.openings import Openings
from cloud.modes.visits import Visits
from cloud.modes.workplaces import Workplaces
from cloud.registry.service import Registry
from protocol.envelope import CloudKeys


@dataclass(frozen=True, slots=True)
class ModeRooms:
    openings: Openings
    finding: Finding
    workplaces: Workplaces
    devices: Devices
    visits: Visits
    places: CarePlaces
    ask: OneByOne
    """A device's envelope, answered."""


def mode_rooms(
    stores: Stores,
    *,
    keys: CloudKeys,
    authorities: CardAuthorities,
    policy: Policy,
    vault: Vault,
    clock: Callable[[], int],
    grace: GraceRule = GraceRule.FROM_MONTH_END,
) -> ModeRooms:
    """`vault` gives consents here: spoken ones, and those of online visits."""
    registry = Registry(stores.registry)
    consents = Consents(stores.consents, vault)
    circumstances = circumstances_of(stores)
    line = OneLine()
    serving = listener(
        stores,
        line,
        keys=keys,
        authorities=authorities,
        policy=policy,
        vault=vault,
        grace=grace,
        clock=clock,
    )
    return ModeRooms(
        Openings(stores.modes, new_handle),
        Finding(
            stores.modes,
            registry,
            consents,
            circumstances,
            keys.signer,
            new_handle,
        ),
        Workplaces(stores.modes),
        Devices(stores.modes, secrets.randbelow),
        Visits(
            stores.modes,
            registry,
            consents,
            ChosenItems(stores.facilities),
            LifeFacts(stores.life),
            circumstances,
            authorities,
            keys.signer,
            new_handle,
            os.urandom,
            grace,
        ),
        CarePlaces(stores.modes, stores.eligibility),
        OneByOne(serving, line),
    )
