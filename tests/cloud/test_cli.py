"""The commands, as an operator runs them; and the whole service with its workers."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.main import get_command

from cloud.cli import app
from tests.cloud.world import authority


def shikaku(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cloud", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def private(key: ec.EllipticCurvePrivateKey | X25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def config(tmp_path: Path, broker_port: int) -> Path:
    signing, agreement = tmp_path / "signing.key", tmp_path / "agreement.key"
    signing.write_bytes(private(ec.generate_private_key(ec.SECP256R1())))
    agreement.write_bytes(private(X25519PrivateKey.generate()))
    (tmp_path / "ca.pem").write_bytes(authority().public_bytes(Encoding.PEM))
    file = tmp_path / "cloud.toml"
    file.write_text(
        f"""
[cloud]
home = "home"
[broker]
host = "127.0.0.1"
port = {broker_port}
[keys]
signing = "signing.key"
agreement = "agreement.key"
[trust]
jpki_cas = ["ca.pem"]
[web]
port = 0
"""
    )
    return file


def leaves(name: str, command: Any) -> Iterator[tuple[str, str]]:
    """Every command below this one, with all of its help."""
    if not hasattr(command, "list_commands"):
        yield name, f"{command.help} {command.epilog}"
        return
    with command.make_context(name, [], resilient_parsing=True) as context:
        for part in command.list_commands(context):
            yield from leaves(f"{name} {part}", command.get_command(context, part))


def test_every_command_has_an_example() -> None:
    found = dict(leaves("shikaku-cloud", get_command(app)))
    assert len(found) > 60
    assert [name for name, told in found.items() if "Example" not in told] == []


def test_a_wrong_number_says_where_and_ends_with_1() -> None:
    answer = shikaku("check", "insurer", "01130013", "--json")
    assert answer.returncode == 1
    assert json.loads(answer.stdout)["position"] == 8
    assert shikaku("check", "facility", "0110113719").returncode == 0


def test_serving_before_migrating_says_what_to_do(config: Path) -> None:
    answer = shikaku("serve", "--config", str(config))
    assert answer.returncode == 2
    assert "run shikaku-cloud migrate" in answer.stderr


def test_a_missing_configuration_ends_with_2(tmp_path: Path) -> None:
    answer = shikaku("migrate", "--config", str(tmp_path / "no.toml"))
    assert answer.returncode == 2
    assert answer.stderr.startswith("D702")


def test_it_serves_until_it_is_told_to_end(config: Path) -> None:
    assert shikaku("migrate", "--config", str(config)).returncode == 0
    seeded = shikaku("seed", "--persons", "200", "--config", str(config), "--json")
    assert json.loads(seeded.stdout) == {"persons": 200, "seed": 1}
    command = [sys.executable, "-m", "cloud", "serve", "--config", str(config)]
    with subprocess.Popen(
        [*command, "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as service:
        try:
            assert service.stdout is not None
            line = service.stdout.readline()
            assert line.startswith("shikaku-cloud ready: 2 worker(s)")
            page = line.split()[-1] + "/readyz"
            with urllib.request.urlopen(page, timeout=10) as ready:  # noqa: S310
                assert json.load(ready)["workers_listening"] == 2
        finally:
            service.send_signal(signal.SIGTERM)
        assert service.wait(15) == 0
