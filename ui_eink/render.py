"""A view and a language become a picture: pure, and the same on every machine."""

from typing import assert_never

from PIL import Image

from ui_eink import (
    screens_consent,
    screens_identity,
    screens_number,
    screens_service,
    screens_visit,
)
from ui_eink.paper import Paper
from ui_eink.parts import language_corner, simulated_corner
from ui_eink.strings import WORDS
from ui_eink.theme import BLACK, WHITE
from ui_eink.views import (
    AskConsent,
    AskRegistration,
    CallStaff,
    CardLeft,
    Checking,
    ChooseLanguage,
    ChooseMethod,
    ConfirmConsent,
    ConsentHelp,
    EnterNumberB,
    EnterPin,
    FaceNotMatched,
    FaceSupported,
    Lang,
    Look,
    MoreTime,
    Offline,
    OutOfService,
    PinBlocked,
    Problem,
    PutCardBack,
    ReadingCard,
    Ready,
    RenewalNotice,
    SelfTest,
    StartingUp,
    TakeCard,
    ThankYou,
    Updating,
    View,
)
from ui_eink.words import Words

_DARK_CORNER = (Ready, Offline, MoreTime, PutCardBack, CardLeft)


def render(view: View, lang: Lang, *, simulated: bool = False) -> Image.Image:
    """The 800x480 picture, mode "1". Raises DoesNotFitError, FontMissingError.

    `simulated` puts the sign of a simulated reader on any screen.
    """
    words = WORDS[lang]
    paper = draw(view, words)
    language_corner(paper, WHITE if isinstance(view, _DARK_CORNER) else BLACK)
    if simulated or (isinstance(view, Ready) and view.simulated):
        simulated_corner(paper, words)
    return paper.image


def draw(view: View, words: Words) -> Paper:
    match view:
        case StartingUp():
            return screens_service.starting_up(view, words)
        case SelfTest():
            return screens_service.self_test(view, words)
        case Updating():
            return screens_service.updating(view, words)
        case OutOfService():
            return screens_service.out_of_service(view, words)
        case Offline():
            return screens_service.offline(view, words)
        case ChooseLanguage():
            return screens_service.choose_language(view, words)
        case Ready():
            return screens_visit.ready(view, words)
        case ReadingCard():
            return screens_visit.reading_card(view, words)
        case MoreTime():
            return screens_visit.more_time(view, words)
        case ChooseMethod():
            return screens_identity.choose_method(view, words)
        case Look():
            return screens_identity.look(view, words)
        case FaceNotMatched():
            return screens_identity.face_not_matched(view, words)
        case FaceSupported():
            return screens_identity.face_supported(view, words)
        case EnterPin():
            return screens_identity.enter_pin(view, words)
        case EnterNumberB():
            return screens_number.enter_number_b(view, words)
        case PinBlocked():
            return screens_identity.pin_blocked(view, words)
        case Checking():
            return screens_identity.checking(view, words)
        case AskRegistration():
            return screens_consent.ask_registration(view, words)
        case AskConsent():
            return screens_consent.ask_consent(view, words)
        case ConsentHelp():
            return screens_consent.consent_help(view, words)
        case ConfirmConsent():
            return screens_consent.confirm_consent(view, words)
        case RenewalNotice():
            return screens_visit.renewal_notice(view, words)
        case PutCardBack():
            return screens_visit.put_card_back(view, words)
        case TakeCard():
            return screens_visit.take_card(view, words)
        case CardLeft():
            return screens_visit.card_left(view, words)
        case ThankYou():
            return screens_visit.thank_you(view, words)
        case Problem():
            return screens_visit.problem(view, words)
        case CallStaff():
            return screens_visit.call_staff(view, words)
        case _:
            assert_never(view)
