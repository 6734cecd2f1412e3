"""What sealing and opening cost beside the bare crypto of the same run.

python -m tests.protocol.measure_envelope; CPU microseconds, medians of 15 rounds.
Ratios travel between machines, absolute figures do not.
"""

import statistics
import sys
import time
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol.codec import decode_body, decode_request, encode
from protocol.keys import SoftwareSigner
from tests.protocol import samples
from tests.protocol.samples import IV, READER_SECRET, Wire

ROUNDS, REPEATS = 15, 200
ES256 = ec.ECDSA(hashes.SHA256())
BODY = encode(samples.body().model_copy(update={"certificate": bytes(1300)}))
MESSAGE = encode(samples.verification().model_copy(update={"body": BODY}))


def operations() -> dict[str, Callable[[], object]]:
    wire = Wire(signer=SoftwareSigner(READER_SECRET))
    sealed, public = wire.seal(MESSAGE), READER_SECRET.public_key()
    cipher, signature = AESGCM(bytes(32)), READER_SECRET.sign(MESSAGE, ES256)
    ciphertext = cipher.encrypt(IV, MESSAGE, None)
    wire.open(sealed)

    def bare_open() -> None:
        cipher.decrypt(IV, ciphertext, None)
        public.verify(signature, MESSAGE, ES256)

    def bare_seal() -> None:
        cipher.encrypt(IV, MESSAGE, None)
        READER_SECRET.sign(MESSAGE, ES256)

    return {
        "bare open": bare_open,
        "open_request": lambda: wire.open(sealed),
        "bare seal": bare_seal,
        "seal_request": lambda: wire.seal(MESSAGE),
        "decode_request": lambda: decode_request(MESSAGE),
        "decode_body": lambda: decode_body(BODY),
    }


def cost_us(operation: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(REPEATS):
        operation()
    return (time.process_time() - start) / REPEATS * 1e6


def main() -> None:
    found = operations()
    rounds = [{name: cost_us(do) for name, do in found.items()} for _ in range(ROUNDS)]
    cost = {name: statistics.median(one[name] for one in rounds) for name in found}
    for name, value in cost.items():
        sys.stdout.write(f"{name:16}{value:8.1f} us\n")
    for name in ("open", "seal"):
        ratio = cost[f"{name}_request"] / cost[f"bare {name}"]
        sys.stdout.write(f"{name}: {ratio:.2f} x bare crypto\n")


if __name__ == "__main__":
    main()
