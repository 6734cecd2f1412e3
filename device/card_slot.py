"""Which card reader this is, by configuration: the one place that names them all."""

from contextlib import AbstractAsyncContextManager
from typing import Literal

from device.config import Config, Transport
from device.ports import CardSlot, PartError
from protocol.catalogue import Code


def configured_slot(config: Config) -> AbstractAsyncContextManager[CardSlot]:
    """Not open yet, as below; virtual readers only where simulation is asked for."""
    at = config.card
    virtual = config.reader.simulated
    return card_slot(at.transport, at.device, virtual=virtual, rate=at.rate)


def card_slot(
    transport: Transport,
    device: str,
    *,
    virtual: bool,
    rate: Literal["auto", 106, 212, 424] = "auto",
) -> AbstractAsyncContextManager[CardSlot]:
    """Not open yet: entering finds the reader, or raises PartError D704.

    `device`: nfcpy's path, or a part of the PC/SC reader's name. `virtual` admits
    PC/SC's virtual reader. `rate` in kbit/s is nfcpy's; PC/SC readers choose theirs.
    """
    # Each library is loaded where it is used: a reader has one of them.
    if transport == "nfcpy":
        from device.adapters.card_nfcpy import NfcSlot

        return NfcSlot.open(device, rate)
    try:
        from device.adapters.card_pcsc import PcscSlot
    except ImportError as error:
        detail = 'PC/SC needs pyscard: install "shikaku[pcsc]"'
        raise PartError(Code.SELFTEST_FAILED, detail) from error
    return PcscSlot.open(device, virtual=virtual)
