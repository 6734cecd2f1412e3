"""Statements for rows whose values stand in order: it is checked, not trusted."""

import pytest
from sqlalchemy import bindparam, select

from cloud.adapters.sql.registry_load_statements import (
    COVER_COLUMNS,
    NEW_COVER,
    NEW_PERSON,
    PERSON_COLUMNS,
)
from cloud.adapters.sql.statement import POSTGRES, SQLITE, Statement
from cloud.adapters.sql.tables import persons

DIALECTS = [SQLITE, POSTGRES]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_a_row_in_the_wrong_order_is_refused_before_it_is_written(dialect) -> None:  # type: ignore[no-untyped-def]
    names = [*PERSON_COLUMNS[1:], PERSON_COLUMNS[0]]
    with pytest.raises(ValueError, match="order"):
        NEW_PERSON.in_order(dialect, names)
    with pytest.raises(ValueError, match="order"):
        NEW_PERSON.in_order(dialect, PERSON_COLUMNS[:-1])


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_every_parameter_becomes_a_place_and_nothing_else_does(dialect) -> None:  # type: ignore[no-untyped-def]
    mark = {"sqlite": "?", "postgresql": "%s"}[dialect.name]
    for statement, names in ((NEW_PERSON, PERSON_COLUMNS), (NEW_COVER, COVER_COLUMNS)):
        assert statement.in_order(dialect, names).count(mark) == len(names)


def test_a_name_that_comes_twice_is_no_order() -> None:
    both = Statement(
        select(persons.c.id).where(
            persons.c.id == bindparam("one"), persons.c.hold == bindparam("one")
        )
    )
    with pytest.raises(ValueError, match="order"):
        both.in_order(SQLITE, ["one"])
