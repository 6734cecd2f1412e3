"""The paper is updated as little as shows every changed pixel, and stays clean."""

import time
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from ui_eink.panels import (
    INKY_IMPRESSION_7IN3,
    PANELS,
    WAVESHARE_7IN5_V2,
    Panel,
    Update,
)
from ui_eink.refresh import (
    FRAME_BYTES,
    FULL_APART_S,
    FULL_AT_LEAST_S,
    FULLS_A_VISIT,
    GHOSTING_BUDGET,
    Plan,
    Shown,
    changed,
    due,
    pack,
    part,
    plan,
)
from ui_eink.render import render
from ui_eink.views import (
    AskConsent,
    CardLeft,
    Checking,
    ChooseMethod,
    EnterNumberB,
    EnterPin,
    FaceHint,
    Lang,
    Look,
    MoreTime,
    PutCardBack,
    ReadingCard,
    Ready,
    TakeCard,
    ThankYou,
    View,
    name_of,
)

pixels = st.lists(
    st.tuples(st.integers(0, 799), st.integers(0, 479)), min_size=1, max_size=12
)
FACE: tuple[View, ...] = (
    ReadingCard(),
    ChooseMethod(),
    Look(),
    *(Look(hint) for hint in (FaceHint.CLOSER, FaceHint.STILL, FaceHint.TURN_LEFT)),
    Checking(),
    *(AskConsent("operation", index, 3) for index in (1, 2, 3)),
    Checking(),
    TakeCard(),
    ThankYou(),
)
PIN: tuple[View, ...] = (
    ReadingCard(),
    ChooseMethod(),
    *(EnterPin(digits) for digits in (0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 4)),
    *(EnterPin(digits, 2, wrong_before=True) for digits in (0, 1, 2, 3, 4)),
    Checking(),
    AskConsent("checkup", 1, 1),
    PutCardBack(118),
    AskConsent("checkup", 1, 1),
    TakeCard(),
    CardLeft(),
    ThankYou(),
)
NUMBER: tuple[View, ...] = (
    ReadingCard(),
    ChooseMethod(),
    *(EnterNumberB(digits) for digits in range(15)),
    Look(),
    TakeCard(),
    ThankYou(),
)
SLOW: tuple[View, ...] = (
    ReadingCard(),
    ChooseMethod(),
    MoreTime(),
    ChooseMethod(),
    EnterPin(),
    *(EnterPin(digits) for digits in (1, 2)),
    MoreTime(),
    EnterPin(2),
    *(EnterPin(digits) for digits in (3, 4)),
    Checking(),
    AskConsent("checkup", 1, 1),
    MoreTime(),
    AskConsent("checkup", 1, 1),
    MoreTime(),
    TakeCard(),
    CardLeft(),
    ThankYou(),
)
"""Somebody who needs the warning three times, and lets it pass the fourth time."""
NO_FAST = Panel(
    name="a panel with windows and no fast update",
    width=800,
    height=480,
    full_ms=4000,
    fast_ms=None,
    partial_ms=500,
    wake_ms=0,
    spi_hz=4_000_000,
    full_bytes=96_000,
    partial_bytes=48_000,
    source="made up for this test",
)


def white() -> Image.Image:
    return Image.new("1", (800, 480), 1)


def dotted(points: list[tuple[int, int]]) -> Image.Image:
    picture = white()
    ImageDraw.Draw(picture).point(points, fill=0)
    return picture


def drawn(
    views: tuple[View, ...], panel: Panel = WAVESHARE_7IN5_V2, pace_s: float = 3.0
) -> list[tuple[View, Plan]]:
    """A reader at rest, the views of a visit, and rest again."""
    now, found = 1000.0, []
    shown = plan(None, render(Ready(), Lang.JA), "ready", now=now).shown
    for view in (*views, Ready()):
        now += pace_s
        done = plan(
            shown, render(view, Lang.JA), name_of(view), now=now + 300, panel=panel
        )
        found.append((view, done))
        shown = done.shown
    return found


