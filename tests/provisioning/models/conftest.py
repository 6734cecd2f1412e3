"""Where the publisher's files lie, when they are at hand."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

PACK = "intel-reid-0095"
REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def publisher_files() -> Path:
    """The folder with the two source files of intel-reid-0095."""
    named = os.environ.get("SHIKAKU_MODELS")
    base = Path(named) if named else REPOSITORY.parent / "shared" / "models"
    for folder in (base / PACK, base / "packs" / PACK):
        if folder.is_dir():
            return folder
    pytest.skip(f"{PACK} is not at hand (SHIKAKU_MODELS names no folder with it)")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def say(said: list[str]) -> Callable[[str], None]:
    return said.append
