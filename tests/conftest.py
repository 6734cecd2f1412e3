"""In which order the files of the suite are shared out over the cores (make test)."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The house first: its files take longest, and nobody waits for them in the end."""
    items.sort(key=lambda item: item.path.parent.name != "house")
