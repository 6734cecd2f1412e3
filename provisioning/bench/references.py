"""Floors of this machine, in this minute: the disk, the signatures, CPU time."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

COMMITS = 300
OPERATIONS_S = 0.3
_TICKS = os.sysconf("SC_CLK_TCK")


def percentile(values: Iterable[float], share: float) -> float:
    """Nearest rank; nan for nothing."""
    ranked = sorted(values)
    if not ranked:
        return float("nan")
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def commit_p99_ms(folder: Path) -> float:
    """Write 4 KiB and fdatasync: what no durable commit can be faster than."""
    page, times = os.urandom(4096), []
    path = folder / "floor"
    handle = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(COMMITS):
            began = time.perf_counter()
            os.write(handle, page)
            os.fdatasync(handle)
            times.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(handle)
        path.unlink()
    return percentile(times, 0.99)


def signatures_us() -> float:
    """CPU of what a verification cannot do without: reader, answer, card."""
    message = os.urandom(1024)
    reader = ec.generate_private_key(ec.SECP256R1())
    card = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    es256, pkcs1, sha256 = (
        ec.ECDSA(hashes.SHA256()),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    by_reader, by_card = reader.sign(message, es256), card.sign(message, pkcs1, sha256)
    reader_key, card_key = reader.public_key(), card.public_key()
    return (
        _cost_us(lambda: reader_key.verify(by_reader, message, es256))
        + _cost_us(lambda: reader.sign(message, es256))
        + _cost_us(lambda: card_key.verify(by_card, message, pkcs1, sha256))
    )


def _cost_us(operation: Callable[[], object]) -> float:
    began, count = time.process_time(), 0
    while (spent := time.process_time() - began) < OPERATIONS_S:
        operation()
        count += 1
    return spent / count * 1e6


def cpu_s(pids: Iterable[int]) -> float:
    """User and system time of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS
