"""How the suite is shared out over the cores (make test: pytest -n auto)."""

import pytest


def _in_the_house(item: pytest.Item) -> bool:
    return item.path.parent.name == "house"


def pytest_itemcollected(item: pytest.Item) -> None:
    """A file stays on one core, and so does the house, whose clinic its files share."""
    room = item.path.parent if _in_the_house(item) else item.path
    item.add_marker(pytest.mark.xdist_group(str(room)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that the other cores need not wait for it in the end."""
    items.sort(key=lambda item: not _in_the_house(item))
