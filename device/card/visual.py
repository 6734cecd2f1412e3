"""券面事項確認AP: the face photo, behind 照合番号B.

Only key 0012 is ever offered. Key 0013 (照合番号A) is the individual number itself
and EF 0005 its image; this product has no command for either.
"""

from device.card import iso
from device.card.apdu import Dialog
from device.card.card_face import CERTIFICATE, FACE, challenge_info
from device.card.errors import (
    CardRefusedError,
    MalformedCardError,
    NotMyNumberCardError,
    VerificationNumberError,
)
from device.card.long_reads import CHUNK

AID = bytes.fromhex("D3921000310001010402")
CARD_FACE = 0x0002
ISSUER_CERTIFICATE = 0x0004
NUMBER_B = 0x0012
NUMBER_B_TRIES = 10
OWN_KEY = 0x00


def open_with(number: bytes, keep_tries: int) -> Dialog[None]:
    """Select and open. The number is offered only while more than `keep_tries` remain.

    Raises VerificationNumberError, NotMyNumberCardError (phones have no card face).
    """
    try:
        yield from iso.select_application(AID)
    except CardRefusedError as refused:
        raise NotMyNumberCardError("no card face") from refused
    yield from iso.select_file(NUMBER_B)
    left = yield from iso.tries(NUMBER_B_TRIES)
    if left <= keep_tries:
        raise VerificationNumberError(left, sent=False)
    after = yield from iso.verify(number)
    if after is not None:
        raise VerificationNumberError(after, sent=True)


def issuer_certificate() -> Dialog[bytes]:
    yield from iso.select_file(ISSUER_CERTIFICATE)
    return (yield from _object(CERTIFICATE))


def card_face() -> Dialog[bytes]:
    yield from iso.select_file(CARD_FACE)
    return (yield from _object(FACE))


def answer_challenge(challenge: bytes) -> Dialog[bytes]:
    """The chip's own signature, no PIN asked: a copy of its files cannot give it."""
    return (yield from iso.compute_signature(challenge_info(challenge), OWN_KEY))


def _object(tag: int) -> Dialog[bytes]:
    raw = yield from iso.read_object(tag, first=CHUNK)
    if not raw:
        raise MalformedCardError("an empty file")
    return raw
