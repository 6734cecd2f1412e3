"""A ZIP holds one document and is bounded by what comes out of it."""

import io
import struct
import zipfile

import pytest

from protocol.catalogue import Code
from protocol.oqs import bulk
from protocol.oqs.bulk import document
from protocol.oqs.document import Element, Reading, leaves, written
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding

FILE = written(leaves(("MedicalInstitutionCode", "1310000008")), [], Encoding.UTF8)


def packed(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def elements(content: bytes, limit: int = bulk.LIMIT_BYTES) -> list[Element]:
    with document(io.BytesIO(content)) as source:
        return list(Reading(source, limit=limit))


def code(content: bytes, limit: int = bulk.LIMIT_BYTES) -> Code:
    with pytest.raises(OqsError) as refused:
        elements(content, limit)
    return refused.value.code


def test_a_document_is_the_same_packed() -> None:
    (header,) = elements(FILE)
    assert elements(packed(("OQSmuquc01req_1.xml", FILE))) == [header]


@pytest.mark.parametrize(
    "files",
    [
        [],
        [("a.xml", FILE), ("b.xml", FILE)],
        [("../a.xml", FILE)],
        [("sub/a.xml", FILE)],
        [("a.exe", FILE)],
    ],
)
def test_what_is_not_one_file_by_name_is_refused(
    files: list[tuple[str, bytes]],
) -> None:
    assert code(packed(*files)) is Code.OQS_ARCHIVE


def test_a_bomb_is_refused_by_what_it_says_it_holds() -> None:
    assert code(packed(("a.xml", bytes(bulk.LIMIT_BYTES + 1)))) is Code.OQS_ARCHIVE


def test_a_bomb_that_lies_about_its_size_is_refused_while_it_is_unpacked() -> None:
    blanks = FILE.replace(b"<MessageBody>", b"<MessageBody>" + b" " * 2_000_000)
    content = bytearray(packed(("a.xml", blanks)))
    claimed = struct.pack("<I", 1_000)
    central = content.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = claimed
    content[22:26] = claimed
    assert code(bytes(content)) in {Code.OQS_ARCHIVE, Code.OQS_UNREADABLE}
    assert code(packed(("a.xml", blanks)), 1_000_000) is Code.OQS_TOO_LARGE


def test_a_directory_made_to_fill_memory_is_not_read() -> None:
    content = packed(*((f"{n}.xml", b"") for n in range(1_000)))
    end = content.rindex(b"PK\x05\x06")
    one = struct.pack("<HH", 1, 1)
    assert code(content[: end + 8] + one + content[end + 12 :]) is Code.OQS_ARCHIVE


def test_a_second_directory_that_only_large_files_have_is_refused() -> None:
    content = packed(("a.xml", FILE))
    end = content.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + bytes(16)
    assert code(content[:end] + locator + content[end:]) is Code.OQS_ARCHIVE


@pytest.mark.parametrize("cut", [1, 30, 60])
def test_half_a_zip_is_refused(cut: int) -> None:
    whole = packed(("a.xml", FILE))
    assert code(whole[:-cut]) is Code.OQS_ARCHIVE


def test_a_locked_zip_is_refused() -> None:
    content = bytearray(packed(("a.xml", FILE)))
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    content[6] |= 1
    assert code(bytes(content)) is Code.OQS_ARCHIVE


def test_changed_bytes_in_a_zip_are_refused() -> None:
    content = bytearray(packed(("a.xml", FILE)))
    content[45] ^= 0xFF
    assert code(bytes(content)) in {Code.OQS_ARCHIVE, Code.OQS_UNREADABLE}
