"""What a file may be, and everything that it may not."""

import io
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.oqs.document import (
    Document,
    Element,
    Reading,
    leaves,
    parse,
    written,
)
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding, unwritable

LIMIT = 1 << 20
HEADER = leaves(("MedicalInstitutionCode", "0110113719"))


def document(
    body: str = "<ReceptionNumber>1</ReceptionNumber>",
    *,
    header: str = "",
    top: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
    encoding: str = "utf-8",
) -> bytes:
    text = (
        f"{top}<XmlMsg><MessageHeader>{header}</MessageHeader>"
        f"<MessageBody>{body}</MessageBody></XmlMsg>"
    )
    return text.encode(encoding)


def sjis(body: str, header: str = "") -> bytes:
    top = '<?xml version="1.0" encoding="Shift_JIS" standalone="no"?>'
    return document(body, header=header, top=top, encoding="cp932")


def read(content: bytes, limit: int = LIMIT) -> Document:
    return parse(content, limit=limit)


def refusal(content: bytes, limit: int = LIMIT) -> OqsError:
    with pytest.raises(OqsError) as caught:
        read(content, limit)
    return caught.value


CODES = {None, "B151", "B152", "B154", "B155", "B156", "B157", "B158"}


def code_of(content: bytes) -> str | None:
    try:
        read(content)
    except OqsError as error:
        return error.code.value
    return None


def test_leading_spaces_and_zeros_are_kept() -> None:
    found = read(document("<InsurerNumber>  123456</InsurerNumber><N>007</N>"))
    assert found.body.get("InsurerNumber") == "  123456"
    assert found.body.get("N") == "007"


def test_an_absent_element_is_empty_text_and_00_is_not() -> None:
    found = read(document("<InsuredBranchNumber>00</InsuredBranchNumber>"))
    assert found.body.get("InsuredBranchNumber") == "00"
    assert found.body.get("InsuredCardSymbol") == ""
    assert found.body.one("InsuredCardSymbol") is None


@pytest.mark.parametrize(
    "body",
    [
        "<Birthdate>1</Birthdate><Birthdate>2</Birthdate>",
        "<QualificationConfirmSearchInfo><InsurerNumber>1</InsurerNumber>"
        "<Birthdate>3</Birthdate><InsurerNumber>2</InsurerNumber>"
        "</QualificationConfirmSearchInfo>",
    ],
)
def test_an_element_that_stands_twice_is_refused(body: str) -> None:
    assert refusal(document(body)).code == "B155"


def test_a_second_body_is_refused() -> None:
    twice = document().replace(b"</XmlMsg>", b"<MessageBody></MessageBody></XmlMsg>")
    assert refusal(twice).code == "B155"


def test_a_header_element_that_stands_twice_is_refused() -> None:
    code = "<MedicalInstitutionCode>0110113719</MedicalInstitutionCode>"
    assert refusal(document(header=code + code)).code == "B155"


def test_persons_may_be_many_only_where_a_list_is_meant() -> None:
    one = "<QualificationConfirmSearchInfo><N>1</N></QualificationConfirmSearchInfo>"
    assert len(read(document(one * 3)).body.parts) == 3
    with pytest.raises(OqsError, match="B155"):
        parse(document(one * 2), limit=LIMIT, repeated=frozenset())


