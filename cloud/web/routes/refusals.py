"""Refusals of the modes room as HTTP."""

from collections.abc import Callable, Mapping
from typing import Final

from cloud.modes.errors import ConflictError, ModeError
from cloud.web.route import Call, Problem, Reply
from protocol.catalogue import Code

STATUS: Final[Mapping[Code, int]] = {
    Code.NOT_THERE: 404,
    Code.WRONG_STATE: 409,
    Code.MODE_NOT_OPEN: 409,
    Code.FOUR_EYES: 403,
    Code.MODE_INCOMPLETE: 422,
    Code.WORDS_NEEDED: 422,
    Code.SEARCHED_TOO_OFTEN: 429,
    Code.ACTIVATION_REFUSED: 403,
    Code.TICKET_OVER: 410,
    Code.ONLINE_NOT_SET: 403,
    Code.NOT_IN_PROFILE: 403,
    Code.SUBSTITUTE_REVOKED: 403,
    Code.MALFORMED: 400,
}
Handler = Callable[[Call], Reply]


def refusing(handler: Handler) -> Handler:
    """The handler, whose ModeError is a Problem."""

    def handled(call: Call) -> Reply:
        try:
            return handler(call)
        except ModeError as error:
            raise Problem(STATUS[error.code], error.code, error.detail) from None
        except ConflictError:
            raise Problem(409, Code.WRONG_STATE, "changed meanwhile") from None

    return handled


def problems(*codes: Code) -> Mapping[int, tuple[Code, ...]]:
    """By status, for the description."""
    found: dict[int, tuple[Code, ...]] = {}
    for code in codes:
        found[STATUS[code]] = (*found.get(STATUS[code], ()), code)
    return found


def staff_of(call: Call) -> str:
    """The account that does it: a mode is never used by a machine alone."""
    if call.at.staff is None:
        raise Problem(401, Code.SIGN_IN_NEEDED)
    return call.at.staff.account
