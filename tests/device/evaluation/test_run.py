"""The experiment, with scripted models: what is embedded, compared and left out."""

from itertools import count
from pathlib import Path

import pytest

from device.evaluation.pairs import Pair, PairsError
from device.evaluation.portrait import Card
from device.evaluation.run import Experiment, Gallery, Outcome, run
from tests.support.scripted_faces import NOBODY, ScriptedModels, picture

GREY = {"a1": 10, "a2": 12, "a3": 14, "b1": 60, "b2": 62, "none": NOBODY}


@pytest.fixture
def models() -> ScriptedModels:
    return ScriptedModels()


def ran(
    root: Path, models: ScriptedModels, pairs: list[Pair], experiment: Experiment
) -> Outcome:
    for name, value in GREY.items():
        picture(root, f"{name}.png", value)
    ticks = count()
    gallery = Gallery(models, root, lambda: next(ticks) / 1000)
    return run(pairs, experiment, gallery, lambda done, of: None)


def pair(a: str, b: str, *, same: bool) -> Pair:
    return Pair(f"{a}.png", f"{b}.png", same)


A = [pair("a1", "a2", same=True), pair("a2", "a3", same=True)]
B = [pair("b1", "b2", same=True)]


def test_a_missing_picture_is_said_before_any_work(
    tmp_path: Path, models: ScriptedModels
) -> None:
    with pytest.raises(PairsError, match=r"zz\.png"):
        ran(tmp_path, models, [*A, pair("a1", "zz", same=False)], Experiment())
    assert models.looked == 0


def test_a_picture_without_a_face_is_left_out_and_counted(
    tmp_path: Path, models: ScriptedModels
) -> None:
    outcome = ran(tmp_path, models, [*A, pair("none", "a1", same=False)], Experiment())
    assert outcome.without_face == ("none.png",)
    assert [each.a for each in outcome.left_out] == ["none.png"]
    assert len(outcome.compared) == 2


def test_each_picture_is_embedded_once(tmp_path: Path, models: ScriptedModels) -> None:
    crossed = [pair(a, b, same=False) for a in ("a1", "a2") for b in ("b1", "b2")]
    outcome = ran(tmp_path, models, [*A, *B, *crossed, *crossed], Experiment())
    assert models.looked == outcome.tried == 5
    assert len(outcome.compared) == 11
    assert outcome.ms == pytest.approx({"detect": 1.0, "align": 1.0, "embed": 1.0})


def test_as_a_card_a_picture_is_embedded_once_more(
    tmp_path: Path, models: ScriptedModels
) -> None:
    ran(tmp_path, models, A, Experiment(card=Card("jpeg", 3000)))
    assert models.looked == 4  # a1, a2 live; a2, a3 as cards


def test_too_few_frames_are_no_comparison(
    tmp_path: Path, models: ScriptedModels
) -> None:
    """A reader never decides on fewer frames than its rule says."""
    outcome = ran(tmp_path, models, [*A, *B], Experiment(frames=2))
    assert [each.pair.a for each in outcome.compared] == ["a1.png", "a2.png"]
    assert outcome.left_out == tuple(B)


def test_frames_are_the_persons_other_pictures(
    tmp_path: Path, models: ScriptedModels
) -> None:
    one = ran(tmp_path, models, [*A, pair("a1", "b1", same=False)], Experiment())
    three = ran(
        tmp_path, models, [*A, pair("a1", "b1", same=False)], Experiment(frames=3)
    )
    (alone,) = [each.distance for each in one.compared if not each.pair.same]
    (averaged,) = [each.distance for each in three.compared if not each.pair.same]
    assert averaged < alone  # a2 and a3 lie nearer to b1
    assert len(three.left_out) == 2  # the card's own picture is not a frame


def test_a_real_cards_portrait_is_never_a_frame(
    tmp_path: Path, models: ScriptedModels
) -> None:
    pairs = [pair("a1", "a3", same=True), pair("a2", "a3", same=True)]
    outcome = ran(tmp_path, models, pairs, Experiment(2, Card("real")))
    assert len(outcome.compared) == 2
    assert not outcome.left_out
    assert ran(tmp_path, models, pairs, Experiment(3, Card("real"))).compared == ()
