"""The configuration: unknown or missing keys refuse to start, secrets stay paths."""

from pathlib import Path

import pytest

from cloud.config import load
from cloud.errors import ConfigError
from protocol.codes import Method

GOOD = """
[cloud]
home = "home"
[broker]
host = "127.0.0.1"
port = 8883
ca = "ca.pem"
certificate = "cloud.pem"
key = "cloud.key"
[keys]
signing = "signing.key"
agreement = "agreement.key"
[trust]
jpki_cas = ["card-ca.pem"]
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "cloud.toml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (("port = 8883", "port = 8883\ncolour = 1"), "broker.colour"),
        (("[trust]", "[nonsense]\n[trust]"), "nonsense"),
        (("port = 8883", "port = 70000"), "broker.port"),
        (("port = 8883", ""), "broker.port"),
        (('jpki_cas = ["card-ca.pem"]', "jpki_cas = []"), "trust.jpki_cas"),
        (('key = "cloud.key"', ""), "all three or none"),
        (("[trust]", '[web]\nhost = "0.0.0.0"\n[trust]'), "127.0.0.1"),
        (("[trust]", '[policy]\nmethods = ["voice"]\n[trust]'), "policy.methods"),
        (("[trust]", "[intake]\nworkers = 0\n[trust]"), "intake.workers"),
        (("[cloud]", "[cloud"), "cloud.toml"),
    ],
)
def test_a_wrong_file_refuses_to_start(
    tmp_path: Path, change: tuple[str, str], names: str
) -> None:
    with pytest.raises(ConfigError, match="D702") as caught:
        load(written(tmp_path, GOOD.replace(*change)))
    assert names in str(caught.value)


def test_a_broker_elsewhere_needs_tls(tmp_path: Path) -> None:
    bare = GOOD.replace("127.0.0.1", "broker.example")
    for name in ("ca", "certificate", "key"):
        bare = "\n".join(
            row for row in bare.splitlines() if not row.startswith(f"{name} =")
        )
    with pytest.raises(ConfigError, match="a broker elsewhere needs"):
        load(written(tmp_path, bare))


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD.replace("port = 8883", 'port = "hunter2"')
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "nowhere.toml")


def test_the_defaults_are_careful(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert not config.policy.policy.fictitious_terminal
    assert config.policy.policy.methods == frozenset(Method)
    assert config.web.host == "127.0.0.1"
    assert config.intake.workers == 1


def test_paths_start_at_the_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert config.cloud.database == tmp_path / "home" / "cloud.sqlite3"
    assert config.keys.agreements == (tmp_path / "agreement.key",)
    assert config.broker.ca == tmp_path / "ca.pem"
