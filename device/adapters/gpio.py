"""gpiozero, loaded when a part wants pins, and its errors as ours."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from device.adapters.wiring import GPIO, not_there
from device.ports import PartError


def library(part: str) -> Any:
    """gpiozero with pins behind it. Raises PartError D704 that names `part`."""
    try:
        gpiozero = importlib.import_module("gpiozero")
    except ImportError as error:
        raise not_there(part, "gpiozero is not installed", GPIO) from error
    try:
        gpiozero.Device.ensure_pin_factory()
    except Exception as error:
        # Whatever the pin libraries raise where there are no pins.
        raise not_there(part, f"no pins here ({error})", GPIO) from error
    return gpiozero


@contextmanager
def pins(part: str, wiring: str) -> Iterator[None]:
    """What goes wrong on these pins becomes PartError D704 with their wiring."""
    library(part)
    try:
        yield
    except PartError:
        raise
    except Exception as error:
        # lgpio's and RPi.GPIO's errors have no base of their own.
        what = str(error) or type(error).__name__
        raise not_there(part, what, wiring) from error
