"""One file, one tree; what is wrong is named with its key and line."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.config import Config, load, parse
from device.config_errors import ConfigError
from device.config_policy import SessionError, session_policy
from device.session.policy import Policy
from device.session.state import State
from protocol.oqs.text import Encoding
from ui_eink.views import Lang

GOOD = """\
[reader]
id = "rd-tokyo-1"
facility_code = "0110113719"
home = "home"
simulated = true
language = "ja"

[broker]
host = "localhost"
port = 8883
ca = "keys/ca.pem"
certificate = "keys/reader.pem"
key = "/elsewhere/reader.key"

[cloud]
signing_key = "keys/signing.pub"
agreement_key = "keys/agreement.pub"

[card]
transport = "nfcpy"
device = "udp:127.0.0.1:54321"
issuer_keys = ["keys/photo.pub"]
number_b = "simulated"
terminal = "keys/fictitious.key"

[face]
mode = "assist"
models = "models"
pack = "intel-reid-0095"
accept_indicative = ["far-1e-3"]
limit_s = 15.0

[facility]
folder = "OQS/face"
encoding = "Shift_JIS"

[front]
host = "127.0.0.1"
port = 8080
screens = "screens"
tray = "tray.sock"

[session]
face_attempts = 2

[session.waits_s]
checking = 5.0
"take card" = 4.0
thank_you = 2.0
"""
PATH = Path("/etc/shikaku/reader.toml")


def config(text: str = GOOD) -> Config:
    return parse(tomllib.loads(text), text, PATH)


def problem(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        config(text)
    assert caught.value.code == "D702"
    return str(caught.value)


def test_an_unknown_key_refuses_to_start_and_is_named_with_its_line() -> None:
    text = GOOD.replace('mode = "assist"', 'mode = "assist"\nmoed = "auto"')
    line = text.splitlines().index('moed = "auto"') + 1
    assert f"line {line}: face.moed: unknown key" in problem(text)


def test_an_unknown_section_refuses_to_start() -> None:
    assert "sesion: unknown key" in problem(GOOD + "\n[sesion]\na = 1\n")


def test_a_missing_key_names_its_section_line() -> None:
    text = GOOD.replace('pack = "intel-reid-0095"\n', "")
    line = text.splitlines().index("[face]") + 1
    assert f"line {line}: face.pack: is missing" in problem(text)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("port = 8883", "port = 0", "broker.port"),
        ("port = 8883", 'port = "8883"', "broker.port"),
        ("limit_s = 15.0", "false_match_rate = 0.0", "face.false_match_rate"),
        ("limit_s = 15.0", "false_match_rate = 0.02", "face.false_match_rate"),
        ("limit_s = 15.0", "limit_s = inf", "face.limit_s"),
        ("limit_s = 15.0", "limit_s = -1", "face.limit_s"),
        ("0110113719", "0110113710", "reader.facility_code"),
        ('"rd-tokyo-1"', '"rd/tokyo/#"', "reader.id"),
        ('"Shift_JIS"', '"latin-1"', "facility.encoding"),
        ('language = "ja"', 'language = "xx"', "reader.language"),
        ("simulated = true", "simulated = 1", "reader.simulated"),
        ('transport = "nfcpy"', 'transport = "magic"', "card.transport"),
        ('"udp:127.0.0.1:54321"', '"tcp:1"', "card.device"),
        ("face_attempts = 2", "face_attempts = 0", "session.face_attempts"),
        ("face_attempts = 2", "face_attempts = true", "session.face_attempts"),
        ("face_attempts = 2", "face_atempts = 2", "session.face_atempts"),
        ("face_attempts = 2", "pace_most = 0.5", "session.pace_most"),
        ("face_attempts = 2", "listening_pace = 11.0", "session.listening_pace"),
        ("face_attempts = 2", "most_extensions = 1000", "session.most_extensions"),
        ("face_attempts = 2", "most_extensions = 1.5", "session.most_extensions"),
        ("face_attempts = 2", "slow_after = 1.5", "session.slow_after"),
        ("face_attempts = 2", "alarm_after_s = 0", "session.alarm_after_s"),
        ("checking = 5.0", "chekcing = 5.0", "session.waits_s.chekcing"),
        ("checking = 5.0", "checking = 0", "session.waits_s.checking"),
    ],
)
def test_a_value_out_of_bounds_is_named(before: str, after: str, key: str) -> None:
    text = GOOD.replace(before, after)
    assert text != GOOD
    said = problem(text)
    assert f"{key}: " in said
    assert "line " in said


def test_a_number_of_another_section_is_not_set_twice() -> None:
    text = GOOD.replace("face_attempts = 2", 'mode = "auto"')
    assert "session.mode: is set by face.mode" in problem(text)


def test_a_pcsc_reader_goes_by_a_part_of_its_name(tmp_path: Path) -> None:
    text = GOOD.replace('"nfcpy"', '"pcsc"').replace('"udp:127.0.0.1:54321"', '"S300"')
    at = tmp_path / "reader.toml"
    at.write_text(text, "utf-8")
    card = load(at).card
    assert (card.transport, card.device) == ("pcsc", "S300")
    for wrong in ('" "', '"a\\u0007"', f'"{"x" * 129}"'):
        assert "card.device: " in problem(text.replace('"S300"', wrong))


@pytest.mark.parametrize(
    "key", ["card.number_b", "card.device", "card.terminal", "front"]
)
def test_simulated_parts_need_the_word_simulated(key: str) -> None:
    """Each of the four alone is enough to refuse."""
    real = {
        "card.number_b": ('number_b = "simulated"', 'number_b = "keypad"'),
        "card.device": ('"udp:127.0.0.1:54321"', '"usb"'),
        "card.terminal": ('terminal = "keys/fictitious.key"', 'terminal = "none"'),
    }
    text = GOOD.replace("simulated = true", "simulated = false")
    for name, (before, after) in real.items():
        if name != key:
            text = text.replace(before, after)
    if key != "front":
        start, end = text.index("[front]"), text.index("[session]")
        text = text[:start] + text[end:]
    assert f"{key}: simulated, but reader.simulated is not true" in problem(text)


def test_a_simulated_reader_needs_its_front() -> None:
    start, end = GOOD.index("[front]"), GOOD.index("[session]")
    assert "front: a simulated reader needs" in problem(GOOD[:start] + GOOD[end:])


def test_a_reader_says_it_is_real_when_it_says_nothing() -> None:
    said = problem(GOOD.replace("simulated = true\n", ""))
    assert "reader.simulated is not true" in said


def test_a_good_file_is_read_with_paths_beside_it() -> None:
    read = config()
    assert read.broker.ca == Path("/etc/shikaku/keys/ca.pem")
    assert read.broker.key == Path("/elsewhere/reader.key")
    assert read.card.issuer_keys == (Path("/etc/shikaku/keys/photo.pub"),)
    assert read.facility.encoding is Encoding.SHIFT_JIS
    assert read.storage_key == Path("/etc/shikaku/home/storage.key")


def test_the_policy_is_the_session_section_over_the_defaults() -> None:
    policy = config().policy
    assert policy.face_attempts == 2
    assert policy.waits_s[State.CHECKING] == 5.0
    assert policy.waits_s[State.TAKE_CARD] == 4.0
    assert policy.waits_s[State.THANK_YOU] == 2.0
    assert policy.waits_s[State.CHOOSING] == 60.0
    assert (policy.mode, policy.terminal) == ("assist", True)
    assert (policy.lang, policy.simulated) == (Lang.JA, True)


def test_only_a_simulated_reader_warns_for_less_than_twenty_seconds() -> None:
    given = {"warning_s": 2.0}
    assert session_policy(given, Policy(simulated=True)).warning_s == 2.0
    with pytest.raises(SessionError):
        session_policy(given, Policy(simulated=False))
    assert session_policy({"warning_s": 30.0}, Policy()).warning_s == 30.0


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "reader.toml")


@given(st.text(max_size=200))
def test_junk_is_refused_and_never_a_crash(junk: str) -> None:
    try:
        tree = tomllib.loads(junk)
    except tomllib.TOMLDecodeError:
        return
    with pytest.raises(ConfigError):
        parse(tree, junk, PATH)


@pytest.mark.parametrize("plug", ["simulated", "camera", "keypad"])
def test_the_printed_number_has_three_plugs(plug: str) -> None:
    text = GOOD.replace('number_b = "simulated"', f'number_b = "{plug}"')
    assert config(text).card.number_b == plug
    assert "card.number_b" in problem(text.replace(f'"{plug}"', '"guess"', 1))


BRIDGE = """
[bridge]
folder = "OQS"
url = "https://cloud.example:8443"
ca = "keys/facilities-ca.pem"
certificate = "keys/clinic.pem"
key = "keys/clinic.key"
"""


def test_without_a_bridge_section_nothing_is_conveyed() -> None:
    assert config().bridge is None
    bridge = config(GOOD + BRIDGE).bridge
    assert bridge is not None
    assert bridge.folder == Path("/etc/shikaku/OQS")
    assert bridge.staff_token is None


@pytest.mark.parametrize(
    "url", ["http://cloud.example", "https://", "https://a/b", "https://a?b", "a"]
)
def test_a_bridge_goes_to_https_and_to_no_path(url: str) -> None:
    text = GOOD + BRIDGE.replace("https://cloud.example:8443", url)
    assert "bridge.url" in problem(text)
