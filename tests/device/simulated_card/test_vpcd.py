"""The card's side of vsmartcard's protocol, against sockets instead of a reader."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen, run
from sys import executable

import pytest

from device.simulated.card import vpcd
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents

SIM = [executable, "-m", "device.simulated.cli"]
JPKI = bytes.fromhex("00a4040c0ad392f000260100000001")
PIN_EF = bytes.fromhex("00a4020c020018")
ASK = bytes.fromhex("00200080")
WRONG = bytes.fromhex("002000800430303030")


class Reader:
    """vpcd's side: speaks as it does, length and body apart."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        link.settimeout(5)

    def send(self, body: bytes) -> None:
        self.link.sendall(len(body).to_bytes(2, "big"))
        self.link.sendall(body)

    def ask(self, body: bytes) -> bytes:
        self.send(body)
        size = int.from_bytes(self.link.recv(2, socket.MSG_WAITALL), "big")
        return self.link.recv(size, socket.MSG_WAITALL)


@pytest.fixture
def reader(bench: Bench) -> Iterator[Reader]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        card = vpcd.insert(*listening.getsockname())
        theirs, _ = listening.accept()
    running = threading.Thread(target=vpcd.serve, args=(bench.card, card))
    running.start()
    with card, theirs:
        yield Reader(theirs)
        theirs.shutdown(socket.SHUT_RDWR)
        running.join(5)
        assert not running.is_alive()


def test_it_answers_the_atr_and_apdus(reader: Reader) -> None:
    reader.send(b"\x01")
    assert reader.ask(b"\x04") == vpcd.ATR
    assert reader.ask(JPKI) == b"\x90\x00"
    assert reader.ask(bytes(3)) == b"\x67\x00"


@pytest.mark.parametrize("control", [b"\x00", b"\x01", b"\x02"])
def test_power_and_reset_end_the_session_and_answer_nothing(
    reader: Reader, control: bytes
) -> None:
    assert reader.ask(JPKI) == b"\x90\x00"
    reader.send(control)
    assert reader.ask(PIN_EF) == b"\x6a\x82"


def test_counters_survive_the_power(reader: Reader) -> None:
    reader.ask(JPKI)
    reader.ask(PIN_EF)
    assert reader.ask(WRONG) == b"\x63\xc2"
    reader.send(b"\x00")
    reader.ask(JPKI)
    reader.ask(PIN_EF)
    assert reader.ask(ASK) == b"\x63\xc2"


def test_a_whole_file_passes_at_once(reader: Reader, contents: CardContents) -> None:
    reader.ask(JPKI)
    reader.ask(bytes.fromhex("00a4020c02000a"))
    whole = reader.ask(bytes.fromhex("00b00000000000"))
    assert whole.startswith(contents.certificate)


def said(*words: str) -> tuple[int, str]:
    done = run([*SIM, "card", *words], capture_output=True, check=False, text=True)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--persona", "x"], "name one reader: --udp PORT or --pcsc HOST:PORT"),
        (["--pcsc", "h:1"], "name one card: --card FILE"),
        (["--pcsc", "h:1", "--persona", "nobody"], "no persona nobody"),
    ],
)
def test_a_command_that_is_not_clear_is_refused_in_one_line(
    words: list[str], reason: str
) -> None:
    code, text = said(*words)
    assert code == 2
    assert text.startswith(reason)
    assert text.count("\n") == 1


def test_a_reader_that_is_not_there_is_said(
    contents: CardContents, tmp_path: Path
) -> None:
    contents.save(tmp_path / "taro.card")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    card = ["--card", str(tmp_path / "taro.card")]
    code, text = said("--pcsc", f"127.0.0.1:{port}", *card)
    assert code == 2
    assert "start pcscd with vpcd in it" in text
    assert said("--pcsc", "35963", *card)[1].startswith("--pcsc takes HOST:PORT")


def test_the_command_lies_in_the_slot_until_the_reader_goes(
    contents: CardContents,
    tmp_path: Path,
) -> None:
    contents.save(tmp_path / "taro.card")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        where = f"127.0.0.1:{listening.getsockname()[1]}"
        command = [*SIM, "card", "--pcsc", where, "--card", str(tmp_path / "taro.card")]
        with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
            theirs, _ = listening.accept()
            with theirs:
                assert Reader(theirs).ask(JPKI) == b"\x90\x00"
            _, text = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"reader at {where}" in text
