"""The house as a tree: where packages come from, what is committed and licensed."""

import importlib
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from device.adapters.model_folder import shipped_folder
from device.face.pack import MANIFEST, Pack
from tests.support.house import COMMANDS, ROOT

PACKAGES = ("protocol", "ui_eink", "device", "cloud", "provisioning")
# Registries of packages, spelled so that this file does not hold one itself.
REGISTRIES = (
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(?:com|org)",
    "proxy" + r"\.golang",
    "crates" + r"\.io",
    "index-" + "url *=? *http",
    "conda" + r"\.anaconda",
)
MACHINE = "(?<![A-Za-z0-9_./-])/(?:work|home|Users|root)" + "/[A-Za-z0-9_]"
"""Folders of one machine; /usr, /etc, /var, /run and /opt are everybody's."""


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def commands() -> dict[str, str]:
    found: dict[str, str] = project()["project"]["scripts"]
    return found


def committed() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a working copy of git: nothing says what is committed")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    names = listed.stdout.decode().split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


def test_every_package_of_the_wheel_is_this_tree() -> None:
    wheel = project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(wheel) == sorted(PACKAGES)
    for name in PACKAGES:
        module = importlib.import_module(name)
        assert module.__file__ is not None
        assert (
            Path(module.__file__).resolve() == (ROOT / name / "__init__.py").resolve()
        )


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_command_helps_with_an_example(name: str) -> None:
    done = subprocess.run(
        [COMMANDS / name, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Example" in done.stdout


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_wrong_option_is_one_message_and_exit_code_2(name: str) -> None:
    done = subprocess.run(
        [COMMANDS / name, "--no-such-option"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_says_what_it_is(name: str) -> None:
    assert len((ROOT / name / "README.md").read_text("utf-8").split()) > 50


def test_the_readmes_links_lead_somewhere() -> None:
    for readme in (path for path in committed() if path.name == "README.md"):
        links = re.findall(r"\]\(([^)#]+)\)", readme.read_text("utf-8"))
        near = [link for link in links if "://" not in link]
        gone = [link for link in near if not (readme.parent / link).exists()]
        assert gone == [], readme.relative_to(ROOT)


def test_no_committed_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    pattern = re.compile("|".join((*REGISTRIES, MACHINE)))
    assert pattern.search("see /home" + "/somebody and " + "pypi" + ".org")
    found = {}
    for path in committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if hits := sorted({hit.group() for hit in pattern.finditer(text)}):
            found[str(path.relative_to(ROOT))] = hits
    assert found == {}


def test_no_committed_file_is_a_secret() -> None:
    begins = b"-----BEGIN " + b"PRIVATE KEY"
    for path in committed():
        assert path.suffix not in {".key", ".card", ".sqlite", ".sqlite3"}, path
        assert begins not in path.read_bytes(), path


def test_every_shipped_model_file_has_its_licence_beside_it() -> None:
    folder = shipped_folder()
    manifest = Pack.model_validate_json((folder / MANIFEST).read_bytes())
    licences = {one.name for one in manifest.licences}
    models = {path.name for path in folder.iterdir()} - licences - {MANIFEST}
    assert models == {file.name for file in manifest.files}
    for file in manifest.files:
        assert file.licence in file.licence_file, file.name
        assert file.licence_file in licences, file.name
    for name in licences:
        assert len((folder / name).read_text("utf-8")) > 500, name


def test_no_model_lies_anywhere_else() -> None:
    kinds = {".tflite", ".onnx", ".pb", ".pt", ".bin", ".task", ".caffemodel"}
    models = {path.parent for path in committed() if path.suffix in kinds}
    assert models == {shipped_folder()}
