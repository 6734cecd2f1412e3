"""Every situation of a card through the visit's dialogs: which code, which way on."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA384

from device.card import visit
from device.card.algorithms import Algorithm, algorithm_of
from device.card.apdu import Dialog
from device.card.errors import CardError
from device.simulated.card.bench import Bench
from device.simulated.card.issue import Issuer
from device.simulated.card.situations import SITUATIONS, situation, situation_card
from device.simulated.card.virtual import VirtualCard

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


def put(name: str, issuer: Issuer) -> Bench:
    found = situation(name)
    assert found is not None
    contents = situation_card(found, issuer, NOW)
    return Bench(VirtualCard(contents, secrets.token_bytes))


def photo(name: str, issuer: Issuer) -> Dialog[visit.CardPhoto]:
    found = situation(name)
    assert found is not None
    keys = [issuer.photo_key.public_key()]
    return visit.read_photo(found.verification_number_b, bytes(16), keys)


def sign(pin: bytes = b"1357") -> Dialog[bytes]:
    return visit.sign_with_pin(bytearray(pin), bytes(32))


def code(bench: Bench, dialog: Dialog[object]) -> str:
    with pytest.raises(CardError) as refused:
        bench.run(dialog)
    return refused.value.code


def test_with_one_try_left_a_wrong_pin_blocks_and_a_right_one_signs(
    issuer: Issuer,
) -> None:
    bench = put("pin-one-try-left", issuer)
    assert bench.run(visit.identify()).tries_left == 1
    assert len(bench.run(sign())) == 256
    bench = put("pin-one-try-left", issuer)
    assert code(bench, sign(b"0000")) == "C107"
    assert code(bench, sign()) == "C107"


@pytest.mark.parametrize("name", ["pin-blocked", "pin-less"])
def test_without_a_usable_pin_the_way_on_is_the_face(name: str, issuer: Issuer) -> None:
    bench = put(name, issuer)
    assert bench.run(visit.identify()).tries_left == 0
    assert code(bench, sign()) == "C107"
    assert bench.run(photo(name, issuer)).jp2


def test_nothing_needs_a_signing_certificate(issuer: Issuer) -> None:
    bench = put("no-signing-certificate", issuer)
    assert bench.run(visit.identify()).tries_left == 3
    assert bench.run(photo("no-signing-certificate", issuer)).jp2
    assert len(bench.run(sign())) == 256


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("certificate-expired-1-day", 1),
        ("certificate-expired-89-days", 89),
        ("certificate-expired-4-months", 123),
    ],
)
def test_an_expired_certificate_is_read_and_the_cloud_judges_it(
    name: str, days: int, issuer: Issuer
) -> None:
    found = put(name, issuer).run(visit.identify())
    leaf = x509.load_der_x509_certificate(found.certificate)
    assert NOW - leaf.not_valid_after_utc == timedelta(days=days)


@pytest.mark.parametrize("name", ["not-my-number-card", "juki-card"])
def test_another_kind_of_card_is_c102(name: str, issuer: Issuer) -> None:
    assert code(put(name, issuer), visit.identify()) == "C102"


def test_a_phone_signs_and_has_no_photo(issuer: Issuer) -> None:
    bench = put("phone-token", issuer)
    assert bench.run(visit.identify()).token == "phone"
    assert code(bench, photo("phone-token", issuer)) == "C102"
    assert len(bench.run(sign())) == 256


def test_a_blank_card_is_c108(issuer: Issuer) -> None:
    bench = put("blank-card", issuer)
    assert code(bench, visit.identify()) == "C108"
    assert code(bench, sign()) == "C108"


def test_extra_bytes_before_the_record_are_stepped_over(issuer: Issuer) -> None:
    bench = put("extra-bytes", issuer)
    assert bench.card.contents.card_face.startswith(b"\0\0\xff\x20")
    assert bench.run(photo("extra-bytes", issuer)).jp2


def test_a_foreign_residents_number_is_the_one_that_was_typed(issuer: Issuer) -> None:
    bench = put("foreign-resident", issuer)
    assert bench.run(photo("foreign-resident", issuer)).birth.year == 1988
    by_era = visit.read_photo("63110320354321", bytes(16), [])
    assert bench.card.contents.number_b == b"88110320354321"
    assert code(bench, by_era) == "C104"


def test_a_card_with_another_key_is_asked_for_another_signature(issuer: Issuer) -> None:
    bench = put("next-generation", issuer)
    certificate = bench.run(visit.identify()).certificate
    algorithm = algorithm_of(certificate)
    assert algorithm is Algorithm.ECDSA_SHA384
    digest = bytes(range(48))
    signature = bench.run(visit.sign_with_pin(bytearray(b"1357"), digest, algorithm))
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    plain = encode_dss_signature(
        int.from_bytes(signature[:48], "big"), int.from_bytes(signature[48:], "big")
    )
    key.verify(plain, digest, ec.ECDSA(Prehashed(SHA384())))
    with pytest.raises(InvalidSignature):
        key.verify(plain, bytes(48), ec.ECDSA(Prehashed(SHA384())))
    assert algorithm_of(put("pin-blocked", issuer).card.contents.certificate) is (
        Algorithm.RSA_SHA256
    )
    # Today's question to tomorrow's card: refused, and no wrong signature.
    assert code(bench, sign()) == "C101"


def test_every_situation_says_in_two_languages_what_it_is() -> None:
    for one in SITUATIONS:
        assert one.ja
        assert one.en
        assert one.holder_now.label == one.id
        assert replace(one.holder_now, photo=b"").name == "見本　一郎"
