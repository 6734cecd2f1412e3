from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import run

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from device.card import card_face, tlv
from device.simulated.card.contents import HEADER, CardContents, ContentsError
from device.simulated.card.issue import Holder, Issuer
from device.simulated.card.persona_card import holder_of
from device.simulated.persona import personas


def test_openssl_trusts_the_certificate_through_the_test_authority(
    contents: CardContents, issuer: Issuer, tmp_path: Path
) -> None:
    leaf = x509.load_der_x509_certificate(contents.certificate)
    (tmp_path / "ca.pem").write_bytes(issuer.ca.public_bytes(Encoding.PEM))
    (tmp_path / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    at = str(int(datetime(2026, 4, 1, tzinfo=UTC).timestamp()))
    command = ["openssl", "verify", "-attime", at, "-CAfile"]
    said = run(
        [*command, tmp_path / "ca.pem", tmp_path / "leaf.pem"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert said.stdout.endswith("OK\n")


def test_the_certificate_carries_no_name_and_signs_only(
    contents: CardContents, holder: Holder
) -> None:
    leaf = x509.load_der_x509_certificate(contents.certificate)
    assert leaf.subject.rfc4514_string() == (
        f"CN={holder.serial:016X},O=Fictitious JPKI test,C=JP"
    )
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.content_commitment


def test_the_face_file_has_its_offsets_and_one_bit_pictures(
    contents: CardContents, tmp_path: Path
) -> None:
    outer = tlv.parse(contents.card_face)
    objects = tlv.by_tag(tlv.parse_all(outer.value))
    table = objects[card_face.OFFSETS].value
    for index, tag in enumerate(range(0xDF22, 0xDF2B)):
        at = int.from_bytes(table[2 * index : 2 * index + 2], "big")
        assert contents.card_face[at : at + 2] == tag.to_bytes(2, "big")
    picture = tmp_path / "name.png"
    picture.write_bytes(objects[card_face.NAME_IMAGE].value)
    with Image.open(picture) as opened:
        assert opened.mode == "1"


def test_a_card_file_says_what_it_is_and_is_its_owners_only(
    contents: CardContents, tmp_path: Path
) -> None:
    file = tmp_path / "taro.card"
    contents.save(file)
    assert file.read_bytes().startswith(HEADER)
    assert b"FICTITIOUS" in HEADER
    assert file.stat().st_mode & 0o777 == 0o600
    assert CardContents.load(file) == contents


@pytest.mark.parametrize(
    "raw", [b"", b"junk", HEADER, HEADER + b"\xa0", HEADER + b"\1"]
)
def test_what_is_no_test_card_is_refused(raw: bytes) -> None:
    with pytest.raises(ContentsError):
        CardContents.from_bytes(raw)


def test_every_persona_has_a_card_and_its_number_b(photo: bytes) -> None:
    for persona in personas():
        for today in (date(2026, 4, 1), date(2028, 2, 29)):
            holder = holder_of(persona, photo, today)
            assert len(holder.number_b) == 14
            assert holder.expiry > today
            assert holder == holder_of(persona, photo, today)
