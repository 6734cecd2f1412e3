"""cloud/README.md, walked: the very lines of its page, by bash, in an empty folder."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "cloud" / "README.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# curl speaks --json since 7.82, --fail-with-body since 7.76.
WALK = "## Walk:"


def lines() -> str:
    """Every block of the walk, in order, as one script."""
    text = README.read_text("utf-8")
    walk = text[text.index(WALK) :]
    walk = walk[: walk.index("\n## ", 1)]
    return "".join(BLOCK.findall(walk))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def walked(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    tools = Path(sys.executable).parent
    path = f"{tools}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PORT": str(free_port())}
    script = f"PORT={environment['PORT']}\n" + lines()
    try:
        return subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        with suppress(OSError, ValueError):
            os.kill(int((tmp_path / "api.pid").read_text()), signal.SIGKILL)


def test_the_page_takes_a_facility_from_its_registration_to_fhir(
    walked: subprocess.CompletedProcess[str],
) -> None:
    assert walked.returncode == 0, walked.stdout[-2000:] + walked.stderr[-2000:]
    said = walked.stdout
    wanted = [
        "1000 fictitious persons",
        '{"status":"ready"}',
        "A901",
        "架空診療所",
        '"move":"apply"',
        "]}6\n",
        '"rows":1000,"answered":1000',
        "OQSmuquc",
        "\n1\ngenuine, of this result",
        "4.0.1",
        "\n304\n",
        "True",
    ]
    place = 0
    for one in wanted:
        place = said.find(one, place)
        assert place >= 0, f"{one!r} is missing, or comes too early, in:\n{said}"
