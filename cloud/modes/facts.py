"""What a facility's life says (cloud/facilities/life.py), for whoever asks here."""

from dataclasses import dataclass

from cloud.facilities.life import LifeStore
from cloud.facilities.place import Profile
from cloud.facilities.terms import Setting
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
