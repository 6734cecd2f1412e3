"""What a case asks of what happened; and what is forbidden in every case."""

from device.session.state import Ending
from device.simulated.training.case import Check, Never, Rule, Words
from device.simulated.training.happened import Happened
from protocol.catalogue import Code
from protocol.codes import Decision, Method


def accepted(happened: Happened) -> bool:
    return any(visit.ending is Ending.ACCEPTED for visit in happened.visits)


def pending(happened: Happened) -> bool:
    return any(visit.ending is Ending.PENDING for visit in happened.visits)


def received(happened: Happened) -> bool:
    return any(visit.received for visit in happened.visits)


def not_received(happened: Happened) -> bool:
    """A visit was decided, and none of them received anybody."""
    return bool(happened.visits) and not received(happened)


def identified(happened: Happened) -> bool:
    """Whoever was received was known by face or PIN, not by eyesight alone."""
    done = [visit.method for visit in happened.visits if visit.received]
    return bool(done) and all(
        method in {Method.FACE, Method.PIN} or _confirmed(happened, method)
        for method in done
    )


def by_face(happened: Happened) -> bool:
    """The face decided, or looked right and a member of staff confirmed it."""
    done = [visit.method for visit in happened.visits if visit.received]
    return bool(done) and all(
        method is Method.FACE or _confirmed(happened, method) for method in done
    )


def _confirmed(happened: Happened, method: Method | None) -> bool:
    return method is Method.VISUAL and happened.saw("face_supported")


def answered(happened: Happened) -> bool:
    """Every consent question got a yes or a no."""
    return any(
        visit.ending is Ending.ACCEPTED
        and visit.decisions
        and Decision.UNANSWERED not in visit.decisions.values()
        for visit in happened.visits
    )


def pin_burned(happened: Happened) -> bool:
    """The last try of a PIN was used up here; a PIN blocked before is none of it."""
    return "pin_blocked" in happened.after("enter_pin")


def saw(view: str) -> Rule:
    return lambda happened: happened.saw(view)


def coded(*codes: Code) -> Rule:
    return lambda happened: any(visit.code in codes for visit in happened.visits)


NEVER = (
    Never(
        pin_burned,
        Words(
            "暗証番号の最後の1回まで使い、ロックさせました。",
            "The last try of the PIN was used up: it is blocked now.",
        ),
    ),
)

IDENTIFIED = Check(
    2,
    identified,
    Words("本人を顔か暗証番号で確認しました。", "Known by face or PIN."),
    Words(
        "本人を顔か暗証番号で確認できていません。",
        "The holder was not known by face or PIN.",
    ),
)
BY_FACE = Check(
    2,
    by_face,
    Words("顔で本人を確認しました。", "Known by the face."),
    Words(
        "顔で確認できる方でした。職員の目視や暗証番号は次の手段です。",
        "The face would have done; eyesight and PIN come after it.",
    ),
)


def received_here(points: int, missed: Words) -> Check:
    told = Words("リーダーで受け付けました。", "Received at the reader.")
    return Check(points, accepted, told, missed)
