"""A photo is believed only when the issuer signed it and the chip is the original."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.card import card_face, tlv, visit
from device.card.apdu import Dialog
from device.card.errors import MalformedCardError, PhotoNotAuthenticError
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue

Insert = Callable[[CardContents], Bench]
NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def read(holder: Holder, issuer: Issuer) -> Callable[[], Dialog[visit.CardPhoto]]:
    keys = [issuer.photo_key.public_key()]
    return lambda: visit.read_photo(holder.number_b, bytes(16), keys)


Read = Callable[[], Dialog[visit.CardPhoto]]


def swapped(face: bytes, tag: int, other: bytes) -> bytes:
    """The file with one object replaced by another of the same length."""
    outer = tlv.parse(face)
    one = tlv.by_tag(tlv.parse_all(outer.value))[tag]
    assert len(one.value) == len(other)
    at = len(outer.raw) - len(outer.value) + one.start + len(one.raw) - len(other)
    return face[:at] + other + face[at + len(other) :]


@pytest.mark.parametrize("tag", [0xDF22, 0xDF23, 0xDF25, 0xDF26, 0xDF27])
def test_anything_changed_under_the_signature_is_found(
    insert: Insert, contents: CardContents, read: Read, tag: int
) -> None:
    objects = tlv.by_tag(tlv.parse_all(tlv.parse(contents.card_face).value))
    value = objects[tag].value
    # The last digit or the last byte: still a date, still a picture, not the same.
    other = value[:-1] + bytes((value[-1] ^ 1,))
    forged = replace(contents, card_face=swapped(contents.card_face, tag, other))
    with pytest.raises(PhotoNotAuthenticError) as refused:
        insert(forged).run(read())
    assert refused.value.code == "C105"


def test_a_copy_on_another_chip_is_found(
    insert: Insert, contents: CardContents, keys: CardKeys, read: Read
) -> None:
    other = keys.authentication.private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(PhotoNotAuthenticError, match="chip"):
        insert(replace(contents, card_key=other)).run(read())


def test_an_old_answer_does_not_fit_a_new_challenge(
    bench: Bench, contents: CardContents
) -> None:
    face = card_face.parse_face(contents.card_face)
    answer = bench.run(_answer(b"yesterday's 16 B"))
    card_face.check_not_copied(face, b"yesterday's 16 B", answer)
    with pytest.raises(PhotoNotAuthenticError):
        card_face.check_not_copied(face, b"today's 16 bytes", answer)


def _answer(challenge: bytes) -> Dialog[bytes]:
    from device.card import iso, visual

    yield from iso.select_application(visual.AID)
    return (yield from visual.answer_challenge(challenge))


def test_an_issuer_nobody_certified_is_refused(
    insert: Insert, holder: Holder, keys: CardKeys, issuer: Issuer, read: Read
) -> None:
    stranger = replace(issuer, photo_key=rsa.generate_private_key(65537, 2048))
    card = insert(issue(holder, keys, stranger, NOW))
    with pytest.raises(PhotoNotAuthenticError, match="trust"):
        card.run(read())


def test_without_trusted_keys_nothing_is_believed(bench: Bench, holder: Holder) -> None:
    with pytest.raises(PhotoNotAuthenticError):
        bench.run(visit.read_photo(holder.number_b, bytes(16), []))


def test_a_short_challenge_is_refused_before_the_card_hears_it(
    bench: Bench, holder: Holder
) -> None:
    with pytest.raises(ValueError, match="16"):
        bench.run(visit.read_photo(holder.number_b, bytes(15), []))
    assert bench.trace == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_malformed_or_not_authentic(
    data: st.DataObject, contents: CardContents, issuer: Issuer
) -> None:
    raw = bytearray(contents.card_face)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    trusted = [issuer.photo_key.public_key()]
    certificate = card_face.parse_issuer_certificate(contents.issuer_certificate)
    try:
        face = card_face.parse_face(bytes(raw))
        card_face.check_photo(face, certificate, trusted)
    except (MalformedCardError, PhotoNotAuthenticError):
        return
    # Only what the signature does not cover can change unseen: expiry, code image.
    good = card_face.parse_face(contents.card_face)
    assert (face.photo, face.birth, face.signed_info) == (
        good.photo,
        good.birth,
        good.signed_info,
    )


@given(st.binary(max_size=200))
def test_junk_files_are_malformed(raw: bytes) -> None:
    for parse in (card_face.parse_face, card_face.parse_issuer_certificate):
        with pytest.raises(MalformedCardError):
            parse(raw)
