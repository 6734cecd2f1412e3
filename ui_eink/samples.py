"""Every kind of screen once, named: for the gallery and the golden pictures."""

from ui_eink.strings import patient_line
from ui_eink.views import (
    AskConsent,
    AskRegistration,
    CallStaff,
    CardLeft,
    Checking,
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
    MoreTime,
    Offline,
    OutOfService,
    PinBlocked,
    Problem,
    PutCardBack,
    ReadingCard,
    Ready,
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

_DECIDED = (
    ("diagnosis_and_drugs", ChosenAnswer.GRANTED),
    ("operation", ChosenAnswer.REFUSED),
    ("checkup", ChosenAnswer.UNANSWERED),
)
_STAFF = (
    "カードのICに応答がありません。カバーや重なりがないか確かめてください。",
    "カードを置き直してもらう",
)


def _problem(lang: Lang) -> Problem:
    own = {
        Lang.JA: "カードを読みとれませんでした。もう一度置いてください。",
        Lang.EN: "The card could not be read. Please place it again.",
    }
    line = patient_line("C101", lang) or own[lang]
    return Problem("C101", line, *_STAFF)


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


def _told(count: int, same: int) -> tuple[Told, ...]:
    """The first `count` items, of which the first `same` were not asked again."""
    items = (*(item for item, _ in _DECIDED), *_FURTHER)[:count]
    answers = (ChosenAnswer.GRANTED, ChosenAnswer.REFUSED)
    return tuple(
        Told(item, answers[at % 2], same=at < same) for at, item in enumerate(items)
    )


VARIANTS = frozenset(
    {
        "choose-language",
        "ready-simulated",
        "choose-method-no-face",
        "choose-method-staff-only",
        "look",
        "look-no-pin",
        "face-not-matched-last",
        "face-supported-no-pin",
        "enter-pin-two",
        "enter-number-b-eight",
        "pin-blocked-no-face",
        "take-card",
    }
)
"""They say nothing that another sample does not: kept in Japanese and English only."""


def kept(lang: Lang) -> dict[str, View]:
    """The samples whose pictures are kept to compare with."""
    every = samples(lang)
    if lang in {Lang.JA, Lang.EN}:
        return every
    return {name: view for name, view in every.items() if name not in VARIANTS}


def samples(lang: Lang) -> dict[str, View]:
    """File name without ending -> view, in the order of a visit."""
    return {
        "starting-up": StartingUp(),
        "self-test": SelfTest(4, 7),
        "updating": Updating(),
        "out-of-service": OutOfService("D701"),
        "offline": Offline(),
        "choose-language": ChooseLanguage(),
        "ready": Ready(),
        "ready-simulated": Ready(simulated=True),
        "reading-card": ReadingCard(),
        "more-time": MoreTime(),
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
        "consent-help": ConsentHelp("operation", 2, 3),
        "confirm-consent-same": ConfirmConsent(_told(3, 3)),
        "confirm-consent-some": ConfirmConsent(_told(3, 2)),
        "confirm-consent-many": ConfirmConsent(_told(10, 10)),
        "renewal-soon": RenewalNotice(expired=False, months_left=2),
        "renewal-last-month": RenewalNotice(expired=False, months_left=0),
        "renewal-expired": RenewalNotice(expired=True, months_left=1),
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
        "problem": _problem(lang),
        "call-staff": CallStaff(),
    }
