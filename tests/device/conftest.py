"""What several rooms of the reader test against."""

import os
from collections.abc import Iterator

import pytest

from tests.support.pcsc_stand import NoStandError, PcscStand, standing


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
