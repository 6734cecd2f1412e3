"""Consents in memory: for tests and development. The same contract as SQL."""

from collections.abc import Callable, Iterable, Sequence

from cloud.consent.emergency import Emergency, Verdict
from cloud.consent.keys import DataKey, Scope
from cloud.consent.model import (
    EVERYTHING,
    EVERYWHERE,
    NOBODYS_ANSWER,
    Consent,
    Origin,
    Preset,
    latest,
)
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId

_Place = tuple[FacilityCode, PersonId, str]


class MemoryConsents:
    def __init__(self) -> None:
        self.answered: list[Consent] = []
        self.unanswered: list[Consent] = []
        self._open: dict[tuple[_Place, CareKind], DataKey] = {}
        self._presets: dict[_Place, Preset] = {}
        self._emergencies: dict[RequestId, Emergency] = {}

    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        mine = [
            one
            for one in self.answered
            if one.person == person
            and one.facility in {facility, EVERYWHERE}
            and one.origin not in NOBODYS_ANSWER
        ]
        return latest(mine)

    def presets(self, facility: FacilityCode, person: PersonId) -> dict[str, Preset]:
        return {
            item: preset
            for (where, who, item), preset in self._presets.items()
            if (where, who) == (facility, person)
        }

    def chosen(self, person: PersonId) -> list[Preset]:
        return [one for one in self._presets.values() if one.person == person]

    def put_preset(self, preset: Preset) -> None:
        self._presets[preset.facility, preset.person, preset.item] = preset

    def data_keys(
        self, facility: FacilityCode, person: PersonId, item: str
    ) -> tuple[DataKey, ...]:
        place = (facility, person, item)
        return tuple(key for (where, _), key in self._open.items() if where == place)

    def every_key(self) -> list[DataKey]:
        return list(self._open.values())

    def opened(self, person: PersonId) -> tuple[DataKey, ...]:
        return tuple(key for key in self._open.values() if key.scope.person == person)

    def withdraw(self, withdrawals: Sequence[Consent]) -> None:
        self.keep(withdrawals, ())

    def open_emergency(
        self, emergency: Emergency, consents: Sequence[Consent], keys: Sequence[DataKey]
    ) -> None:
        self.put_emergency(emergency)
        self.keep(consents, keys)

    def emergencies(self, verdict: Verdict | None = None) -> list[Emergency]:
        found = sorted(
            self._emergencies.values(), key=lambda one: (one.at, one.request)
        )
        return [one for one in found if verdict in {None, one.verdict}]

    def put_verdict(self, emergency: Emergency) -> None:
        self._emergencies[emergency.request] = emergency
        if emergency.verdict is Verdict.NOT_JUSTIFIED:
            self.close_request(emergency.request)

    def put_emergency(self, emergency: Emergency) -> None:
        self._emergencies[emergency.request] = emergency

    def close_request(self, request: RequestId) -> None:
        self._drop(lambda key: key.scope.request == request)

    def destroy_expired(self, now_ms: int) -> int:
        return self._drop(
            lambda key: key.scope.until is not None and key.scope.until <= now_ms
        )

    def keep(self, consents: Iterable[Consent], keys: Iterable[DataKey]) -> None:
        for one in consents:
            silent = one.decision is Decision.UNANSWERED
            (self.unanswered if silent else self.answered).append(one)
            if one.decision is Decision.REFUSED:
                self._close(one)
        for key in keys:
            scope = key.scope
            place = (scope.facility, scope.person, scope.item)
            if not self._overtaken(scope):
                self._open[place, scope.care] = key

    def _close(self, refused: Consent) -> None:
        all_of_it = refused.origin is Origin.WITHDRAWN
        self._drop(
            lambda key: (
                _covers(refused, key.scope)
                and (all_of_it or key.scope.pressed_at <= refused.pressed_at)
            )
        )

    def _overtaken(self, scope: Scope) -> bool:
        return any(
            one.decision is Decision.REFUSED and one.pressed_at >= scope.pressed_at
            for one in self.answered
            if _covers(one, scope)
        )

    def _drop(self, over: Callable[[DataKey], bool]) -> int:
        gone = [place for place, key in self._open.items() if over(key)]
        for place in gone:
            del self._open[place]
        return len(gone)


def _covers(refused: Consent, scope: Scope) -> bool:
    return (
        refused.person == scope.person
        and refused.facility in {scope.facility, EVERYWHERE}
        and refused.item in {scope.item, EVERYTHING}
    )
