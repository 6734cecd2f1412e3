"""What several rooms of the reader test against: a fictitious card, and PC/SC."""

import io
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.virtual import VirtualCard
from tests.support.pcsc_stand import NoStandError, PcscStand, standing

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def photo() -> bytes:
    stream = io.BytesIO()
    noise = Image.effect_noise((120, 160), 40)
    noise.save(stream, format="JPEG2000", quality_mode="rates", quality_layers=[4])
    return stream.getvalue()


@pytest.fixture(scope="session")
def terminal_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="session")
def issuer(terminal_key: ec.EllipticCurvePrivateKey) -> Issuer:
    return Issuer.found(terminal_key.public_key(), NOW)


@pytest.fixture(scope="session")
def keys() -> CardKeys:
    return CardKeys.generate()


@pytest.fixture(scope="session")
def holder(photo: bytes) -> Holder:
    return Holder(
        label="taro",
        name="検査 太郎",
        address="架空県架空市1-2-3",
        birth=date(1980, 2, 17),
        sex="1",
        expiry=date(2035, 2, 17),
        security_code="2285",
        pin="2468",
        photo=photo,
        serial=0x2611_0042,
    )


@pytest.fixture(scope="session")
def contents(holder: Holder, keys: CardKeys, issuer: Issuer) -> CardContents:
    return issue(holder, keys, issuer, NOW)


@pytest.fixture
def insert() -> Callable[[CardContents], Bench]:
    return lambda contents: Bench(VirtualCard(contents, _counting()))


@pytest.fixture
def bench(contents: CardContents, insert: Callable[[CardContents], Bench]) -> Bench:
    return insert(contents)


def _counting() -> Callable[[int], bytes]:
    """Bytes that differ each time and are the same in every run."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return count.to_bytes(size, "big")

    return random


@pytest.fixture(scope="session")
def pcsc_stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PcscStand]:
    """PC/SC with a virtual reader; once, since its library remembers the socket."""
    pytest.importorskip("smartcard", reason="pyscard is not installed (make oracles)")
    before = os.environ.get("PCSCLITE_CSOCK_NAME")
    try:
        with standing(tmp_path_factory.mktemp("pcsc")) as stand:
            yield stand
    except NoStandError as error:
        pytest.skip(f"no PC/SC of our own: {error}")
    finally:
        if before is None:
            os.environ.pop("PCSCLITE_CSOCK_NAME", None)
        else:
            os.environ["PCSCLITE_CSOCK_NAME"] = before
