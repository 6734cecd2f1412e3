"""What a list of pairs may not say, and where it may not lead."""

from pathlib import Path

import pytest

from device.evaluation.pairs import Pair, PairsError, below, read_pairs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must name the columns"),
        ("a,b\nx,y\n", "must name the columns"),
        ("a,b,same\n", "holds no pair"),
        ("a,b,same\nx,y,maybe\n", "line 2: same is 1 or 0"),
        ("a,b,same\nx,y,1\nx,,0\n", "line 3: a and b each name"),
        ("a,b,same\nx,x,1\n", "line 2: a picture is compared with itself"),
    ],
)
def test_a_wrong_list_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(text)
    with pytest.raises(PairsError, match=said):
        read_pairs(file)


def test_a_list_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PairsError, match="cannot be read"):
        read_pairs(tmp_path / "none.csv")
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(PairsError, match="not a CSV file"):
        read_pairs(tmp_path / "photo.csv")


def test_pairs_are_read_in_order_with_their_groups(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("\ufeffa,b,same,group\nx,y,1,women\nx,z,0,\n", "utf-8")
    assert read_pairs(file) == [
        Pair("x", "y", True, "women"),
        Pair("x", "z", False, ""),
    ]


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "link.png", "\0"])
def test_no_name_leads_outside_the_root(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(PairsError, match=r"outside|not a file"):
        below(root, name)


def test_a_file_below_the_root_is_found(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.png").write_bytes(b"x")
    assert below(tmp_path, "deep/../deep/a.png") == tmp_path / "deep" / "a.png"
    with pytest.raises(PairsError, match="not a file"):
        below(tmp_path, "deep/b.png")
