"""The paper is updated as little as shows every changed pixel, and stays clean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ui_eink.refresh import FRAME_BYTES, Plan, Shown, Update, changed, pack, part, plan

pixels = st.lists(
    st.tuples(st.integers(0, 799), st.integers(0, 479)), min_size=1, max_size=12
)


def white() -> Image.Image:
    return Image.new("1", (800, 480), 1)


def dotted(points: list[tuple[int, int]]) -> Image.Image:
    picture = white()
    ImageDraw.Draw(picture).point(points, fill=0)
    return picture


def test_a_grey_or_small_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="800x480"):
        pack(Image.new("L", (800, 480)))
    with pytest.raises(ValueError, match="800x480"):
        pack(Image.new("1", (400, 300)))


def test_a_frame_is_48000_bytes_with_white_as_ones() -> None:
    assert pack(white()) == b"\xff" * FRAME_BYTES
    assert pack(dotted([(0, 0)]))[0] == 0b0111_1111


@given(points=pixels)
def test_the_box_holds_every_changed_pixel(points: list[tuple[int, int]]) -> None:
    box = changed(pack(white()), pack(dotted(points)))
    assert box.x % 8 == 0
    assert box.w % 8 == 0
    for x, y in points:
        assert box.x <= x < box.right
        assert box.y <= y < box.bottom


@given(points=pixels)
def test_sending_the_box_alone_makes_the_new_picture(
    points: list[tuple[int, int]],
) -> None:
    after = pack(dotted(points))
    box = changed(pack(white()), after)
    paper = Image.frombytes("1", (800, 480), pack(white()))
    sent = Image.frombytes("1", (box.w, box.h), part(after, box))
    paper.paste(sent, (box.x, box.y))
    assert pack(paper) == after


def test_an_equal_picture_sends_nothing() -> None:
    shown = Shown(pack(white()), 3)
    assert plan(shown, white(), at_rest=False).update is Update.NONE


def test_unknown_paper_gets_a_full_update() -> None:
    assert plan(None, white(), at_rest=False).update is Update.FULL


def test_coming_to_rest_wipes_the_shadows_even_of_an_equal_picture() -> None:
    done = plan(Shown(pack(white()), 1), white(), at_rest=True)
    assert (done.update, done.shown.partials) == (Update.FULL, 0)


def test_resting_paper_is_left_alone() -> None:
    assert plan(Shown(pack(white())), white(), at_rest=True).update is Update.NONE


@given(limit=st.integers(1, 9), steps=st.integers(1, 40))
def test_never_more_partial_updates_in_a_row_than_the_limit(
    limit: int, steps: int
) -> None:
    done = plan(None, white(), at_rest=False, limit=limit)
    in_a_row = 0
    for i in range(steps):
        done = _next(done, i, limit)
        in_a_row = in_a_row + 1 if done.update is Update.PARTIAL else 0
        assert in_a_row <= limit


def _next(done: Plan, i: int, limit: int) -> Plan:
    return plan(done.shown, dotted([(i, i)]), at_rest=False, limit=limit)
