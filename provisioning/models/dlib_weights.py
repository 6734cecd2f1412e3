"""Read the weights of dlib's face recognition ResNet out of its serialised file.

dlib writes an integer as one byte (low nibble: how many bytes follow, bit 7: negative)
and those bytes, little end first; a tensor as version 2, four extents and raw float32.
Layers stand in forward order, each after its own length-prefixed name. Everything
between them is training state, which nobody needs.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]

_NAMES = re.compile(
    rb"\x01(?:\x05(?P<con>con_4)|\x07(?P<affine>affine_)|\x04(?P<fc>fc_2))"
)
_TENSOR_VERSION = 2
_LARGEST = 1 << 24
"""Numbers in one tensor; the largest here has 590080."""


class DlibError(Exception):
    """The file does not hold the network that this converter understands."""


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution and the affine layer after it, as dlib keeps them."""

    weights: Single = field(repr=False)
    """Outputs x inputs x height x width."""
    bias: Single = field(repr=False)
    gamma: Single = field(repr=False)
    beta: Single = field(repr=False)
    stride: int
    padding: int


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    convolutions: tuple[Convolution, ...]
    """In forward order."""
    last: Single = field(repr=False)
    """Inputs x outputs, without bias."""


def read_weights(content: bytes) -> Weights:
    """Raises DlibError for a file that is cut, or of another network."""
    try:
        return _read(content)
    except (struct.error, IndexError, ValueError) as error:
        raise DlibError("the file is cut short or damaged") from error


def _read(content: bytes) -> Weights:
    found: list[Convolution] = []
    pending: _Plain | None = None
    channels = 3
    for kind, at in _layers(content):
        reader = _Reader(content, at)
        match kind, pending:
            case "con", None:
                pending = _plain(reader, channels)
            case "affine", _Plain() as plain:
                found.append(_with_affine(plain, reader))
                channels, pending = plain.weights.shape[0], None
            case "fc", None if found:
                return Weights(tuple(found), _last(reader, channels))
            case _:
                break
    raise DlibError("the layers are not those of dlib's face recognition network")


def _layers(content: bytes) -> Iterator[tuple[str, int]]:
    """Kind of a layer and where its numbers begin."""
    at = 0
    while match := _NAMES.search(content, at):
        yield match.lastgroup or "", match.end()
        # A name that happens to stand inside a tensor's bytes is not a layer.
        at = match.end()
        if match.lastgroup != "fc":
            reader = _Reader(content, at)
            reader.tensor()
            at = reader.at


@dataclass(frozen=True, slots=True, eq=False)
class _Plain:
    weights: Single
    bias: Single
    stride: int
    padding: int


def _plain(reader: "_Reader", channels: int) -> _Plain:
    flat = reader.tensor()
    outputs, height, width = reader.integers(3)
    stride, other_stride, padding, other_padding = reader.integers(4)
    if (stride, padding) != (other_stride, other_padding):
        raise DlibError("a convolution steps or pads unevenly")
    count = outputs * channels * height * width
    if flat.size != count + outputs:
        raise DlibError("a convolution's weights do not fit its input")
    weights = flat[:count].reshape(outputs, channels, height, width)
    return _Plain(weights, flat[count:], stride, padding)


def _with_affine(plain: _Plain, reader: "_Reader") -> Convolution:
    flat = reader.tensor()
    outputs = plain.weights.shape[0]
    if flat.size != 2 * outputs:
        raise DlibError("an affine layer does not fit its convolution")
    gamma, beta = flat[:outputs], flat[outputs:]
    return Convolution(
        plain.weights, plain.bias, gamma, beta, plain.stride, plain.padding
    )


def _last(reader: "_Reader", channels: int) -> Single:
    outputs, inputs = reader.integers(2)
    flat = reader.tensor()
    if inputs != channels or flat.size != inputs * outputs:
        raise DlibError("the last layer is not 256 x 128 without bias")
    return flat.reshape(inputs, outputs)


class _Reader:
    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self.at = at

    def integers(self, count: int) -> tuple[int, ...]:
        return tuple(self._integer() for _ in range(count))

    def tensor(self) -> Single:
        """All its numbers, flat."""
        version, *extents = self.integers(5)
        count = int(np.prod(extents))
        if version != _TENSOR_VERSION or not 0 < count <= _LARGEST:
            raise DlibError("a tensor is not of the kind that is understood")
        values = np.frombuffer(self._content, dtype="<f4", count=count, offset=self.at)
        self.at += 4 * count
        if not np.isfinite(values).all():
            raise DlibError("a weight is not a number")
        return values.astype(np.float32)

    def _integer(self) -> int:
        head = self._content[self.at]
        size, negative = head & 0x0F, bool(head & 0x80)
        if not 1 <= size <= 8 or head & 0x70:
            raise DlibError("an integer is not of the kind that is understood")
        raw = self._content[self.at + 1 : self.at + 1 + size]
        if len(raw) != size:
            raise DlibError("the file is cut short")
        self.at += 1 + size
        value = int.from_bytes(raw, "little")
        return -value if negative else value
