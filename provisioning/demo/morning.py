"""A morning at the clinic: the visits that `--script morning` plays, in order.

Each is a small story. It ends as scripted, or raises NotAsScriptedError.
"""

from collections.abc import Callable
from dataclasses import dataclass

from provisioning.demo.stage import FACE, NO, PIN, YES, Stage


@dataclass(frozen=True, slots=True)
class Visit:
    name: str
    outcome: str
    """The word of the reader's visit log at the end."""
    play: Callable[[Stage], None]


def face_with_consents(stage: Stage) -> None:
    stage.comes_in("sato-hanako")
    stage.shows_face()
    stage.answers(YES, NO, YES)
    stage.goes()
    stage.shown("choose_method", "look", "ask_consent", "take_card", "thank_you")
    result = stage.result()
    stage.expect("drugs", result.consent("PharmacistsInfo"), "1")
    stage.expect("operation", result.consent("OperationInfo"), "0")
    stage.expect("checkup", result.consent("SpecificHealthCheckupsInfo"), "1")


def face_refused_then_pin(stage: Stage) -> None:
    """Somebody else stands there: three refusals, and the PIN remains."""
    stage.comes_in("suzuki-ichiro", face_of="watanabe-sho")
    for _ in range(2):
        stage.patient.press(FACE)
        stage.patient.wait_for("look")
        stage.patient.wait_for("face_not_matched")
    stage.patient.press(FACE)
    stage.patient.wait_for("look")
    stage.patient.wait_for("face_not_matched", "enter_pin", "choose_method")
    if stage.patient.state()["view"] != "enter_pin":
        stage.patient.press(PIN)
    stage.types_pin("suzuki-ichiro")
    stage.answers(YES, YES, NO)
    stage.goes()
    stage.shown("look", "face_not_matched", "look", "look", "enter_pin", "take_card")
    stage.expect("drugs", stage.result().consent("PharmacistsInfo"), "1")


def wrong_pin_once(stage: Stage) -> None:
    stage.comes_in("takahashi-yuki")
    stage.patient.press(PIN)
    stage.types_pin("takahashi-yuki", wrong=True)
    stage.hears("error")
    stage.types_pin("takahashi-yuki")
    stage.answers(YES, YES, YES)
    stage.goes()
    stage.result()


def pin_blocked(stage: Stage) -> None:
    """The PIN is blocked before the visit; the face is the way on."""
    stage.comes_in("tanaka-kenji", greeted="pin_blocked")
    stage.shows_face()
    stage.answers(NO, NO, NO)
    stage.goes()
    stage.never_shown("enter_pin")
    stage.expect("drugs", stage.result().consent("PharmacistsInfo"), "0")


def registers_at_the_reader(stage: Stage) -> None:
    stage.comes_in("ito-sakura")
    stage.shows_face()
    stage.patient.wait_for("ask_registration")
    stage.patient.press(YES)
    stage.answers(YES, YES)
    stage.goes()
    stage.shown("ask_registration", "ask_consent", "take_card")
    stage.result()


def thirty_nine(stage: Stage) -> None:
    """Turns 40 tomorrow: two questions, no checkup."""
    stage.comes_in("watanabe-sho")
    stage.patient.press(PIN)
    stage.types_pin("watanabe-sho")
    stage.answers(YES, YES)
    stage.goes()
    checkup = stage.result().consent("SpecificHealthCheckupsInfo")
    stage.expect("checkup", checkup in {"", "0"}, True)


def forty(stage: Stage) -> None:
    """Turned 40 today: the checkup is asked."""
    stage.comes_in("yamamoto-mei")
    stage.patient.press(PIN)
    stage.types_pin("yamamoto-mei")
    stage.answers(YES, YES, YES)
    stage.goes()
    checkup = stage.result().consent("SpecificHealthCheckupsInfo")
    stage.expect("checkup", checkup, "1")


