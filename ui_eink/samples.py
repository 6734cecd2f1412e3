"""Every kind of screen once, named: for the gallery and the golden pictures."""

from ui_eink.views import (
    AskConsent,
    AskRegistration,
    CallStaff,
    CardLeft,
    Checking,
    ChooseMethod,
    ChosenAnswer,
    EnterNumberB,
    EnterPin,
    FaceHint,
    FaceNotMatched,
    FaceSupported,
    Lang,
    Look,
    PinBlocked,
    Problem,
    PutCardBack,
    ReadingCard,
    Ready,
    Receipt,
    TakeCard,
    ThankYou,
    View,
)

_DECIDED = (
    ("diagnosis_and_drugs", ChosenAnswer.GRANTED),
    ("operation", ChosenAnswer.REFUSED),
    ("checkup", ChosenAnswer.UNANSWERED),
)
_PROBLEM = {
    Lang.JA: Problem(
        "C101",
        "カードを読みとれませんでした。もう一度置いてください。",
        "カードのICに応答がありません。カバーや重なりがないか確かめてください。",
        "カードを置き直してもらう",
    ),
    Lang.EN: Problem(
        "C101",
        "The card could not be read. Please place it again.",
        "The card's chip did not answer. Check for a sleeve or a second card.",
        "Ask the patient to place the card again",
    ),
}


RECEIPT = Receipt("HTTPS://PAGE.EXAMPLE/R/0123456789ABCDEFGHJKMNPQRS", "042917")
_FURTHER = (
    "specified_disease",
    "diagnosis_name",
    "infection",
    "allergy",
    "contraindication",
    "test_result",
    "prescription",
)


def samples(lang: Lang) -> dict[str, View]:
    """File name without ending -> view, in the order of a visit."""
    return {
        "ready": Ready(),
        "ready-simulated": Ready(simulated=True),
        "reading-card": ReadingCard(),
        "choose-method": ChooseMethod(),
        "choose-method-last-pin": ChooseMethod(pin_tries_left=1),
        "choose-method-no-face": ChooseMethod(face=False),
        "choose-method-staff-only": ChooseMethod(face=False, pin=False),
        "look": Look(),
        **{f"look-{hint.replace('_', '-')}": Look(hint, 2) for hint in FaceHint},
        "look-no-pin": Look(FaceHint.TURN_LEFT, pin=False),
        "face-not-matched": FaceNotMatched(2),
        "face-not-matched-last": FaceNotMatched(0, pin=False),
        "face-supported": FaceSupported(),
        "face-supported-no-pin": FaceSupported(pin=False),
        "enter-pin": EnterPin(),
        "enter-pin-two": EnterPin(2),
        "enter-pin-again": EnterPin(0, 2, wrong_before=True),
        "enter-number-b": EnterNumberB(),
        "enter-number-b-eight": EnterNumberB(8),
        "enter-number-b-again": EnterNumberB(14, wrong_before=True),
        "pin-blocked": PinBlocked(),
        "pin-blocked-no-face": PinBlocked(face=False),
        "checking": Checking(),
        "ask-registration": AskRegistration(),
        "ask-consent-diagnosis": AskConsent("diagnosis_and_drugs", 1, 3),
        "ask-consent-operation": AskConsent("operation", 2, 3, ChosenAnswer.REFUSED),
        "ask-consent-checkup": AskConsent("checkup", 3, 3, ChosenAnswer.GRANTED),
        **{
            f"ask-consent-{item.replace('_', '-')}": AskConsent(item, 4, 10)
            for item in _FURTHER
        },
        "put-card-back": PutCardBack(118),
        "take-card": TakeCard(),
        "take-card-decided": TakeCard(_DECIDED),
        "take-card-many": TakeCard(
            (*_DECIDED, *((item, ChosenAnswer.REFUSED) for item in _FURTHER))
        ),
        "take-card-withheld": TakeCard(records_withheld=True),
        "take-card-pending": TakeCard(_DECIDED, pending=True),
        "card-left": CardLeft(),
        "thank-you": ThankYou(),
        "thank-you-unanswered": ThankYou(unanswered=True),
        "thank-you-receipt": ThankYou(receipt=RECEIPT),
        "thank-you-receipt-unanswered": ThankYou(unanswered=True, receipt=RECEIPT),
        "problem": _PROBLEM[lang],
        "call-staff": CallStaff(),
    }
