"""Adding a pack from an archive that may be anything."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import pack_folder
from device.ports import PartError
from provisioning.models.add import AddError, add
from provisioning.models.archive import ArchiveError, unpack
from provisioning.models.cli import app
from tests.support.file_server import FileServer
from tests.support.tiny_pack import EMBEDDING, tiny_file, tiny_pack, with_attack

Say = Callable[[str], None]


def zipped(folder: Path, below: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(folder.iterdir()):
            file.write(each, below + each.name)
    return made.getvalue()


def tarred(folder: Path, kind: str) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=f"w:{kind}") as file:  # type: ignore[call-overload] # mode is a Literal there
        file.add(folder, "tiny-pack")
    return made.getvalue()


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def put(tmp_path: Path, home: Path, say: Say) -> Callable[[bytes], Path]:
    """Add an archive of this content, rightly pinned."""
    path = tmp_path / "archive"

    def adding(content: bytes) -> Path:
        path.write_bytes(content)
        return add(str(path), digest(content), home, say)

    return adding


Put = Callable[[bytes], Path]


def left_behind(home: Path) -> list[str]:
    root = home / "models"
    return sorted(each.name for each in root.iterdir()) if root.exists() else []


@pytest.mark.parametrize("kind", ["", "gz", "xz", "bz2", "zip"])
def test_a_sound_pack_is_added(tmp_path: Path, home: Path, put: Put, kind: str) -> None:
    source = with_attack(tmp_path / "source")
    folder = put(zipped(source, "x/") if kind == "zip" else tarred(source, kind))
    assert folder == home / "models" / "tiny"
    assert FaceModels.open(pack_folder("tiny", home / "models")).attack is not None
    assert left_behind(home) == ["tiny"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (tiny_file(version=99), "does not load"),
        (tiny_file()[:300], "broken|does not load"),
        (tiny_file(size=32), "another input"),
        (tiny_file(9), "another output"),
        (tiny_file(swapped=True), "self-test"),
    ],
)
def test_a_file_that_is_refused_at_the_start_is_refused_here(
    tmp_path: Path, home: Path, put: Put, content: bytes, why: str
) -> None:
    source = tiny_pack(tmp_path / "source", content)
    with pytest.raises(AddError, match=why) as caught:
        put(zipped(source))
    assert f"F204 {EMBEDDING}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert left_behind(home) == []


@pytest.mark.parametrize("harm", ["damaged", "incomplete"])
def test_a_file_that_is_not_the_manifests_is_refused(
    tmp_path: Path, home: Path, put: Put, harm: str
) -> None:
    source = tiny_pack(tmp_path / "source")
    content = tiny_file(swapped=True) if harm == "damaged" else tiny_file()[:-9]
    (source / EMBEDDING).write_bytes(content)
    with pytest.raises(AddError, match=f"F204 {EMBEDDING}.*{harm}"):
        put(zipped(source))
    assert left_behind(home) == []


def test_what_the_start_finds_in_an_added_pack_is_f204(
    tmp_path: Path, put: Put
) -> None:
    folder = put(zipped(tiny_pack(tmp_path / "source")))
    (folder / EMBEDDING).write_bytes(tiny_file()[:500])
    with pytest.raises(PartError, match=f"F204 {EMBEDDING} is incomplete"):
        FaceModels.open(folder)


def test_another_archive_than_the_pinned_one_is_refused(
    tmp_path: Path, home: Path, say: Say
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(zipped(tiny_pack(tmp_path / "source")))
    for pin in ("0" * 64, "12", ""):
        with pytest.raises(AddError, match="sha256"):
            add(str(path), pin, home, say)
    assert left_behind(home) == []


@pytest.mark.parametrize("name", ["dlib-resnet", "intel-reid-0095"])
def test_no_pack_takes_a_known_name(tmp_path: Path, put: Put, name: str) -> None:
    with pytest.raises(AddError, match="belongs to a known pack"):
        put(zipped(tiny_pack(tmp_path / "source", id=name)))


def test_a_boasting_record_is_refused(tmp_path: Path, put: Put) -> None:
    source = tiny_pack(tmp_path / "source")
    manifest = json.loads((source / "manifest.json").read_text("utf-8"))
    manifest["embedder"]["calibrations"][0]["status"] = "demonstrated"
    (source / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(AddError, match=r"manifest\.json is not a manifest"):
        put(zipped(source))


def test_what_the_manifest_does_not_name_is_refused(tmp_path: Path, put: Put) -> None:
    source = tiny_pack(tmp_path / "source")
    (source / "setup.py").write_text("")
    with pytest.raises(AddError, match=r"does not name setup\.py"):
        put(zipped(source))


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "a/b/evil", "..", "a\\evil", ".hidden", "a/../../b"],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_points_elsewhere_is_refused(
    tmp_path: Path, put: Put, name: str, kind: str
) -> None:
    made = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(made, "w") as packed:
            packed.writestr(name, "x")
    else:
        with tarfile.open(fileobj=made, mode="w") as file:
            file.addfile(entry(name, 1), io.BytesIO(b"x"))
    with pytest.raises(AddError, match="not a plain"):
        put(made.getvalue())
    assert not list(tmp_path.rglob("*evil*"))


def entry(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = size, kind, "/etc/passwd"
    return made


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_only_plain_files_come_out_of_a_tar(put: Put, kind: bytes) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as file:
        file.addfile(entry("manifest.json", 0, kind))
    with pytest.raises(AddError, match="not a plain file"):
        put(made.getvalue())


def test_only_plain_files_come_out_of_a_zip(put: Put) -> None:
    made, link = io.BytesIO(), zipfile.ZipInfo("manifest.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(link, "/etc/passwd")
    with pytest.raises(AddError, match="not a plain file"):
        put(made.getvalue())


def bomb(kind: str, size: int) -> bytes:
    made = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("manifest.json", bytes(size))
        return made.getvalue()
    header = entry("manifest.json", size, b"g" if kind == "long header" else b"0")
    with tarfile.open(fileobj=made, mode="w") as file:
        file.addfile(header, io.BytesIO(bytes(size)))
    return gzip.compress(made.getvalue())


@pytest.mark.parametrize("kind", ["zip", "tar", "long header"])
def test_a_bomb_is_put_out(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(bomb(kind, 8 << 20))
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(ArchiveError, match="unpacks to more than"):
        unpack(path, into, 1 << 20)
    assert sum(each.stat().st_size for each in into.iterdir()) <= 1 << 20


@pytest.mark.parametrize("count", [33, 200])
def test_a_crowd_of_files_is_refused(put: Put, count: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for index in range(count):
            packed.writestr(f"file{index}", "")
    with pytest.raises(AddError, match="more than 32 files"):
        put(made.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"no archive", b"\x1f\x8b\x08junk", b"PK\3\4"]
)
def test_what_is_no_archive_is_one_clear_line(put: Put, content: bytes) -> None:
    with pytest.raises(AddError, match="not added") as caught:
        put(content)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2", "zip"])
def test_a_cut_archive_is_refused(tmp_path: Path, put: Put, kind: str) -> None:
    source = tiny_pack(tmp_path / "source")
    whole = zipped(source) if kind == "zip" else tarred(source, kind)
    with pytest.raises(AddError, match="not added"):
        put(whole[: len(whole) // 2])


def test_an_address_is_taken_up_again(
    tmp_path: Path, home: Path, say: Say, said: list[str]
) -> None:
    content = zipped(tiny_pack(tmp_path / "source"))
    with FileServer({"pack.zip": content}) as server:
        server.breaks = [2000, 2000, 2000]
        with pytest.raises(AddError, match="what came is kept"):
            add(server.address("pack.zip"), digest(content), home, say)
        folder = add(server.address("pack.zip"), digest(content), home, say)
    assert folder.name == "tiny"
    assert any("going on after 6000 bytes" in line for line in said)
    assert list((home / "downloads").iterdir()) == []


def command(home: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [*arguments, "--home", str(home)])
    return done.exit_code, done.output


def test_an_added_pack_is_listed_verified_and_removed(
    tmp_path: Path, home: Path
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(zipped(tiny_pack(tmp_path / "source")))
    pin = digest(path.read_bytes())
    assert command(home, "add", str(path), "--sha256", "0" * 64)[0] == 1
    assert command(home, "add", str(path), "--sha256", pin)[0] == 0
    assert "tiny               installed" in command(home, "list")[1]
    assert command(home, "verify")[0] == 0
    (home / "models" / "tiny" / EMBEDDING).write_bytes(b"")
    code, output = command(home, "verify")
    assert (code, f"F204 {EMBEDDING}" in output) == (1, True)
    assert command(home, "remove", "tiny")[0] == 0
    assert left_behind(home) == []


@pytest.mark.parametrize("name", ["dlib-resnet", "other", "..", ".", "../home", ""])
def test_only_what_is_installed_is_removed(home: Path, name: str) -> None:
    (home / "models").mkdir(parents=True)
    assert command(home, "remove", name)[0] == 1
    assert (home / "models").is_dir()
