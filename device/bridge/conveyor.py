"""The way of one request to the cloud, as the exchange needs it."""

from pathlib import Path
from typing import Protocol

from protocol.catalogue import Code


class NotConveyedError(Exception):
    """No answer this time. The request stays and is sent again."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code


class RefusedError(Exception):
    """The cloud will never take this file."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.value)
        self.code = code


class Conveyor(Protocol):
    async def convey(
        self, name: str, file: Path, key: str, into: Path
    ) -> tuple[str, str]:
        """The answer is in `into`; its extension, and the code of a refusal or "".

        `key` is the same whenever the same request is sent again: the cloud takes it
        once. Raises NotConveyedError, RefusedError.
        """
        ...