LAUGHS = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "kind",
    [
        f'<!DOCTYPE x [<!ENTITY lol0 "lol">{LAUGHS}]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!doctype x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(kind: str) -> None:
    for body in ("<A>&lol9;</A>", "<A>&e;</A>", "<A>1</A>"):
        assert refusal(document(body, top=kind)).code == "B154"


def test_a_document_type_is_found_across_the_border_of_two_pieces() -> None:
    for before in range(65_520, 65_545):
        padding = " " * before
        content = f"{padding}<!DOCTYPE x []><XmlMsg></XmlMsg>".encode()
        assert refusal(content).code == "B154"


def test_an_entity_that_nobody_declared_is_refused() -> None:
    assert refusal(document("<A>&e;</A>")).code == "B151"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_half_written_file_is_refused(share: float) -> None:
    whole = document("<A>1</A>" + "<B>2</B>")
    assert refusal(whole[: int(len(whole) * share)]).code in {"B151", "B158"}


def test_nothing_at_all_is_refused() -> None:
    assert refusal(b"").code == "B151"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_a_code(content: bytes) -> None:
    assert code_of(content) in CODES


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_any_damage_is_read_or_refused_with_a_code(at: int, damage: bytes) -> None:
    whole = sjis("<Name>資格　花子</Name><N>  12</N>")
    at %= len(whole)
    assert code_of(whole[:at] + damage + whole[at + len(damage) :]) in CODES


def test_shift_jis_is_windows_own() -> None:
    # NEC's ① and IBM's 髙 are in cp932 only; the wave dash is its full-width tilde.
    found = read(sjis("<Name>髙①～</Name>"))
    assert found.encoding is Encoding.SHIFT_JIS
    assert found.body.get("Name") == "髙①～"


@pytest.mark.parametrize(
    ("code", "encoding"), [("0", Encoding.UTF8), ("1", Encoding.SHIFT_JIS)]
)
def test_the_character_code_is_0_for_utf8_and_1_for_shift_jis(
    code: str, encoding: Encoding
) -> None:
    header = f"<CharacterCodeIdentifier>{code}</CharacterCodeIdentifier>"
    make: Callable[..., bytes] = sjis if encoding is Encoding.SHIFT_JIS else document
    assert read(make("<A>1</A>", header=header)).encoding is encoding


@pytest.mark.parametrize("code", ["1", "2", "9", "x"])
def test_a_character_code_that_disagrees_with_the_declaration_is_refused(
    code: str,
) -> None:
    header = f"<CharacterCodeIdentifier>{code}</CharacterCodeIdentifier>"
    error = refusal(document(header=header))
    assert (error.code, error.place) == (
        "B156",
        "MessageHeader/CharacterCodeIdentifier",
    )


def test_bytes_that_are_not_in_the_declared_encoding_are_refused() -> None:
    assert refusal(document("<A>花</A>", encoding="cp932")).code == "B156"
    wrong = document("<A>花</A>", top='<?xml version="1.0" encoding="Shift_JIS"?>')
    assert refusal(wrong).code == "B156"


@pytest.mark.parametrize("name", ["EUC-JP", "UTF-16", "UTF-7", "latin-1", "no-such"])
def test_an_encoding_that_the_exchange_lacks_is_refused(name: str) -> None:
    top = f'<?xml version="1.0" encoding="{name}"?>'
    assert refusal(document(top=top)).code == "B156"


def test_utf16_is_refused_however_it_comes() -> None:
    text = document().decode()
    for content in (text.encode("utf-16"), text.encode("utf-16-le")):
        assert refusal(content).code in {"B151", "B156"}


def test_a_byte_order_mark_of_utf8_is_no_trouble() -> None:
    assert read(b"\xef\xbb\xbf" + document()).body.get("ReceptionNumber") == "1"


def test_a_reference_does_not_smuggle_what_shift_jis_lacks() -> None:
    error = refusal(sjis("<Name>&#x20BB7;</Name>"))
    assert (error.code, error.place) == ("B157", "MessageBody/Name, character 1")


def test_one_byte_over_the_limit_is_refused() -> None:
    content = document()
    assert read(content, len(content.split(b"\n")[1]) + 1)
    assert refusal(content, 100).code == "B152"


def test_a_large_file_stops_at_its_limit() -> None:
    unit = b"<BulkConfirmUnit><A>1</A></BulkConfirmUnit>"
    content = document((unit * 100_000).decode())
    seen: list[Element] = []
    with pytest.raises(OqsError, match="B152"):
        seen.extend(Reading(io.BytesIO(content), limit=LIMIT))
    assert len(seen) <= LIMIT // len(unit)


def test_many_rows_need_no_more_memory_than_one() -> None:
    unit = "<BulkConfirmUnit><A>1</A></BulkConfirmUnit>"
    content = document(unit * 20_000)
    tracemalloc.start()
    try:
        rows = sum(1 for _ in Reading(io.BytesIO(content), limit=8 * LIMIT))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == 20_001
    assert peak < LIMIT


def test_deep_nesting_is_refused() -> None:
    assert refusal(document("<A>" * 100 + "</A>" * 100)).code == "B151"


def test_text_between_elements_is_refused() -> None:
    assert refusal(document("<A>x<B>1</B></A>")).code == "B151"


def test_no_refusal_repeats_what_stood_in_the_file() -> None:
    for content in (
        document("<Name>資格花子</Nam>"),
        document("<Name>資格花子</Name><Name>資格花子</Name>"),
        document("<Name>資格花子", encoding="cp932"),
    ):
        error = refusal(content)
        assert "資格花子" not in f"{error}{error!r}{error.__cause__!r}{error.place}"


# -- writing -------------------------------------------------------------------------
def test_a_character_outside_cp932_is_refused_with_its_place() -> None:
    body = [Element("ResultList", "", (Element("Name", "山𠮷"),))]
    with pytest.raises(OqsError) as caught:
        written(HEADER, body, Encoding.SHIFT_JIS)
    assert caught.value.code == "B157"
    assert caught.value.place == "ResultList/Name, character 2"
    assert "𠮷".encode() in written(HEADER, body, Encoding.UTF8)


def test_a_wave_dash_is_the_same_character_in_windows_table() -> None:
    body = [Element("Address", "1〜2−3")]
    found = read(written(HEADER, body, Encoding.SHIFT_JIS))
    assert found.body.get("Address") == "1～2－3"


@given(st.sampled_from(Encoding), st.text(max_size=40))
def test_what_is_written_is_read_again(encoding: Encoding, text: str) -> None:
    meant = [Element("Name", text), Element("N", "  0012")]
    if unwritable(encoding.twins(text), encoding) is not None:
        with pytest.raises(OqsError, match="B157"):
            written(HEADER, meant, encoding)
        return
    found = read(written(HEADER, meant, encoding))
    assert found.encoding is encoding
    assert found.header.get("MedicalInstitutionCode") == "0110113719"
    assert found.body.get("Name") == encoding.twins(text)
    assert found.body.get("N") == "  0012"
