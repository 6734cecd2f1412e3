"""Staff sign in, with two factors of two kinds, and out; and enrol before that.

The facility's certificate is enough to come here: who has no token yet asks for one.
"""

import hashlib
import math
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from cloud.accounts.errors import EnrolmentRefusedError, PausedError, SignInRefusedError
from cloud.accounts.factors import Method, SameKindError
from cloud.accounts.lockout import FOR_EVER
from cloud.accounts.model import ABSOLUTE_MS, IDLE_MS
from cloud.accounts.password import WeakPasswordError
from cloud.accounts.service import Accounts, Given
from cloud.web.caller import Right
from cloud.web.guard import BEARER
from cloud.web.route import Call, Problem, Reply, Route, Shape
from cloud.web.routes.facility import body_of
from protocol.catalogue import Code

TAG = "sign-in"
SVG = "image/svg+xml"
AccountName = Annotated[str, Field(pattern="^[a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?$")]
Secret = Annotated[str, Field(min_length=1, max_length=256)]


class FactorShape(Shape):
    method: Method
    """OQSCD041 kind and OQSCD042: "1-01" password, "3-02" one-time password."""
    value: Secret


class SignInShape(Shape):
    account: AccountName
    factors: Annotated[list[FactorShape], Field(max_length=5)]
    """Two, of different kinds."""


class TokenShape(Shape):
    token: str
    """For `Authorization: Bearer`. It is told once."""
    ends_at: int
    """Unix ms; sooner when it is not used for `idle_ms`."""
    idle_ms: int


class EnrolShape(Shape):
    account: AccountName
    secret: Secret
    """From the administrator; it works once."""
    password: Secret


class AuthenticatorShape(Shape):
    uri: str
    """otpauth://, for an authenticator. It is the second factor: shown once."""
    qr_svg: str


class ConfirmShape(Shape):
    account: AccountName
    secret: Secret
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]


def routes(accounts: Accounts, qr: Callable[[str, str], bytes]) -> tuple[Route, ...]:
    def sign_in(call: Call) -> Reply:
        body = body_of(call, SignInShape)
        given = [Given(one.method, one.value) for one in body.factors]
        where, now = call.at.facility, call.now_ms
        try:
            token, session = accounts.sign_in(where, body.account, given, now)
        except SameKindError:
            raise Problem(400, Code.FACTORS_OF_ONE_KIND, "factors") from None
        except PausedError as paused:
            raise _paused(paused, now) from None
        except SignInRefusedError:
            raise Problem(403, Code.SIGN_IN_FAILED) from None
        ends = session.began + ABSOLUTE_MS
        return Reply(TokenShape(token=token, ends_at=ends, idle_ms=IDLE_MS))

    def sign_out(call: Call) -> Reply:
        if call.at.staff is None:
            raise Problem(401, Code.SIGN_IN_NEEDED)
        token = call.headers["authorization"][len(BEARER) :].strip()
        accounts.sign_out(hashlib.sha256(token.encode()).digest())
        return Reply(status=204)

    def enrol(call: Call) -> Reply:
        body = body_of(call, EnrolShape)
        where, now = call.at.facility, call.now_ms
        try:
            uri = accounts.begin_enrolment(
                where, body.account, body.secret, body.password, now
            )
        except WeakPasswordError:
            raise Problem(400, Code.PASSWORD_WEAK, "password") from None
        except EnrolmentRefusedError:
            raise Problem(403, Code.ENROLMENT_REFUSED) from None
        return Reply(AuthenticatorShape(uri=uri, qr_svg=qr(uri, SVG).decode()))

    def confirm(call: Call) -> Reply:
        body = body_of(call, ConfirmShape)
        where, now = call.at.facility, call.now_ms
        try:
            accounts.finish_enrolment(where, body.account, body.secret, body.code, now)
        except EnrolmentRefusedError:
            raise Problem(403, Code.ENROLMENT_REFUSED) from None
        except SignInRefusedError:
            raise Problem(403, Code.SIGN_IN_FAILED, "code") from None
        return Reply(status=204)

    return (
        Route(
            "POST",
            "/v1/sign-in",
            Right.ASK,
            sign_in,
            "Two factors of different kinds (OQSCD041) for a token",
            body=SignInShape,
            reply=TokenShape,
            problems={
                400: (Code.FACTORS_OF_ONE_KIND,),
                403: (Code.SIGN_IN_FAILED,),
                429: (Code.SIGN_IN_PAUSED,),
            },
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/sign-out",
            Right.ASK,
            sign_out,
            "The token opens nothing any more",
            status=204,
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/enrolment",
            Right.ASK,
            enrol,
            "Choose a password, and get the secret of an authenticator",
            body=EnrolShape,
            reply=AuthenticatorShape,
            problems={400: (Code.PASSWORD_WEAK,), 403: (Code.ENROLMENT_REFUSED,)},
            tag=TAG,
        ),
        Route(
            "POST",
            "/v1/enrolment/confirm",
            Right.ASK,
            confirm,
            "A first code of the authenticator ends the enrolment",
            body=ConfirmShape,
            status=204,
            problems={403: (Code.ENROLMENT_REFUSED, Code.SIGN_IN_FAILED)},
            tag=TAG,
        ),
    )


def _paused(paused: PausedError, now_ms: int) -> Problem:
    if paused.until == FOR_EVER:
        return Problem(429, Code.SIGN_IN_PAUSED, "until it is opened again")
    seconds = max(1, math.ceil((paused.until - now_ms) / 1000))
    return Problem(429, Code.SIGN_IN_PAUSED, f"in {seconds} s")
