"""The patient's word at the facility: the end of all consents given there."""

from collections.abc import Callable
from typing import Annotated, Final

from pydantic import Field

from cloud.page.service import Refused
from cloud.web.caller import Right
from cloud.web.route import Call, Problem, Reply, Route, Shape
from protocol.catalogue import Code
from protocol.ids import FacilityCode

TAG = "consent"
_STATUS: Final = {Code.WORD_UNKNOWN: 404, Code.WORD_TOO_SOON: 429}
ByWord = Callable[[FacilityCode, str, int], int]
"""`Page.withdraw_by_word`: how many consents ended, or Refused."""


class WordShape(Shape):
    word: Annotated[str, Field(min_length=6, max_length=16, repr=False)]
    """The six digits beside the QR code of the reader's last screen."""


class EndedShape(Shape):
    ended: int
    """How many; 0: nothing was open, and the withdrawal stands all the same."""


def routes(by_word: ByWord) -> tuple[Route, ...]:
    def revoke(call: Call) -> Reply:
        if call.at.staff is None:
            # Whoever types it has seen the patient: no program does it alone.
            raise Problem(401, Code.SIGN_IN_NEEDED)
        body = call.body
        assert isinstance(body, WordShape)  # noqa: S101  the route's own model
        try:
            ended = by_word(call.at.facility, body.word, call.now_ms)
        except Refused as refused:
            detail = f"wait {refused.wait_s} s" if refused.wait_s else ""
            raise Problem(_STATUS[refused.code], refused.code, detail) from None
        return Reply(EndedShape(ended=ended))

    return (
        Route(
            "POST",
            "/v1/revocations",
            Right.ASK,
            revoke,
            "Withdraw all consents given here, by the six digits of the receipt",
            body=WordShape,
            reply=EndedShape,
            problems={
                404: (Code.WORD_UNKNOWN,),
                429: (Code.WORD_TOO_SOON,),
            },
            tag=TAG,
        ),
    )
