"""署名用電子証明書: opened by a password of its own, five tries, or not there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.files import FILLER
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
PASSWORD = b"ABC123"
JPKI = "00a4040c0ad392f000260100000001"
CERTIFICATE, CA, KEY, SECRET = (
    f"00a4020c02{ef}" for ef in ("0001", "0002", "001a", "001b")
)
READ = "00b00000000000"
ASK = "00200080"
SIGN = "802a008003010203" + "00"


def verify(password: bytes) -> str:
    return f"00200080{len(password):02x}{password.hex()}"


@pytest.fixture
def signer(
    holder: Holder,
    keys: CardKeys,
    issuer: Issuer,
    insert: Callable[[CardContents], Bench],
) -> Bench:
    adult = replace(holder, signing_password=PASSWORD.decode())
    return insert(issue(adult, keys, issuer, NOW))


def words(bench: Bench, *raw: str) -> list[str]:
    return [bench.card.transmit(bytes.fromhex(one))[-2:].hex() for one in raw]


def test_the_certificate_names_a_person_and_is_closed_without_password(
    signer: Bench,
) -> None:
    assert words(signer, JPKI, CERTIFICATE, READ) == ["9000", "9000", "6982"]
    assert words(signer, KEY, SIGN) == ["9000", "6982"]
    assert words(signer, CA, READ) == ["9000", "9000"]


def test_the_password_has_five_tries_of_its_own(signer: Bench) -> None:
    said = words(signer, JPKI, SECRET, ASK, *[verify(b"WRONG1")] * 6, ASK)
    assert said[2:] == ["63c5", "63c4", "63c3", "63c2", "63c1", "63c0", "6984", "63c0"]
    assert words(signer, "00a4020c020018", ASK)[-1] == "63c3"


def test_the_pin_does_not_open_it_and_the_password_not_the_other(
    signer: Bench,
) -> None:
    words(signer, JPKI, "00a4020c020018", verify(b"2468"))
    assert words(signer, CERTIFICATE, READ, KEY, SIGN)[1::2] == ["6982", "6982"]
    signer.card.reset()
    words(signer, JPKI, SECRET, verify(PASSWORD))
    assert words(signer, "00a4020c020017", SIGN)[-1] == "6982"


def test_its_own_authority_certified_the_key_that_signs(
    signer: Bench, issuer: Issuer
) -> None:
    assert words(signer, JPKI, SECRET, verify(PASSWORD), CERTIFICATE)[2] == "9000"
    raw = signer.card.transmit(bytes.fromhex(READ))[:-2]
    assert raw.endswith(FILLER)
    certificate = x509.load_der_x509_certificate(raw[: -len(FILLER)])
    certificate.verify_directly_issued_by(issuer.signing_ca)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    words(signer, KEY)
    signature = signer.card.transmit(bytes.fromhex(SIGN))[:-2]
    public = certificate.public_key()
    assert isinstance(public, RSAPublicKey)
    recovered = public.recover_data_from_signature(signature, PKCS1v15(), None)
    assert recovered == bytes((1, 2, 3))


def test_a_childs_card_has_none_of_the_four_files(bench: Bench) -> None:
    words(bench, JPKI)
    assert words(bench, CERTIFICATE, CA, KEY, SECRET) == ["6a82"] * 4


def test_an_adults_card_keeps_it_in_its_file(signer: Bench) -> None:
    contents = signer.card.contents
    assert CardContents.from_bytes(contents.to_bytes()) == contents
    assert PASSWORD.decode() not in repr(contents)
    assert PASSWORD.hex() not in repr(contents)
