"""The only way to a record key: a living consent, asked anew before every page."""

from collections.abc import Callable
from typing import Protocol

from cloud.consent.keys import DataKey, DataKeyError, unseal
from cloud.consent.model import LIFETIMES
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId


class ConsentClosedError(Exception):
    """No living consent opens this: never given, over, withdrawn, or not for here."""


class DataKeys(Protocol):
    def data_keys(
        self, facility: FacilityCode, person: PersonId, item: str
    ) -> tuple[DataKey, ...]:
        """Those that exist at this very moment; none is remembered."""
        ...


class OpenConsent:
    """One facility's way to one item of one person, for as long as it lasts.

    Without a secret it is closed.
    """

    def __init__(
        self,
        keys: DataKeys,
        secret: bytes | None,
        *,
        facility: FacilityCode,
        person: PersonId,
        item: str,
        visit: RequestId | None,
        now_ms: Callable[[], int],
    ) -> None:
        self._keys = keys
        self._secret = secret
        self._place = (facility, person, item)
        self._visit = visit
        self._now_ms = now_ms

    def key(self) -> bytes:
        """The record key, if a consent opens it now. Raises ConsentClosedError."""
        return self._open()[1]

    def until(self) -> int | None:
        """When it will be over; None: when it is withdrawn. Raises the same."""
        return self._open()[0].scope.until

    def _open(self) -> tuple[DataKey, bytes]:
        if self._secret is None:
            raise ConsentClosedError
        now = self._now_ms()
        for key in self._keys.data_keys(*self._place):
            if not key.scope.covers(now) or not self._for_this_visit(key):
                continue
            try:
                return key, unseal(key, self._secret)
            except DataKeyError:
                continue
        raise ConsentClosedError

    def _for_this_visit(self, key: DataKey) -> bool:
        each_time = LIFETIMES[key.scope.care].each_time
        return not each_time or key.scope.request == self._visit
