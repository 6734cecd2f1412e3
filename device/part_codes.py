"""From what a part raised to the code that people meet."""

from device.ports import PartError
from protocol.catalogue import Code


def code_of(error: PartError, otherwise: Code) -> Code:
    """The catalogue code of a failed part; one nobody knows reads as `otherwise`."""
    try:
        return Code(error.code)
    except ValueError:
        return otherwise
