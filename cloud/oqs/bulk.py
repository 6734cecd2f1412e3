"""OQSmu…01 and 02: a file in, its reception number out; the number in, a file out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cloud.bulk.model import Family as Stem
from cloud.bulk.model import Reception
from cloud.bulk.service import Bulk, NoJobError, NotReadyError, OverError
from cloud.bulk.writing import Media
from cloud.oqs.once import Once
from cloud.oqs.request import RECEPTION, Request
from protocol.catalogue import Code
from protocol.oqs.document import BODY, leaves, written
from protocol.oqs.errors import OqsError
from protocol.oqs.names import Family
from protocol.oqs.reply import Segment, Sender, header

STEMS: Final[Mapping[Family, Stem]] = {
    Family.BOOKED: Stem.NUMBERS,
    Family.HOME_VISIT: Stem.HOME_VISITS,
    Family.ONLINE: Stem.ONLINE,
    Family.ASSISTANCE: Stem.ASSISTANCE,
}
PACKED_FROM: Final = 1_000
"""Rows from which on a result comes as a ZIP."""


def upload(
    desk: Bulk, once: Once, request: Request, sender: Sender, key: str, now_ms: int
) -> bytes:
    """The answer with its reception number. Raises OqsError.

    The same `key` is the same upload: what was begun with it, it is told again.
    """
    stem = STEMS[request.name.kind.family]
    begun, new = now_ms, True
    if key:
        begun, new = once.first_seen(sender.facility, key, now_ms)
    for job in () if new else desk.jobs(sender.facility, now_ms):
        if job.received == begun and job.family is stem:
            return _number(sender, now_ms, Segment.ENDED, job.reception)
    once.sweep(now_ms)
    reception = desk.submit(sender.facility, stem, request.file, begun)
    return _number(sender, now_ms, Segment.ENDED, reception)


def download(
    desk: Bulk, request: Request, sender: Sender, now_ms: int
) -> tuple[bytes | Path, str]:
    """The answer and its extension; 2 処理中 while there is none yet.

    Raises OqsError.
    """
    reception = Reception(request.body.get(RECEPTION))
    try:
        job = desk.job(sender.facility, reception)
        media = Media.ZIP if job.rows >= PACKED_FROM else Media.XML
        if job.family is not STEMS[request.name.kind.family]:
            raise OqsError(Code.NOT_THERE, f"{BODY}/{RECEPTION}")
        made = desk.download(sender.facility, reception, media, sender.encoding, now_ms)
    except NotReadyError:
        return _number(sender, now_ms, Segment.PROCESSING, reception), "xml"
    except NoJobError:
        raise OqsError(Code.NOT_THERE, f"{BODY}/{RECEPTION}") from None
    except OverError:
        raise OqsError(Code.BULK_OVER, f"{BODY}/{RECEPTION}") from None
    return made, media.value


def _number(
    sender: Sender, now_ms: int, segment: Segment, reception: Reception
) -> bytes:
    body = leaves((RECEPTION, reception))
    return written(header(sender, now_ms, segment), body, sender.encoding)
