"""The patients' rendered photos, made once for every process of a test run.

Whoever comes first renders; the others wait for it instead of rendering the same.
"""

import fcntl
import os
from pathlib import Path

import pytest

from device.simulated.persona import personas
from provisioning.demo.cards import photo


def rendered(factory: pytest.TempPathFactory) -> Path:
    """A folder of them, for `<home>/photos`."""
    base = factory.getbasetemp()
    worker = "PYTEST_XDIST_WORKER" in os.environ
    folder = (base.parent if worker else base) / "photos"
    folder.mkdir(exist_ok=True)
    with (folder / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for persona in personas():
            photo(persona, folder)
    return folder
