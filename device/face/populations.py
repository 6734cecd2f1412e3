"""Who is who in a list of pairs, and whether some groups are served worse."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

Pair = tuple[str, str]

WORSE_MOST = 1.25
"""Worst group against the mean of the groups (NIST SP 800-63A-4, 3.11)."""


def identities(
    genuine: Iterable[Pair], impostor: Iterable[Pair] = ()
) -> dict[str, str]:
    """Picture -> person: pictures linked by genuine pairs show one person.

    A person is called by the first of the pictures in name order. A picture without
    a genuine pair is a person of its own.
    Raises ValueError for an impostor pair inside one person.
    """
    links: dict[str, str] = {}
    impostors = list(impostor)
    for a, b in genuine:
        first, second = sorted((_root(links, a), _root(links, b)))
        links[second] = first
    for pair in impostors:
        for picture in pair:
            _root(links, picture)
    people = {picture: _root(links, picture) for picture in list(links)}
    for a, b in impostors:
        if people[a] == people[b]:
            raise ValueError(f"{a} and {b} are different, and by other rows the same")
    return people


def _root(links: dict[str, str], picture: str) -> str:
    links.setdefault(picture, picture)
    while links[picture] != picture:
        links[picture] = links[links[picture]]
        picture = links[picture]
    return picture


def albums(people: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Person -> that person's pictures, in name order."""
    found: dict[str, list[str]] = defaultdict(list)
    for picture, person in people.items():
        found[person].append(picture)
    return {person: tuple(sorted(each)) for person, each in found.items()}


def frames_of(live: str, card: str, album: Sequence[str], count: int) -> Sequence[str]:
    """`count` live pictures: `live`, then those after it in `album`, round the end.

    The card's picture is never among them. Fewer, if the album holds fewer; none, if
    it does not hold `live`.
    """
    if live not in album:
        return []
    at = album.index(live)
    turned = (*album[at:], *album[:at])
    return [each for each in turned if each != card][:count]


def much_worse(rates: Mapping[str, float | None]) -> str | None:
    """The worst group, if it has more than 1.25 times the mean rate of the groups."""
    known = {name: rate for name, rate in rates.items() if rate is not None}
    if len(known) < 2:
        return None
    worst = max(known, key=lambda name: known[name])
    mean = sum(known.values()) / len(known)
    return worst if known[worst] > WORSE_MOST * mean else None
