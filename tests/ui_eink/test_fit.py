"""Every text of every view fits its box, in every language."""

from collections.abc import Iterator
from itertools import cycle, product
from typing import get_args

import pytest

from protocol.codes import CONSENT_ITEM_BY_CODE
from ui_eink.render import render
from ui_eink.samples import RECEIPT, samples
from ui_eink.screens_consent import ITEM_SIGN
from ui_eink.strings import WORDS
from ui_eink.theme import HEIGHT, WIDTH
from ui_eink.views import (
    AskConsent,
    ChooseLanguage,
    ChooseMethod,
    ChosenAnswer,
    ConfirmConsent,
    ConsentHelp,
    EnterNumberB,
    EnterPin,
    FaceHint,
    FaceNotMatched,
    FaceSupported,
    Lang,
    Look,
    Offline,
    OutOfService,
    PinBlocked,
    PutCardBack,
    Receipt,
    RenewalNotice,
    SelfTest,
    StartingUp,
    TakeCard,
    ThankYou,
    Told,
    Updating,
    View,
)

YES_NO = (False, True)


def _identity() -> Iterator[View]:
    for face, pin, tries in product(YES_NO, YES_NO, (None, 1, 2)):
        yield ChooseMethod(face, pin, tries)
    for hint, attempt in product((None, *FaceHint), (1, 3)):
        yield Look(hint, attempt)
    for left, pin in product((0, 1, 2), YES_NO):
        yield FaceNotMatched(left, pin)
    for yes in YES_NO:
        yield FaceSupported(yes)
        yield PinBlocked(yes)
    for digits, tries, wrong in product(range(5), (None, 1, 2), YES_NO):
        yield EnterPin(digits, tries, wrong)
    for digits, wrong in product(range(15), YES_NO):
        yield EnterNumberB(digits, wrong)


def _rest() -> Iterator[View]:
    for item, standing in product(CONSENT_ITEM_BY_CODE, (None, *ChosenAnswer)):
        yield AskConsent(item, 10, 10, standing)
        yield ConsentHelp(item, 10, 10)
    for seconds in (0, 1, 30, 120, 999):
        yield PutCardBack(seconds)
    for answer, withheld, pending in product(ChosenAnswer, YES_NO, YES_NO):
        decisions = tuple((item, answer) for item in CONSENT_ITEM_BY_CODE)
        for count in (0, 1, 2, 3, 10):
            yield TakeCard(decisions[:count], withheld, pending)
    for item in CONSENT_ITEM_BY_CODE:
        yield TakeCard(((item, ChosenAnswer.UNANSWERED),) * 3)
    for yes in YES_NO:
        yield ThankYou(unanswered=yes)
        for digit in "0123456789":
            yield ThankYou(yes, Receipt(RECEIPT.url, digit * 6))


def _told() -> Iterator[View]:
    """Any number of questions, any number of them as last time."""
    items = [*zip(CONSENT_ITEM_BY_CODE, cycle(ChosenAnswer), strict=False)]
    for count in range(1, len(items) + 1):
        for same in range(count + 1):
            yield ConfirmConsent(
                tuple(
                    Told(item, answer, at < same)
                    for at, (item, answer) in enumerate(items[:count])
                )
            )


def _service() -> Iterator[View]:
    yield from (StartingUp(), Updating(), Offline(), ChooseLanguage())
    yield OutOfService()
    yield OutOfService("D701")
    for done in range(13):
        yield SelfTest(done, 12)
    for expired, months in product(YES_NO, range(4)):
        yield RenewalNotice(expired, months)


@pytest.mark.parametrize("lang", Lang)
def test_every_number_and_every_item_fits(lang: Lang) -> None:
    for view in (*_identity(), *_rest(), *_told(), *_service()):
        picture = render(view, lang, simulated=True)
        assert (picture.mode, picture.size) == ("1", (WIDTH, HEIGHT))


@pytest.mark.parametrize("lang", Lang)
def test_the_samples_show_every_view(lang: Lang) -> None:
    shown = {type(view) for view in samples(lang).values()}
    assert shown == set(get_args(View))


@pytest.mark.parametrize("lang", Lang)
def test_every_consent_item_has_words_and_a_sign(lang: Lang) -> None:
    assert set(WORDS[lang].items) == set(CONSENT_ITEM_BY_CODE) == set(ITEM_SIGN)


@pytest.mark.parametrize("lang", Lang)
def test_every_hint_and_answer_has_words(lang: Lang) -> None:
    assert set(WORDS[lang].hints) == set(FaceHint)
    assert set(WORDS[lang].answers) == set(ChosenAnswer)
