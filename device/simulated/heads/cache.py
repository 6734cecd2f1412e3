"""A few built heads, the ones used last; each is built once however many ask."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from device.simulated.heads.head import Head

_KEPT = 4


class HeadCache:
    """Safe from several threads. A head takes about a second and 30 MB."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._heads: OrderedDict[str, Head] = OrderedDict()
        self._looking, self._building = threading.Lock(), threading.Lock()

    def head(self, key: str, parameters: Mapping[str, Any]) -> Head:
        """Found by `key`, or built. Raises HeadError."""
        found = self._found(key)
        if found is not None:
            return found
        with self._building:
            found = self._found(key)
            return found if found is not None else self._kept_as(key, Head(parameters))

    def __len__(self) -> int:
        return len(self._heads)

    def _found(self, key: str) -> Head | None:
        with self._looking:
            if key in self._heads:
                self._heads.move_to_end(key)
            return self._heads.get(key)

    def _kept_as(self, key: str, head: Head) -> Head:
        with self._looking:
            self._heads[key] = head
            while len(self._heads) > self._kept:
                self._heads.popitem(last=False)
        return head
