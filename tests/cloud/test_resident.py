"""What a comparison with the resident register says, and the reference it goes by."""

import pytest

from cloud.registry.resident import HoldKind, Resident, reference_of, verdict

HER = Resident("試験　花子", "シケン　ハナコ", "2", "1980-02-29")
LONG = "アレクサンドラ・マリア・フォン・ホーエン・シュタインベルク"[:25]


def judged(resident: Resident | None = HER, /, **changes: str) -> HoldKind | None:
    said = {**HER._asdict(), **changes}
    return verdict(
        said["name"], said["name_kana"], said["sex"], said["birth_date"], resident
    )


def test_what_agrees_is_not_held() -> None:
    assert judged() is None


def test_who_is_not_found_is_held() -> None:
    assert judged(None) is HoldKind.NOT_FOUND


@pytest.mark.parametrize("changes", [{"sex": "1"}, {"birth_date": "1980-03-01"}])
def test_another_birth_date_or_sex_is_held(changes: dict[str, str]) -> None:
    assert judged(**changes) is HoldKind.BIRTH_OR_SEX


def test_a_sex_that_is_not_set_agrees_with_no_other() -> None:
    assert judged(sex="3") is HoldKind.BIRTH_OR_SEX


@pytest.mark.parametrize(
    "changes", [{"name": "試験　春子"}, {"name_kana": "シケン　ハルコ"}]
)
def test_another_name_is_held(changes: dict[str, str]) -> None:
    assert judged(**changes) is HoldKind.NAME


def test_the_graver_difference_is_told() -> None:
    assert judged(name="試験　春子", sex="1") is HoldKind.BIRTH_OR_SEX


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "試験 花子"},
        {"name": "試験花子"},
        {"name_kana": "ｼｹﾝ ﾊﾅｺ"},
    ],
)
def test_another_width_or_space_is_the_same_name(changes: dict[str, str]) -> None:
    assert judged(**changes) is None


def test_a_name_with_a_missing_glyph_agrees_if_its_reading_does() -> None:
    assert judged(name="試●　花子") is None
    assert judged(name="試●　花子", name_kana="シケン　ハルコ") is HoldKind.NAME
    assert judged(HER._replace(name="●験　花子")) is None


def test_a_missing_glyph_stands_for_exactly_one_character() -> None:
    assert judged(name="●　花子") is HoldKind.NAME
    assert judged(name="試●●　花子") is HoldKind.NAME


def test_a_name_of_25_characters_is_compared_to_its_end() -> None:
    assert len(LONG) == 25
    long = HER._replace(name=LONG)
    assert judged(long, name=LONG) is None
    assert judged(long, name=LONG[:24]) is HoldKind.NAME


def test_who_has_two_names_is_known_by_either() -> None:
    both = HER._replace(other_name="仮名　花子", other_kana="カリナ　ハナコ")
    assert judged(both) is None
    assert judged(both, name="仮名　花子", name_kana="カリナ　ハナコ") is None
    mixed = judged(both, name="仮名　花子", name_kana="シケン　ハナコ")
    assert mixed is HoldKind.NAME


def test_an_empty_second_name_is_nobodys() -> None:
    assert judged(name="", name_kana="") is HoldKind.NAME


def test_a_reference_cannot_be_read_back_and_differs_per_person() -> None:
    one, other = reference_of("R99-1"), reference_of("R99-2")
    assert one != other
    assert len(one) == 16
    assert b"R99" not in one
