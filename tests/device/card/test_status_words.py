import pytest

from device.card.status_words import more_data, right_le, tries_left


@pytest.mark.parametrize(
    ("sw", "left"),
    [
        (0x63C3, 3),
        (0x63CA, 10),
        (0x63C0, 0),
        (0x6983, 0),
        (0x6984, 0),
        (0x9000, None),
        (0x6300, None),
        (0x6982, None),
    ],
)
def test_all_three_words_for_blocked_mean_no_tries(sw: int, left: int | None) -> None:
    assert tries_left(sw) == left


def test_follow_up_words_carry_a_length() -> None:
    assert (more_data(0x6110), more_data(0x6100), more_data(0x9000)) == (16, 0, None)
    assert (right_le(0x6C07), right_le(0x9000)) == (7, None)
