"""How the files of the suite are shared out over the cores (make test)."""

import pytest

MORNING = frozenset({"test_morning.py", "test_nothing_leaks.py"})
"""They look at one scripted morning, which takes minutes: on one core, once."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """A file stays on one core, because its tests share what is set up for it."""
    group = "morning" if item.path.name in MORNING else str(item.path)
    item.add_marker(pytest.mark.xdist_group(group))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The house first: its files take longest, and nobody waits for them in the end."""
    items.sort(key=lambda item: item.path.parent.name != "house")
