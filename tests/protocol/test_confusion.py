"""Algorithm confusion (RFC 8725's list, in COSE): the full matrix is refused."""

import hmac

import pytest

from protocol import cbor, cose
from protocol.envelope import ReaderSession
from protocol.errors import MalformedError, SignatureError, WireError
from protocol.keys import spki
from tests.protocol import samples
from tests.protocol.samples import NOW, Wire

WIRE = Wire()
SIGNED = cose.parse_signed(
    cose.decrypt(cose.parse_sealed(WIRE.seal(b"hello")), WIRE.session.keys.up)
)
KID = bytes(samples.reader_key().key_id)
HEADER = cose.SealHeader(WIRE.session.recipient, WIRE.session.ephemeral, NOW)
RECIPIENT, EPHEMERAL = HEADER.recipient, HEADER.ephemeral

ES384, ES512, EDDSA, PS256, RS256, RS1 = -35, -36, -8, -37, -257, -65535
HS256, HS256_64, NONE = 5, 4, 0


def entries(*pairs: tuple[str, bytes]) -> bytes:
    """A header map from encoded keys (hex) and values, as an attacker writes it."""
    inner = b"".join(bytes.fromhex(key) + value for key, value in pairs)
    return cbor.head(5, len(pairs)) + inner


def alg(number: int) -> tuple[str, bytes]:
    return "01", cbor.dumps(number)


KID_PAIR = ("04", cbor.bstr(KID))


def sealed_around(inner: bytes) -> bytes:
    return cose.encrypt(inner, header=HEADER, key=WIRE.session.keys.up, iv=samples.IV)


def sign1(protected: bytes, other: bytes = b"\xa0", signature: bytes = b"") -> bytes:
    signature = signature or SIGNED.signature
    parts = (cbor.bstr(protected), other, cbor.bstr(b"hello"), cbor.bstr(signature))
    return b"\xd2\x84" + b"".join(parts)


SIGN_HEADERS = {
    "none": entries(alg(NONE), KID_PAIR),
    "no alg": entries(KID_PAIR),
    "alg null": entries(("01", b"\xf6"), KID_PAIR),
    "alg as text": entries(("01", cbor.tstr("ES256")), KID_PAIR),
    "ES384": entries(alg(ES384), KID_PAIR),
    "ES512": entries(alg(ES512), KID_PAIR),
    "EdDSA": entries(alg(EDDSA), KID_PAIR),
    "PS256": entries(alg(PS256), KID_PAIR),
    "RS256": entries(alg(RS256), KID_PAIR),
    "RS1": entries(alg(RS1), KID_PAIR),
    "HS256": entries(alg(HS256), KID_PAIR),
    "HS256/64": entries(alg(HS256_64), KID_PAIR),
    "crit": entries(alg(-7), ("02", b"\x81\x01"), KID_PAIR),
    "crit unknown": entries(alg(-7), ("02", b"\x81\x19\x03\xe7"), KID_PAIR),
    "empty crit": entries(alg(-7), ("02", b"\x80"), KID_PAIR),
    "content type": entries(alg(-7), ("03", b"\x00"), KID_PAIR),
    "key in the message": entries(alg(-7), KID_PAIR, ("20", b"\xa0")),
    "two algs": entries(alg(-7), alg(-7), KID_PAIR),
    "kid before alg": entries(KID_PAIR, alg(-7)),
    "no kid": entries(alg(-7)),
    "kid as text": entries(alg(-7), ("04", cbor.tstr("reader-tokyo-01"))),
    "short kid": entries(alg(-7), ("04", cbor.bstr(KID[:15]))),
    "long kid": entries(alg(-7), ("04", cbor.bstr(KID + b"\x00"))),
    "empty": b"",
    "empty map": b"\xa0",
}


@pytest.mark.parametrize("name", SIGN_HEADERS)
def test_another_signature_header_is_malformed(name: str) -> None:
    """Signed again with the right key, so that only the header is at fault."""
    protected = SIGN_HEADERS[name]
    external = b""
    parts = (cbor.bstr(protected), cbor.bstr(external), cbor.bstr(b"hello"))
    signature = WIRE.signer.sign(b"\x84\x6aSignature1" + b"".join(parts))
    with pytest.raises(MalformedError):
        WIRE.open(sealed_around(sign1(protected, signature=signature)))


def test_a_wrong_kid_is_not_tried_with_other_keys() -> None:
    protected = entries(alg(-7), ("04", cbor.bstr(bytes(16))))
    with pytest.raises(WireError) as caught:
        WIRE.open(sealed_around(sign1(protected)))
    assert caught.value.code == "M401"


def test_an_hmac_with_the_public_key_is_no_signature() -> None:
    """The classic: the verifier's public bytes taken for a shared secret."""
    tag = hmac.digest(spki(samples.READER_SECRET.public_key()), b"hello", "sha256")
    good_header = entries(alg(-7), KID_PAIR)
    for signature in (tag, tag * 2, bytes(64), b"\xff" * 64, b"\x00"):
        with pytest.raises(SignatureError):
            WIRE.open(sealed_around(sign1(good_header, signature=signature)))


