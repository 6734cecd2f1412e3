"""Installing a pack from a folder and from a publisher that is unwell."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device.adapters.face_tflite import FaceModels
from provisioning.models.cli import app
from provisioning.models.download import FetchError, Patience
from provisioning.models.fetch import from_publisher
from provisioning.models.install import InstallError, install
from provisioning.models.known import CATALOGUE, known_packs
from provisioning.models.store import PackStore, verify
from tests.support.file_server import FileServer

PACK = "intel-reid-0095"
LISTED = known_packs()[PACK].upstream
assert LISTED is not None
NAMES = [each.name for each in LISTED.files]
Say = Callable[[str], None]


class Publisher:
    """Serves files on loopback, truncates or corrupts them, or says nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truncate_to: int | None = None
        self.corrupt = False
        self.silent = False
        self.missing = False
        self.released = threading.Event()
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if self.silent:
            self.released.wait(10)
            return
        if self.missing:
            handler.send_error(404)
            return
        content = bytearray((self.folder / handler.path.lstrip("/")).read_bytes())
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if self.corrupt:
            content[len(content) // 2] ^= 1
        handler.wfile.write(content[: self.truncate_to])

    def catalogue(self, at: Path) -> Path:
        """The real catalogue, with this server's addresses."""
        at.mkdir()
        entry = json.loads((CATALOGUE / f"{PACK}.json").read_text("utf-8"))
        for each in entry["upstream"]["files"]:
            port = self.server.server_address[1]
            each["url"] = f"http://127.0.0.1:{port}/{each['name']}"
        (at / f"{PACK}.json").write_text(json.dumps(entry), "utf-8")
        for licence in entry["licences"]:
            source = CATALOGUE / licence["name"]
            (at / licence["name"]).write_bytes(source.read_bytes())
        return at


@pytest.fixture
def publisher(publisher_files: Path) -> Iterator[Publisher]:
    made = Publisher(publisher_files)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.released.set()
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(autouse=True)
def _no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHIKAKU_MODELS", raising=False)


def left_behind(home: Path) -> list[str]:
    root = home / "models"
    return sorted(each.name for each in root.iterdir()) if root.exists() else []


def test_a_truncated_download_installs_nothing(
    tmp_path: Path, publisher: Publisher, say: Say
) -> None:
    publisher.truncate_to = 1000
    catalogue = publisher.catalogue(tmp_path / "catalogue")
    with pytest.raises(InstallError, match="not installed") as caught:
        install(PACK, tmp_path, None, say, catalogue)
    assert "\n" not in str(caught.value)
    assert left_behind(tmp_path) == []


def test_an_interrupted_installation_goes_on_where_it_stopped(
    tmp_path: Path, publisher_files: Path, say: Say, said: list[str]
) -> None:
    files = {name: (publisher_files / name).read_bytes() for name in NAMES}
    with FileServer(files) as server:
        catalogue = tmp_path / "catalogue"
        shutil.copytree(CATALOGUE, catalogue)
        entry = json.loads((catalogue / f"{PACK}.json").read_text("utf-8"))
        for each in entry["upstream"]["files"]:
            each["url"] = server.address(each["name"])
        (catalogue / f"{PACK}.json").write_text(json.dumps(entry), "utf-8")
        server.breaks = [None, 500_000, 700_000, 800_000]
        with pytest.raises(InstallError, match="what came is kept"):
            install(PACK, tmp_path, None, say, catalogue)
        assert left_behind(tmp_path) == []
        assert verify(install(PACK, tmp_path, None, say, catalogue)).id == PACK
        assert server.sent == sum(len(each) for each in files.values())
    assert any("going on after 2000000 bytes" in line for line in said)
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_corrupted_download_installs_nothing(
    tmp_path: Path, publisher: Publisher, say: Say
) -> None:
    publisher.corrupt = True
    catalogue = publisher.catalogue(tmp_path / "catalogue")
    with pytest.raises(InstallError, match="SHA-256"):
        install(PACK, tmp_path, None, say, catalogue)
    assert left_behind(tmp_path) == []


def test_a_silent_publisher_is_given_up(
    tmp_path: Path, publisher: Publisher, say: Say
) -> None:
    publisher.silent = True
    entry = known_packs(publisher.catalogue(tmp_path / "catalogue"))[PACK]
    assert entry.upstream is not None
    quick = Patience(silence_s=0.1)
    with pytest.raises(FetchError, match="cannot be reached"):
        from_publisher(entry.upstream.files[0], tmp_path, say, quick)


def test_a_publisher_without_the_file_is_one_clear_line(
    tmp_path: Path, publisher: Publisher, say: Say
) -> None:
    publisher.missing = True
    catalogue = publisher.catalogue(tmp_path / "catalogue")
    with pytest.raises(InstallError, match="answers 404"):
        install(PACK, tmp_path, None, say, catalogue)
    assert left_behind(tmp_path) == []


def test_an_unknown_host_is_one_clear_line(tmp_path: Path, say: Say) -> None:
    assert LISTED is not None
    nowhere = LISTED.files[0].model_copy(update={"url": "https://pack.invalid/x"})
    with pytest.raises(FetchError, match=r"pack\.invalid is not known"):
        from_publisher(nowhere, tmp_path, say, Patience(silence_s=2))


def test_the_publisher_serves_and_the_pack_opens(
    tmp_path: Path, publisher: Publisher, say: Say, said: list[str]
) -> None:
    catalogue = publisher.catalogue(tmp_path / "catalogue")
    folder = install(PACK, tmp_path, None, say, catalogue)
    assert left_behind(tmp_path) == [PACK]
    assert any("100 %" in line for line in said)
    models = FaceModels.open(folder)
    assert models.pack.calibration("reid-mean5-0.42") is not None
    asked = len(publisher.asked)
    install(PACK, tmp_path, None, say, catalogue)
    assert len(publisher.asked) == asked, "a sound pack is not fetched again"


@pytest.mark.parametrize("layout", ["", "packs"])
def test_a_folder_needs_no_publisher(
    tmp_path: Path, publisher_files: Path, say: Say, layout: str
) -> None:
    stick = tmp_path / "stick"
    (stick / layout / PACK).mkdir(parents=True)
    for name in NAMES:
        (stick / layout / PACK / name).symlink_to(publisher_files / name)
    folder = install(PACK, tmp_path / "home", stick, say)
    assert verify(folder).id == PACK
    assert PackStore(tmp_path / "home").names() == [PACK]


def test_a_folder_named_by_the_environment_is_used(
    tmp_path: Path, publisher_files: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIKAKU_MODELS", str(publisher_files.parent))
    assert verify(install(PACK, tmp_path, None, say)).id == PACK


def test_a_damaged_pack_is_installed_anew(
    tmp_path: Path, publisher_files: Path, say: Say
) -> None:
    folder = install(PACK, tmp_path, publisher_files, say)
    model = folder / verify(folder).embedding.name
    model.write_bytes(model.read_bytes()[:-1] + b"\xff")
    install(PACK, tmp_path, publisher_files, say)
    assert verify(folder).id == PACK
    assert left_behind(tmp_path) == [PACK]


def test_a_damaged_file_in_the_folder_is_refused(
    tmp_path: Path, publisher_files: Path, say: Say
) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes((publisher_files / name).read_bytes())
    (tmp_path / NAMES[1]).write_bytes(bytes(2213628))
    with pytest.raises(InstallError, match="SHA-256"):
        install(PACK, tmp_path / "home", tmp_path, say)
    assert left_behind(tmp_path / "home") == []


def test_a_folder_without_the_files_is_one_clear_line(tmp_path: Path, say: Say) -> None:
    with pytest.raises(InstallError, match="does not hold"):
        install(PACK, tmp_path / "home", tmp_path, say)


def test_an_unknown_pack_is_one_clear_line(tmp_path: Path, say: Say) -> None:
    with pytest.raises(InstallError, match="no pack is called sface"):
        install("sface", tmp_path, None, say)


def test_the_shipped_pack_is_listed_and_sound(tmp_path: Path) -> None:
    home = ["--home", str(tmp_path), "--json"]
    rows = json.loads(CliRunner().invoke(app, ["list", *home]).stdout)
    assert {row["id"]: row["installed"] for row in rows} == {
        "dlib-resnet": True,
        PACK: False,
    }
    verdict = CliRunner().invoke(app, ["verify", *home])
    assert verdict.exit_code == 0
    assert json.loads(verdict.stdout) == [{"id": "dlib-resnet", "problem": None}]


def test_a_failed_installation_exits_one_and_says_why(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(
        app, ["install", PACK, "--home", str(tmp_path), "--from", str(tmp_path)]
    )
    assert outcome.exit_code == 1
    assert "does not hold its files" in outcome.stderr
