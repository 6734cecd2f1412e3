"""Files that come in: read strictly, idempotent, and quoting nobody when wrong."""

import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud import imports
from cloud.errors import InputError
from cloud.main import Stores
from cloud.registry.model import CertificateLink, LinkKind
from cloud.seed import insurers, records
from protocol.numbers import insurer_number
from tests.cloud.world import TODAY, rsa_key

FACILITY = "0110113719"


def written(folder: Path, content: object) -> Path:
    file = folder / "in.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return file


def insurance(**changes: object) -> dict[str, object]:
    return {
        "card_classification": "01",
        "insurer_number": "06990014",
        "insurer_name": "架空健康保険組合",
        "number": "12",
        "relationship": "1",
        "valid_from": "2024-04-01",
        **changes,
    }


def someone(**changes: object) -> dict[str, object]:
    return {
        "certificate_sha256": "ab" * 32,
        "name": "試験　花子",
        "name_kana": "シケン　ハナコ",
        "sex": "2",
        "birth_date": "1980-02-29",
        "address": "架空県",
        "post_number": "000-0000",
        "registered": True,
        "insurances": [insurance()],
        **changes,
    }


def public(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def reader(**changes: object) -> dict[str, object]:
    key = ec.generate_private_key(ec.SECP256R1())
    return {
        "reader_id": "reader-one",
        "facility_code": FACILITY,
        "public_key": public(key),
        "certificate_fingerprint": "cd" * 32,
        **changes,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"certificate_sha256": "ab"},
        {"birth_date": "1980-02-30"},
        {"sex": "9"},
        {"insurances": [insurance(insurer_number="06990015")]},
        {"insurances": [insurance(valid_until="2020-01-01")]},
    ],
)
def test_a_wrong_person_is_refused_and_not_quoted(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="D702") as caught:
        imports.persons(written(tmp_path, [someone(**changes)]))
    assert "花子" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"reader_id": "Reader+1"},
        {"facility_code": "0110113718"},
        {"public_key": "no key"},
        {"public_key": public(rsa_key("reader"))},
        {"public_key": public(ec.generate_private_key(ec.SECP384R1()))},
    ],
)
def test_a_wrong_reader_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match="D702"):
        imports.readers(written(tmp_path, [reader(**changes)]))


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "in.json"
    file.write_text("{")
    with pytest.raises(InputError):
        imports.persons(file)
    with pytest.raises(InputError, match="No such file"):
        imports.readers(tmp_path / "nowhere.json")


def test_readers_come_in(tmp_path: Path, stores: Stores) -> None:
    line = reader()
    (found,) = imports.readers(written(tmp_path, [line]))
    assert (found.id, found.facility) == ("reader-one", FACILITY)
    assert stores.facilities.put_readers([found]) == 1
    assert stores.facilities.reader_by_key(found.key_id) == found


def test_a_person_comes_in_once(tmp_path: Path, stores: Stores) -> None:
    file = written(tmp_path, [someone()])
    link = CertificateLink(LinkKind.CERTIFICATE, b"\xab" * 32)
    stores.registry.put(imports.persons(file))
    first = stores.registry.linked(link)
    stores.registry.put(imports.persons(file))
    assert stores.registry.linked(link) == first
    assert first is not None
    assert first.person.birth_date == date(1980, 2, 29)


def test_persons_without_a_card_are_told_apart_by_their_insurance(
    tmp_path: Path,
) -> None:
    one = someone(certificate_sha256=None)
    two = someone(certificate_sha256=None, insurances=[insurance(number="13")])
    first, second, again = imports.persons(written(tmp_path, [one, two, one]))
    assert first.reference != second.reference
    assert first.reference == again.reference


def test_every_seeded_insurer_has_a_valid_number() -> None:
    numbers = [insurer.number for insurer in insurers()]
    assert [insurer_number(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


def test_the_same_seed_makes_the_same_people(stores: Stores) -> None:
    one = list(records(50, seed=1, today=TODAY))
    assert one == list(records(50, seed=1, today=TODAY))
    assert one != list(records(50, seed=2, today=TODAY))
    assert stores.registry.put(one) == 50
    assert stores.registry.put(one) == 50