def card_out_and_back(stage: Stage) -> None:
    """Leaves with the second question open, returns, then leaves for good.

    Back within the time: no face, no PIN, the missed question is asked again. What
    is open at the end is unanswered, never refused.
    """
    stage.comes_in("nakamura-tetsu")
    stage.shows_face()
    stage.answers(YES)
    stage.question(2)
    stage.patient.take()
    stage.patient.wait_for("put_card_back")
    stage.patient.put("nakamura-tetsu")
    stage.question(2)
    stage.patient.press(YES)
    stage.question(3)
    stage.patient.take()
    stage.patient.wait_for("put_card_back")
    stage.patient.stand(None)
    stage.patient.wait_for("ready")
    stage.shown("put_card_back", "ask_consent", "put_card_back")
    seen = [str(screen["view"]) for screen in stage.patient.screens()]
    stage.expect("methods chosen", seen.count("choose_method"), 1)
    result = stage.result()
    stage.expect("operation", result.consent("OperationInfo"), "1")
    stage.expect("checkup", result.consent("SpecificHealthCheckupsInfo"), "0")
    decisions = stage.patient.visits()[-1]["decisions"]
    stage.expect("the missed answer", decisions["checkup"], "unanswered")


def card_left_behind(stage: Stage) -> None:
    stage.comes_in("kobayashi-aoi")
    stage.patient.press(PIN)
    stage.types_pin("kobayashi-aoi")
    stage.answers(YES, YES)
    stage.hears("alarm")
    stage.patient.wait_for("card_left")
    stage.expect("the light", stage.patient.state()["light"], "alarm")
    stage.goes()
    stage.shown("take_card", "card_left", "thank_you")
    stage.result()


def expired_certificate(stage: Stage) -> None:
    """Within three months: eligibility only, and the screen says why."""
    stage.comes_in("kato-minoru")
    stage.patient.press(PIN)
    stage.types_pin("kato-minoru")
    stage.goes()
    stage.never_shown("ask_consent")
    result = stage.result()
    stage.expect("validity", result.texts.get("QualificationValidity"), "1")
    stage.expect("drugs", result.consent("PharmacistsInfo") in {"", "0"}, True)


def not_found(stage: Stage) -> None:
    """該当なし: the screen says what to do next."""
    stage.comes_in("yoshida-rin")
    stage.patient.press(PIN)
    stage.types_pin("yoshida-rin")
    stage.patient.wait_for("problem")
    stage.goes()
    stage.expect("code", stage.patient.visits()[-1]["code"], "R601")
    stage.expect("validity", stage.result().texts.get("QualificationValidity"), "4")


def cloud_unreachable(stage: Stage) -> None:
    """No answer in time: a clear screen, and the answer arrives when it can."""
    stage.stop_cloud()
    try:
        stage.comes_in("yamada-taro")
        stage.patient.press(PIN)
        stage.types_pin("yamada-taro")
        stage.goes()
        stage.shown("checking", "take_card", "thank_you")
    finally:
        stage.start_cloud()
    stage.expect("validity", stage.result().texts.get("QualificationValidity"), "1")


MORNING: tuple[Visit, ...] = (
    Visit("face accepted, consents given", "accepted", face_with_consents),
    Visit("face refused three times, then PIN", "accepted", face_refused_then_pin),
    Visit("wrong PIN once, then right", "accepted", wrong_pin_once),
    Visit("PIN blocked, face is the way on", "accepted", pin_blocked),
    Visit(
        "not registered: registers at the reader", "accepted", registers_at_the_reader
    ),
    Visit("39, turns 40 tomorrow: no checkup question", "accepted", thirty_nine),
    Visit("40 today: checkup question", "accepted", forty),
    Visit("card taken out at consent and put back", "accepted", card_out_and_back),
    Visit("card left behind: alarm", "accepted", card_left_behind),
    Visit("certificate expired within three months", "accepted", expired_certificate),
    Visit("insured person not found", "refused", not_found),
    Visit("cloud unreachable, answered later", "pending", cloud_unreachable),
)
