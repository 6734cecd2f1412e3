"""A language is chosen for one visit; the next begins in the reader's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.pads import Pads
from device.ports import Key
from device.session.events import (
    CardFailed,
    CardGone,
    CardPut,
    KeyPressed,
    Looked,
    PinTyped,
)
from device.session.policy import Policy
from device.session.state import State
from protocol.catalogue import Code
from tests.support.visits import Play
from ui_eink import views
from ui_eink.strings import LANGUAGES
from ui_eink.views import Lang


@pytest.mark.parametrize(("at", "lang"), [*enumerate(LANGUAGES, 1)])
def test_each_key_chooses_the_language_that_the_screen_shows_on_it(
    at: int, lang: Lang
) -> None:
    play = Play()
    play.keys(Key.LANGUAGE)
    assert play.view() == views.ChooseLanguage()
    play.keys(Key(str(at)))
    assert (play.session.lang, play.view()) == (lang, views.Ready())
    play.to_choosing()
    assert play.session.lang is lang


@pytest.mark.parametrize("key", [Key.LANGUAGE, Key.CLEAR, Key.CANCEL])
def test_the_choice_can_be_left_as_it_was(key: Key) -> None:
    play = Play().to_choosing()
    play.keys(Key.LANGUAGE, key)
    assert play.session.lang is Lang.JA
    assert play.view() == views.ChooseMethod()


def test_a_key_of_the_choice_does_nothing_to_the_visit() -> None:
    play = Play().to_consenting()
    play.keys(Key.LANGUAGE, Key.K1)
    assert play.session.decisions == ()
    assert play.state() is State.CONSENTING


def test_a_digit_of_the_choice_is_no_digit_of_the_pin() -> None:
    play = Play().to_choosing()
    play.keys(Key.K2)
    pads = Pads(4)
    assert pads.typed(KeyPressed(Key.K3), play.session) == PinTyped(1)
    play.keys(Key.LANGUAGE)
    assert pads.typed(KeyPressed(Key.K3), play.session) == KeyPressed(Key.K3)


def test_the_choice_ends_when_the_visit_goes_on_by_itself() -> None:
    play = Play().to_looking()
    play.keys(Key.LANGUAGE)
    play(Looked(play.session.ticket, matched=False))
    assert play.view() == views.FaceNotMatched(2)


def test_a_language_that_nobody_uses_is_forgotten() -> None:
    play = Play()
    play.keys(Key.LANGUAGE, Key.K7)
    play.wait()
    assert (play.session.lang, play.session.deadline) == (Lang.JA, None)
    play.keys(Key.LANGUAGE)
    play.wait()
    assert play.view() == views.Ready()


def test_who_is_asked_to_put_the_card_down_again_keeps_the_language() -> None:
    play = Play()
    play.keys(Key.LANGUAGE, Key.K5)
    play(CardPut())
    play(CardFailed(play.session.ticket, Code.CARD_UNREADABLE))
    play(CardGone())
    play(CardPut())
    assert play.session.lang is Lang.KO


def test_who_comes_after_a_visit_that_is_over_begins_in_the_readers_language() -> None:
    play = Play()
    play.keys(Key.LANGUAGE, Key.K5)
    play.to_checking().answer(asks=())
    play(CardGone())
    assert (play.state(), play.session.lang) == (State.THANK_YOU, Lang.KO)
    play(CardPut())
    assert play.session.lang is Lang.JA


def test_another_card_after_a_card_that_left_begins_in_the_readers_language() -> None:
    play = Play().to_consenting()
    play.keys(Key.LANGUAGE, Key.K4)
    play(CardGone())
    play.keys(Key.CANCEL)
    play(CardPut())
    assert play.session.lang is Lang.JA


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(Lang),
    st.lists(st.sampled_from([*Key]), max_size=12),
    st.integers(1, 7),
)
def test_after_any_keys_the_next_visit_begins_in_the_readers_language(
    own: Lang, keys: list[Key], chosen: int
) -> None:
    play = Play(Policy(lang=own)).to_choosing()
    play.keys(Key.LANGUAGE, Key(str(chosen)), *keys)
    play(CardGone())
    for _ in range(20):
        if play.state() is State.READY and play.session.deadline is None:
            break
        play.wait()
    play(CardPut())
    assert play.session.lang is own
