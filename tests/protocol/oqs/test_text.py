"""Width and encoding, as the facilities' computers expect them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.oqs.text import Encoding, encodable, full_width_space, half_width


@pytest.mark.parametrize(
    ("kana", "half"),
    [
        ("シンリョウ　タロウ", "ｼﾝﾘｮｳ ﾀﾛｳ"),
        ("ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
        ("パク　ジョンフン", "ﾊﾟｸ ｼﾞｮﾝﾌﾝ"),
        ("ヴァン ゴッホ", "ｳﾞｧﾝ ｺﾞｯﾎ"),
        ("さとう けんいち", "ｻﾄｳ ｹﾝｲﾁ"),
        ("ﾔﾏﾀﾞ", "ﾔﾏﾀﾞ"),
        ("マリー・アン", "ﾏﾘｰ･ｱﾝ"),
        ("José", "José"),
    ],
)
def test_kana_becomes_half_width(kana: str, half: str) -> None:
    assert half_width(kana) == half


@given(st.text(alphabet=st.characters(min_codepoint=0x30A1, max_codepoint=0x30FC)))
def test_half_width_means_the_same_kana(kana: str) -> None:
    back = unicodedata.normalize("NFKC", half_width(kana))
    assert back == unicodedata.normalize("NFKC", kana)


@pytest.mark.parametrize("name", ["山田 花子", "山田　花子", " 山田  花子 "])
def test_a_name_has_one_full_width_space(name: str) -> None:
    assert full_width_space(name) == "山田\u3000花子"


@given(st.text(), st.sampled_from(Encoding))
def test_what_is_written_can_be_encoded(text: str, encoding: Encoding) -> None:
    written, replaced = encodable(text, encoding)
    written.encode(encoding)
    assert len(written) == len(text)
    assert replaced <= len(text)


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\n", "\ufffe", "\ud800", "\x7f"])
def test_what_xml_forbids_is_never_written(control: str) -> None:
    for encoding in Encoding:
        assert encodable(f"a{control}b", encoding) == ("a●b", 1)


def test_shift_jis_twins_are_not_lost() -> None:
    assert encodable("１〜２−３", Encoding.SHIFT_JIS) == ("１～２－３", 0)
