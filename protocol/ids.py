"""Names of things on the wire: opaque text, never parsed as numbers."""

import re
from typing import Annotated, NewType

from pydantic import AfterValidator

ReaderId = NewType("ReaderId", str)
"""Our box. Also the MQTT user name, so wildcards and slashes cannot occur in it."""

RequestId = NewType("RequestId", str)
"""One question to the cloud: UUIDv7 text (RFC 9562). The key of idempotency."""

VisitId = NewType("VisitId", str)
"""One patient at one reader, from tap to card removed: UUIDv7 text."""

KeyId = NewType("KeyId", bytes)
"""First 16 bytes of the SHA-256 of a public key's SubjectPublicKeyInfo (DER)."""

FacilityCode = NewType("FacilityCode", str)
"""医療機関コード: 10 digits, Luhn (protocol.numbers checks it)."""

_READER = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,30})[a-z0-9]")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def reader_id(text: str) -> ReaderId:
    """Accept 3 to 32 characters of a-z, 0-9 and inner hyphens; else ValueError."""
    if not _READER.fullmatch(text):
        raise ValueError("a reader id is 3-32 characters of a-z, 0-9, hyphen")
    return ReaderId(text)


def _uuid_text(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise ValueError("not a lower-case UUID")
    return text


AReaderId = Annotated[ReaderId, AfterValidator(lambda t: reader_id(t))]
ARequestId = Annotated[RequestId, AfterValidator(_uuid_text)]
AVisitId = Annotated[VisitId, AfterValidator(_uuid_text)]


def uuid7(unix_ms: int, random: bytes) -> str:
    """UUIDv7 text from milliseconds since 1970 and 10 random bytes (RFC 9562 5.7)."""
    if len(random) != 10:
        raise ValueError("uuid7 needs 10 random bytes")
    value = bytearray(unix_ms.to_bytes(6, "big") + random)
    value[6] = (value[6] & 0x0F) | 0x70
    value[8] = (value[8] & 0x3F) | 0x80
    text = value.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
