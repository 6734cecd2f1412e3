"""Which recordings a screen plays, and which of them only the patient may hear. Pure.

Personal is what was shared or answered, how many tries are left, and every problem that
tells something of the person or the card: over headphones or not at all. How many
digits stand on the screen is never part of it, so typing cannot be heard.
"""

from dataclasses import dataclass

from device.voice import own
from ui_eink import views
from ui_eink.views import ChosenAnswer, Lang, View, name_of


@dataclass(frozen=True, slots=True)
class Phrase:
    name: str
    personal: bool = False
    lang: Lang | None = None
    """None: the language of the screen."""


ALOUD = frozenset({"C101", "C102", "C103", "C110", "F201", "F202", "V801"})
"""Problems that anybody may hear: what to do with the card and the camera; and with
them every one of the network and of the device."""

SAID = {
    "starting_up": ("starting",),
    "self_test": ("testing",),
    "updating": ("updating",),
    "out_of_service": ("out_of_service",),
    "offline": ("offline",),
    "ready": ("ready",),
    "reading_card": ("reading",),
    "more_time": ("more_time",),
    "checking": ("checking",),
    "card_left": ("card_left",),
    "put_card_back": ("put_back",),
    "call_staff": ("call_staff",),
    "enter_number_b": ("enter_number",),
}
"""Screens that say their headline and body and nothing else."""


def spoken(view: View) -> tuple[Phrase, ...]:
    """In order. A language may lack one; what is there is played."""
    kind = name_of(view).partition("-")[0]
    if kind in SAID:
        retyping = getattr(view, "wrong_before", False)
        name = "number_again" if retyping else SAID[kind][0]
        return (*_saying(name), *(_typing() if kind == "enter_number_b" else ()))
    match view:
        case views.ChooseMethod(face, pin, tries):
            return (Phrase("choose"), *_methods(face, pin), *_tries(tries))
        case views.Look(hint):
            return _saying("look" if hint is None else f"hints.{hint.value}")
        case views.FaceNotMatched(left, pin):
            again = (Phrase("again"), Phrase(own.LEFT)) if left else ()
            return (*_saying("not_matched"), *again, *_methods(face=False, pin=pin))
        case views.FaceSupported(pin):
            return (*_saying("supported"), *_methods(face=False, pin=pin)[: 2 * pin])
        case views.EnterPin(_, tries, wrong):
            asked = _saying("pin_again" if wrong else "enter_pin")
            return (*asked, Phrase("shield_pin"), *_typing(), *_tries(tries))
        case views.PinBlocked(face):
            return (*_saying("pin_blocked", personal=True), *_methods(face, pin=False))
        case views.AskRegistration():
            return (*_saying("register"), *_answers("register_yes", "register_no"))
        case views.AskConsent(item, _, _, standing):
            question = (f"items.{item}.question", f"items.{item}.purpose")
            what = tuple(Phrase(name) for name in question)
            return (*what, *_answers("agree", "disagree"), *_standing(standing))
        case views.TakeCard():
            return (*_saying("take_card"), *_shared(view))
        case views.ThankYou(unanswered):
            more = (Phrase("thanks_unanswered", personal=True),) if unanswered else ()
            page = (Phrase("receipt.body"),) if view.receipt else ()
            return (*_saying("thanks"), *page, *more)
        case views.Problem(code):
            aloud = code in ALOUD or code[0] in "ND"
            line = Phrase(f"problem.{code}", personal=not aloud)
            return (line, Phrase(own.ASK_STAFF))
        case _:
            return _further(kind, view)


def _further(kind: str, view: View) -> tuple[Phrase, ...]:
    match kind:
        case "choose_language":
            return tuple(Phrase(own.HERE, lang=lang) for lang in Lang)
        case "consent_help":
            item = getattr(view, "item", "")
            help_ = (Phrase(f"items.{item}.help"), Phrase("help_note"))
            return (*help_, *_answers("agree", "disagree"))
        case "confirm_consent":
            told = getattr(view, "told", ())
            pairs = tuple((one.item, one.answer) for one in told)
            same = all(one.same for one in told)
            asked = (Phrase("same_as_last" if same else "confirm"),)
            return (*asked, *_decided(pairs), *_answers("send", "change"))
        case "renewal_notice":
            if getattr(view, "expired", False):
                return _saying("renewal_expired", personal=True)
            months = getattr(view, "months_left", 0)
            left = f"renewal_left.{months}" if months else "renewal_last_month"
            names = ("renewal", left, "renewal_where")
            return tuple(Phrase(name, personal=True) for name in names)
        case _:
            return ()


def _saying(name: str, *, personal: bool = False) -> tuple[Phrase, ...]:
    parts = ("headline", "body")
    return tuple(Phrase(f"{name}.{part}", personal) for part in parts)


def _methods(face: bool, pin: bool) -> tuple[Phrase, ...]:
    named = (
        ("face", own.LEFT, face),
        ("pin", own.MIDDLE, pin),
        ("staff", own.RIGHT, True),
    )
    return tuple(
        Phrase(name) for what, key, here in named if here for name in (what, key)
    )


def _answers(yes: str, no: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(name) for name in (yes, own.LEFT, no, own.RIGHT))


def _typing() -> tuple[Phrase, ...]:
    return tuple(Phrase(name) for name in (own.ENTER, own.CLEAR, own.CANCEL))


def _tries(left: int | None) -> tuple[Phrase, ...]:
    return () if left is None else (Phrase(f"tries_left.{left}", personal=True),)


def _standing(standing: ChosenAnswer | None) -> tuple[Phrase, ...]:
    match standing:
        case ChosenAnswer.GRANTED:
            return (Phrase(own.LAST_GRANTED, personal=True),)
        case ChosenAnswer.REFUSED:
            return (Phrase(own.LAST_REFUSED, personal=True),)
        case _:
            return ()


def _shared(view: views.TakeCard) -> tuple[Phrase, ...]:
    withheld = (Phrase("withheld", personal=True),) if view.records_withheld else ()
    pending = (Phrase("pending"),) if view.pending else ()
    return (*_decided(view.decisions), *withheld, *pending)


def _decided(
    decisions: tuple[tuple[str, ChosenAnswer], ...],
) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(name, personal=True)
        for item, answer in decisions
        for name in (f"items.{item}.short", f"answers.{answer.value}")
    )