def test_unprotected_headers_are_refused() -> None:
    good = entries(alg(-7), KID_PAIR)
    for other in (entries(alg(-7)), entries(KID_PAIR), entries(("20", b"\x00"))):
        with pytest.raises(MalformedError):
            WIRE.open(sealed_around(sign1(good, other)))


@pytest.mark.parametrize(
    "inner",
    [
        b"\x84" + sign1(entries(alg(-7), KID_PAIR))[2:],
        b"\xd8\x62" + sign1(entries(alg(-7), KID_PAIR))[1:],
        b"\xd1" + sign1(entries(alg(-7), KID_PAIR))[1:],
        b"\xd2\x83" + sign1(entries(alg(-7), KID_PAIR))[2:],
        cbor.dumps({"kind": "verification-request"}),
        b"",
    ],
    ids=["no tag", "COSE_Sign", "COSE_Mac0", "three parts", "bare message", "empty"],
)
def test_another_structure_inside_is_malformed(inner: bytes) -> None:
    with pytest.raises(MalformedError):
        WIRE.open(sealed_around(inner))


def test_the_good_structure_around_the_same_pieces_opens() -> None:
    good = sign1(entries(alg(-7), KID_PAIR))
    assert WIRE.open(sealed_around(good)).message == b"hello"


EPH_PAIR = ("3a00010000", cbor.bstr(EPHEMERAL))
SENT_PAIR = ("3a00010001", cbor.dumps(NOW))
TO_PAIR = ("04", cbor.bstr(RECIPIENT))
SEAL_HEADERS = {
    "A128GCM": entries(alg(1), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "A192GCM": entries(alg(2), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "ChaCha20": entries(alg(24), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "A256CTR": entries(alg(-65532), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "none": entries(alg(0), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "no alg": entries(TO_PAIR, EPH_PAIR, SENT_PAIR),
    "crit": entries(alg(3), ("02", b"\x81\x01"), TO_PAIR, EPH_PAIR, SENT_PAIR),
    "protected iv": entries(alg(3), TO_PAIR, ("05", b"\x41\x00"), EPH_PAIR, SENT_PAIR),
    "no kid": entries(alg(3), EPH_PAIR, SENT_PAIR),
    "no session": entries(alg(3), TO_PAIR, SENT_PAIR),
    "no time": entries(alg(3), TO_PAIR, EPH_PAIR),
    "time as bytes": entries(
        alg(3), TO_PAIR, EPH_PAIR, ("3a00010001", cbor.bstr(NOW.to_bytes(8, "big")))
    ),
    "time before 1970": entries(alg(3), TO_PAIR, EPH_PAIR, ("3a00010001", b"\x20")),
    "other order": entries(alg(3), TO_PAIR, SENT_PAIR, EPH_PAIR),
    "more": entries(alg(3), TO_PAIR, EPH_PAIR, SENT_PAIR, ("3a00010002", b"\x00")),
    "empty": b"",
}


@pytest.mark.parametrize("name", SEAL_HEADERS)
def test_another_envelope_header_is_malformed(name: str) -> None:
    sealed = cose.parse_sealed(WIRE.seal(b"hello"))
    data = (
        b"\xd0\x83"
        + cbor.bstr(SEAL_HEADERS[name])
        + entries(("05", cbor.bstr(samples.IV)))
        + cbor.bstr(sealed.ciphertext)
    )
    with pytest.raises(MalformedError):
        WIRE.open(data)


@pytest.mark.parametrize(
    "unprotected",
    [
        b"\xa0",
        entries(("05", cbor.bstr(bytes(11)))),
        entries(("05", cbor.bstr(bytes(16)))),
        entries(("05", cbor.tstr("x" * 12))),
        entries(("06", cbor.bstr(bytes(12)))),
        entries(("04", cbor.bstr(KID)), ("05", cbor.bstr(samples.IV))),
        entries(("05", cbor.bstr(samples.IV)), ("06", cbor.bstr(b"\x01"))),
    ],
)
def test_another_unprotected_header_is_malformed(unprotected: bytes) -> None:
    sealed = cose.parse_sealed(WIRE.seal(b"hello"))
    protected, text = cbor.bstr(sealed.protected), cbor.bstr(sealed.ciphertext)
    with pytest.raises(MalformedError):
        WIRE.open(b"\xd0\x83" + protected + unprotected + text)


def test_an_iv_has_twelve_bytes() -> None:
    for size in (0, 11, 13):
        with pytest.raises(ValueError, match="12 bytes"):
            WIRE.seal(b"hello", iv=bytes(size))


def test_the_reader_session_of_another_cloud_opens_nothing() -> None:
    stranger = Wire()
    stranger.session = ReaderSession.begin(
        samples.EPHEMERAL_SECRET, WIRE.keys.public, NOW
    )
    moved = cose.SealHeader(bytes(16), stranger.session.ephemeral, NOW)
    sealed = cose.encrypt(
        b"x", header=moved, key=stranger.session.keys.up, iv=samples.IV
    )
    with pytest.raises(SignatureError):
        WIRE.open(sealed)
