"""What holds for the whole suite: its order over the cores, and its properties.

A busy machine is not a failed property: examples have no time limit. SHIKAKU_LONG=1
takes more of them.
"""

import os

import pytest
from hypothesis import settings

LONG = os.environ.get("SHIKAKU_LONG") == "1"
settings.register_profile("suite", deadline=None, max_examples=200 if LONG else 50)
settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The house first: its files take longest, and nobody waits for them in the end."""
    items.sort(key=lambda item: item.path.parent.name != "house")
