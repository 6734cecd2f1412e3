"""What a facility's life says (cloud/facilities/life.py), for whoever asks here."""

from dataclasses import dataclass

from cloud.facilities.life import LifeStore
from cloud.facilities.place import Profile
from cloud.facilities.service import FacilityStore
from cloud.facilities.terms import Setting
from protocol.codes import DEFAULT_ITEMS
from protocol.ids import FacilityCode


@dataclass(frozen=True, slots=True)
class LifeFacts:
    life: LifeStore

    def eligibility_only(self, facility: FacilityCode) -> bool:
        place = self.life.facility(facility)
        return place is not None and place.profile is Profile.ELIGIBILITY_ONLY

    def online_care(self, facility: FacilityCode) -> bool:
        switch = self.life.switches(facility).get(Setting.ONLINE_CARE)
        return switch is not None and switch.on


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """What a facility asks, as it stands at this moment: nothing is remembered."""

    store: FacilityStore

    def consent_items(self, facility: FacilityCode) -> tuple[str, ...]:
        chosen = self.store.consent_items(facility)
        return DEFAULT_ITEMS if chosen is None else chosen
