"""Who is who follows from the pairs; a group served worse is named."""

import pytest

from device.face.populations import albums, frames_of, identities, much_worse


def test_rows_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="by other rows the same"):
        identities([("a", "b"), ("b", "c")], [("a", "c")])


def test_pictures_linked_by_genuine_pairs_are_one_person() -> None:
    people = identities([("c", "b"), ("b", "a"), ("x", "y")], [("a", "x"), ("z", "a")])
    assert people == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x", "z": "z"}
    assert albums(people) == {"a": ("a", "b", "c"), "x": ("x", "y"), "z": ("z",)}


def test_the_cards_picture_is_never_a_frame() -> None:
    album = ("a", "b", "c", "d")
    assert frames_of("c", "d", album, 3) == ["c", "a", "b"]
    assert frames_of("c", "d", album, 4) == ["c", "a", "b"]
    assert frames_of("a", "z", album, 4) == ["a", "b", "c", "d"]
    assert frames_of("q", "a", album, 2) == []


@pytest.mark.parametrize(
    ("rates", "worst"),
    [
        ({}, None),
        ({"only": 0.5}, None),
        ({"a": 0.10, "b": 0.12}, None),
        ({"a": 0.10, "b": 0.20}, "b"),
        ({"a": 0.0, "b": 0.0}, None),
        ({"a": 0.0, "b": 0.01}, "b"),
        ({"a": None, "b": 0.2}, None),
    ],
)
def test_a_group_far_above_the_mean_is_named(
    rates: dict[str, float | None], worst: str | None
) -> None:
    assert much_worse(rates) == worst
