"""A PC/SC of the tests' own: pcscd and vpcd where nobody else can reach them.

vpcd listens on every address, so it gets a network without any; pcscd's socket lies in
a folder of ours, bound over /run in a mount namespace, so a pcscd of this machine is
neither disturbed nor used. What was started here, and only that, is ended here.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from device.simulated.card import vpcd

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER = "Virtual PCD 00 00"
NEEDED = ("pcscd", "unshare", "setpriv", "nsenter", "ip", "mount")
_CONFIGURATION = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:{vpcd.PORT:#x}
LIBPATH {DRIVER}
CHANNELID {vpcd.PORT:#x}
"""
_INSIDE = 'ip link set lo up && mount --bind "$1" /run && exec pcscd -f -e -c "$2"'
_READY_S = 10.0


class NoStandError(Exception):
    """Why this machine cannot have one."""


class PcscStand:
    def __init__(self, folder: Path) -> None:
        run, configuration = folder / "run", folder / "reader.conf.d"
        run.mkdir()
        configuration.mkdir()
        (configuration / "vpcd").write_text(_CONFIGURATION)
        self.answers = run / "pcscd" / "pcscd.comm"
        """pcscd's socket, for PCSCLITE_CSOCK_NAME."""
        self._log = folder / "pcscd.log"
        self._command = ["unshare", "--net", "--mount", "setpriv", "--pdeathsig"]
        self._command += ["KILL", "sh", "-c", _INSIDE, "sh"]
        self._command += [str(run), str(configuration)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it knows its reader. Raises NoStandError."""
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + _READY_S
        while READER not in self._readers():
            if self._process.poll() is not None or time.monotonic() > end:
                said = self._log.read_text()[-400:]
                raise NoStandError(f"pcscd did not start: {said}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends what was started here, and nothing else; twice is fine."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait(10)

    @contextmanager
    def card(self, card: vpcd.Chip) -> Iterator[None]:
        """It lies in the reader while open, and pcscd knows when this begins."""
        with self.inserted(card):
            wait_until(lambda: self.occupied())
            yield
        wait_until(lambda: not self.occupied())

    @contextmanager
    def inserted(self, card: vpcd.Chip) -> Iterator[None]:
        """The same; pcscd may not have noticed yet."""
        with self.connect() as link:
            serving = threading.Thread(target=_until_gone, args=(card, link))
            serving.start()
            try:
                yield
            finally:
                _shut(link)
                serving.join()

    def connect(self) -> socket.socket:
        """A socket keeps the network it was made in, wherever it is used."""
        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(self._connect).result()

    def inside(self, *command: str) -> list[str]:
        """The command line that runs `command` beside the virtual reader."""
        return ["nsenter", f"--net={self._network}", *command]

    def occupied(self) -> bool:
        from device.adapters.card_pcsc_link import Daemon

        daemon = Daemon()
        try:
            return daemon.occupied(READER)
        finally:
            daemon.release()

    def _readers(self) -> tuple[str, ...]:
        from device.adapters.card_pcsc_link import Daemon, PcscError

        try:
            daemon = Daemon()
        except PcscError:
            return ()
        try:
            return daemon.readers()
        finally:
            daemon.release()

    @property
    def _network(self) -> str:
        if self._process is None:
            raise RuntimeError("pcscd does not run")
        return f"/proc/{self._process.pid}/ns/net"

    def _connect(self) -> socket.socket:
        with open(self._network, "rb") as network:
            # Network namespaces belong to threads; this one ends after the call.
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), 0):
                raise OSError(ctypes.get_errno(), "setns")
        return vpcd.insert("127.0.0.1", vpcd.PORT)


def _until_gone(card: vpcd.Chip, link: socket.socket) -> None:
    """A card that leaves by itself takes its link along."""
    vpcd.serve(card, link)
    _shut(link)


def _shut(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


@contextmanager
def standing(folder: Path) -> Iterator[PcscStand]:
    """Started and ended here. Raises NoStandError where it cannot be."""
    _check()
    stand = PcscStand(folder)
    os.environ["PCSCLITE_CSOCK_NAME"] = str(stand.answers)
    try:
        stand.start()
        yield stand
    finally:
        stand.stop()


def wait_until(true: Callable[[], bool], patience_s: float = 5.0) -> None:
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end, "PC/SC did not notice in time"
        time.sleep(0.05)


def _check() -> None:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing or not DRIVER.exists():
        names = ", ".join(missing) or "vsmartcard-vpcd"
        raise NoStandError(f"not installed: {names} (make oracles)")
    if os.geteuid() != 0:
        raise NoStandError("a network namespace of our own needs root")
    trial = ["unshare", "--net", "--mount", "true"]
    if subprocess.run(trial, check=False, capture_output=True).returncode:
        raise NoStandError("this machine gives no namespaces (unshare --net --mount)")