def test_a_grey_or_small_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="800x480"):
        pack(Image.new("L", (800, 480)))
    with pytest.raises(ValueError, match="800x480"):
        pack(Image.new("1", (400, 300)))


def test_a_frame_is_48000_bytes_with_white_as_ones() -> None:
    assert pack(white()) == b"\xff" * FRAME_BYTES
    assert pack(dotted([(0, 0)]))[0] == 0b0111_1111


@given(points=pixels)
def test_the_box_is_the_smallest_aligned_one_with_every_changed_pixel(
    points: list[tuple[int, int]],
) -> None:
    box = changed(pack(white()), pack(dotted(points)))
    across, down = [x for x, _ in points], [y for _, y in points]
    assert (box.x, box.right) == (min(across) // 8 * 8, max(across) // 8 * 8 + 8)
    assert (box.y, box.bottom) == (min(down), max(down) + 1)


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
    shown = Shown(pack(white()), "look", 3.0, clean=False)
    assert plan(shown, white(), "look").update is Update.NONE


def test_unknown_paper_gets_a_full_update() -> None:
    assert plan(None, white(), "look").update is Update.FULL


@pytest.mark.parametrize("visit", [FACE, PIN, NUMBER, SLOW])
@pytest.mark.parametrize("panel", [WAVESHARE_7IN5_V2, NO_FAST])
def test_a_visit_has_at_most_two_full_updates(
    visit: tuple[View, ...], panel: Panel
) -> None:
    fulls = [done.update for _, done in drawn(visit, panel)].count(Update.FULL)
    assert 1 <= fulls <= FULLS_A_VISIT


@pytest.mark.parametrize("panel", [WAVESHARE_7IN5_V2, NO_FAST])
@pytest.mark.parametrize("visit", [PIN, NUMBER])
def test_a_digit_costs_one_window(visit: tuple[View, ...], panel: Panel) -> None:
    found = drawn(visit, panel)
    typed = [
        done
        for (before, _), (view, done) in pairwise(found)
        if type(before) is type(view) and isinstance(view, EnterPin | EnterNumberB)
    ]
    assert len(typed) >= 14
    assert {done.update for done in typed} == {Update.PARTIAL}
    assert max(panel.cost_ms(done.update) for done in typed) < 700


@pytest.mark.parametrize("panel", [WAVESHARE_7IN5_V2, NO_FAST])
def test_no_number_of_digits_costs_a_full_update(panel: Panel) -> None:
    shown = plan(None, render(EnterPin(), Lang.JA), "enter_pin").shown
    pictures = [render(EnterPin(digits), Lang.JA) for digits in (1, 2)]
    for number in range(120):
        done = plan(shown, pictures[number % 2], "enter_pin", panel=panel)
        assert done.update in {Update.PARTIAL, Update.FAST}
        shown = done.shown


def test_another_family_of_screens_is_wiped() -> None:
    updates = {type(view): done.update for view, done in drawn(FACE)}
    assert updates[ReadingCard] is Update.PARTIAL
    assert updates[ChooseMethod] is Update.FAST
    assert updates[TakeCard] is Update.FAST
    assert updates[Ready] is Update.FULL


@settings(max_examples=20)
@given(steps=st.integers(1, 40))
def test_shadows_never_exceed_their_budget(steps: int) -> None:
    shown = plan(None, white(), "look").shown
    for step in range(steps):
        picture = white() if step % 2 else Image.new("1", (800, 480), 0)
        done = plan(shown, picture, f"look-{step}")
        shown = done.shown
        assert shown.ghosting <= GHOSTING_BUDGET
        assert done.update is not Update.FULL


def test_coming_to_rest_wipes_the_shadows_even_of_an_equal_picture() -> None:
    shown = Shown(pack(white()), "thank_you", 1.0, clean=False)
    done = plan(shown, white(), "ready", now=5.0)
    assert (done.update, done.shown.clean) == (Update.FULL, True)


def test_full_updates_keep_the_makers_distance_and_are_made_up_for() -> None:
    shown = Shown(pack(white()), "thank_you", 1.0, clean=False, full_at=100.0)
    soon = plan(shown, dotted([(0, 0)]), "ready", now=160.0)
    assert soon.update is Update.FAST
    assert due(soon.shown) == 100.0 + FULL_APART_S
    later = plan(soon.shown, dotted([(0, 0)]), "ready", now=100.0 + FULL_APART_S)
    assert later.update is Update.FULL


def test_resting_paper_is_left_alone_for_a_day() -> None:
    rested = plan(None, white(), "ready", now=50.0).shown
    assert due(rested) == 50.0 + FULL_AT_LEAST_S
    assert plan(rested, white(), "ready", now=60.0).update is Update.NONE
    after = plan(rested, white(), "ready", now=50.0 + FULL_AT_LEAST_S)
    assert after.update is Update.FULL


def test_a_panel_that_slept_wakes_to_a_whole_picture() -> None:
    rested = plan(None, white(), "ready").shown
    picture = dotted([(5, 5)])
    assert plan(rested, picture, "reading_card").update is Update.PARTIAL
    woken = plan(rested, picture, "reading_card", asleep=True)
    assert woken.update is Update.FAST


def test_a_panel_without_windows_does_not_redraw_for_a_digit() -> None:
    found = drawn(PIN, INKY_IMPRESSION_7IN3)
    updates = [done.update for view, done in found if isinstance(view, EnterPin)]
    assert updates[0] is Update.FULL
    assert set(updates[1:]) == {Update.NONE}
    assert not INKY_IMPRESSION_7IN3.serves_patients


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
def test_every_cost_names_its_source_and_that_we_did_not_measure(panel: Panel) -> None:
    assert "Not measured by us" in panel.source
    assert panel.cost_ms(Update.NONE) == 0
    if panel.partial_ms is None:
        with pytest.raises(ValueError, match="no partial update"):
            panel.cost_ms(Update.PARTIAL)
    else:
        assert panel.cost_ms(Update.PARTIAL) < panel.cost_ms(Update.FULL)


def test_a_visit_by_face_waits_less_than_by_full_updates_alone() -> None:
    panel = WAVESHARE_7IN5_V2
    planned = sum(panel.cost_ms(done.update) for _, done in drawn(FACE))
    every = panel.cost_ms(Update.FULL) * (len(FACE) + 1)
    assert planned < every / 3


@pytest.mark.parametrize("after", [EnterPin(2), AskConsent("operation", 1, 3)])
def test_the_window_is_found_in_under_two_milliseconds(after: View) -> None:
    one, two = (pack(render(view, Lang.JA)) for view in (EnterPin(1), after))
    times = []
    for _ in range(30):
        began = time.process_time()
        changed(one, two)
        times.append(time.process_time() - began)
    assert median(times) < 0.002


def test_a_warning_belongs_to_the_screen_it_covers() -> None:
    found = drawn(SLOW)
    after = [
        done.update
        for (before, _), (view, done) in pairwise(found)
        if MoreTime in {type(before), type(view)}
    ]
    assert after.count(Update.FULL) == 0
    assert after[:2] == [Update.PARTIAL, Update.PARTIAL]
    (ended,) = (
        done.update
        for (before, _), (view, done) in pairwise(found)
        if isinstance(before, MoreTime) and isinstance(view, TakeCard)
    )
    assert ended is Update.FAST, "another family of screens than the one below it"


def test_a_warning_never_costs_a_full_update() -> None:
    shown = plan(None, render(EnterPin(), Lang.JA), "enter_pin", panel=NO_FAST).shown
    pictures = [render(MoreTime(), Lang.JA), render(EnterPin(), Lang.JA)]
    for number in range(40):
        name = ("more_time", "enter_pin")[number % 2]
        done = plan(shown, pictures[number % 2], name, panel=NO_FAST)
        assert done.update is Update.PARTIAL
        shown = done.shown
