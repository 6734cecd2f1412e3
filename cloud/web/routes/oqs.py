"""Files of receipt computers over HTTP: one request file in, its response file out.

The name stands in a header: a receipt computer may put a patient's number into it, and
no such number may stand in a URL.
"""

import re
from typing import Final

from cloud.oqs.answer import Answering
from cloud.web.caller import Right, refusal
from cloud.web.route import Call, Problem, Reply, Route, Shape, Upload
from protocol.catalogue import Code
from protocol.oqs.errors import OqsError
from protocol.oqs.names import KINDS, LARGE, request_name

TAG: Final = "oqs"
PATH: Final = "/v1/oqs"
FILE: Final = "x-shikaku-file"
"""Name of the request file, and of the response file."""
CODE: Final = "x-shikaku-code"
"""Of a response file that says no."""
KEY: Final = "idempotency-key"
XML: Final = "application/xml"
ZIP: Final = "application/zip"
PDF: Final = "application/pdf"
MEDIA: Final = {"xml": XML, "zip": ZIP, "pdf": PDF}
_KEY: Final = re.compile(r"[A-Za-z0-9-]{16,64}")


class KindShape(Shape):
    prefix: str
    family: str
    step: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    limit: int


class KindsShape(Shape):
    kinds: list[KindShape]


def routes(answering: Answering) -> tuple[Route, ...]:
    def answer(call: Call) -> Reply:
        file = call.upload
        assert file is not None  # noqa: S101  the route's own upload
        name = _name(call)
        found = answering.answer(
            call.at.facility,
            name,
            file,
            closed=refusal(call.at, Right.READ_RECORDS),
            now_ms=call.now_ms,
            key=_key(call),
        )
        headers = {FILE: found.name}
        if found.code:
            headers[CODE] = found.code
        media = MEDIA[found.name.rpartition(".")[2]]
        return Reply(found.content, media=media, headers=headers)

    return (
        Route(
            "POST",
            PATH,
            Right.ASK,
            answer,
            "A receipt computer's request file (X-Shikaku-File) is answered by its"
            " response file; a file that is refused, by one that says why",
            upload=Upload((XML, ZIP), LARGE),
            media=(XML, ZIP, PDF),
            problems={400: (Code.OQS_NAME, Code.INPUT_UNREADABLE)},
            tag=TAG,
        ),
        Route(
            "GET",
            f"{PATH}/kinds",
            Right.ASK,
            lambda _call: Reply(kinds()),
            "The kinds of files, by the prefix of their names",
            reply=KindsShape,
            tag=TAG,
        ),
    )


def kinds() -> KindsShape:
    return KindsShape(
        kinds=[
            KindShape(
                prefix=one.prefix,
                family=one.family.value,
                step=one.step.value,
                asks=one.asks,
                answers=one.answers,
                limit=one.limit,
            )
            for one in KINDS
        ]
    )


def _name(call: Call) -> str:
    name = call.headers.get(FILE, "")
    try:
        return request_name(name).text
    except OqsError as error:
        raise Problem(400, Code.OQS_NAME, error.place) from None


def _key(call: Call) -> str:
    key = call.headers.get(KEY, "")
    if key and not _KEY.fullmatch(key):
        raise Problem(400, Code.INPUT_UNREADABLE, KEY)
    return key
