"""Convert dlib's face recognition ResNet to one TFLite file in half precision.

The network: a 7x7 convolution, a 3x3 maximum, then residual blocks of two 3x3
convolutions, then the mean and 256 -> 128. A block whose first convolution steps by
two halves the picture; its skip is a 2x2 average. Where skip and branch differ in size
the smaller is filled with zeros: behind the last channel, below, and on the right.

Input: 1 x 150 x 150 x 3 float32, RGB 0..255 (dlib's own scale and shift are folded into
the first convolution, exactly, for it has no padding). Output: 1 x 128, not normalised;
its distance is Euclidean.
"""

from math import fsum
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from provisioning.models.dlib_weights import (
    Convolution,
    DlibError,
    Weights,
    read_weights,
)
from provisioning.models.tflite_writer import GraphWriter

CONVERTER = "dlib2tflite 1"
SIZE = 150
MEAN_RGB = (122.782, 117.001, 104.298)
SCALE = 1 / 256
"""dlib's input layer: (pixel - mean) / 256."""

_OP = schema.BuiltinOperator
_OPTIONS = schema.BuiltinOptions
_RELU = schema.ActivationFunctionType.RELU
_DEQUANTIZE_HALF = 3
"""DEQUANTIZE accepts float16 since its version 3."""

Wide = NDArray[np.float64]


def convert(content: bytes) -> bytes:
    """The TFLite file. Raises DlibError for another network."""
    return _Conversion(read_weights(content)).run()


def folded(layer: Convolution, *, first: bool) -> tuple[Wide, Wide]:
    """Weights and bias with the affine layer, and the input's scale, inside."""
    weights = layer.weights.astype(np.float64)
    bias = layer.bias.astype(np.float64)
    if first:
        weights = weights * SCALE
        shifts = weights * np.array(MEAN_RGB)[:, None, None]
        # fsum is exact, so every machine gets the same bytes.
        bias = bias - np.array([fsum(each.reshape(-1)) for each in shifts])
    gamma = layer.gamma.astype(np.float64)
    return weights * gamma[:, None, None, None], bias * gamma + layer.beta


class _Conversion:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._writer = GraphWriter(f"shikaku {CONVERTER}")
        self._shapes: dict[int, tuple[int, int, int, int]] = {}
        self._made = 0

    def run(self) -> bytes:
        head, *rest = self._weights.convolutions
        if len(rest) % 2 or head.padding or head.stride != 2:
            raise DlibError("the layers are not those of the face recognition network")
        given = self._activation("rgb_0_255", (1, SIZE, SIZE, 3))
        picture = self._convolution(given, head, first=True, relu=True)
        picture = self._pool(picture, _OP.MAX_POOL_2D, 3)
        for one, two in zip(rest[::2], rest[1::2], strict=True):
            picture = self._block(picture, one, two)
        height, width = self._shapes[picture][1:3]
        if height != width:
            raise DlibError("the last picture is not square")
        mean = self._pool(picture, _OP.AVERAGE_POOL_2D, height, step=height)
        return self._writer.finish(given, self._last(mean))

    def _block(self, source: int, one: Convolution, two: Convolution) -> int:
        if two.stride != 1 or (one.stride, one.padding) not in ((1, 1), (2, 0)):
            raise DlibError("a residual block is not of a kind that is understood")
        branch = self._convolution(source, one, relu=True)
        branch = self._convolution(branch, two)
        skip = source
        if one.stride == 2:
            skip = self._pool(source, _OP.AVERAGE_POOL_2D, 2)
        larger = tuple(
            max(pair)
            for pair in zip(self._shapes[skip], self._shapes[branch], strict=True)
        )
        options = schema.AddOptionsT()
        options.fusedActivationFunction = _RELU
        return self._operator(
            _OP.ADD,
            [self._filled(branch, larger), self._filled(skip, larger)],
            larger,
            (_OPTIONS.AddOptions, options),
        )

    def _convolution(
        self,
        source: int,
        layer: Convolution,
        *,
        first: bool = False,
        relu: bool = False,
    ) -> int:
        weights, bias = folded(layer, first=first)
        outputs, _, height, width = weights.shape
        _, rows, columns, channels = self._shapes[source]
        if layer.padding not in (0, (height - 1) // 2) or channels != weights.shape[1]:
            raise DlibError("a convolution is not of a kind that is understood")
        options = schema.Conv2DOptionsT()
        options.strideH = options.strideW = layer.stride
        options.dilationHFactor = options.dilationWFactor = 1
        options.fusedActivationFunction = _RELU if relu else 0
        same = layer.padding > 0
        options.padding = schema.Padding.SAME if same else schema.Padding.VALID
        around = 2 * layer.padding
        shape = (
            1,
            (rows + around - height) // layer.stride + 1,
            (columns + around - width) // layer.stride + 1,
            outputs,
        )
        kernel = self._half(weights.transpose(0, 2, 3, 1))
        offset = self._writer.constant(self._name("b"), bias.astype(np.float32))
        return self._operator(
            _OP.CONV_2D,
            [source, kernel, offset],
            shape,
            (_OPTIONS.Conv2DOptions, options),
        )

    def _pool(self, source: int, code: int, size: int, step: int = 2) -> int:
        _, rows, columns, channels = self._shapes[source]
        options = schema.Pool2DOptionsT()
        options.padding = schema.Padding.VALID
        options.filterHeight = options.filterWidth = size
        options.strideH = options.strideW = step
        shape = (1, (rows - size) // step + 1, (columns - size) // step + 1, channels)
        return self._operator(code, [source], shape, (_OPTIONS.Pool2DOptions, options))

    def _filled(self, source: int, shape: tuple[int, ...]) -> int:
        """Zeros at the end of every axis that falls short."""
        short = [
            (0, want - has)
            for want, has in zip(shape, self._shapes[source], strict=True)
        ]
        if not any(after for _, after in short):
            return source
        edges = self._writer.constant(self._name("edges"), np.array(short, np.int32))
        options = (_OPTIONS.PadOptions, schema.PadOptionsT())
        return self._operator(_OP.PAD, [source, edges], shape, options)

    def _last(self, source: int) -> int:
        weights = self._half(self._weights.last.T.astype(np.float64))
        shape = (1, self._weights.last.shape[1])
        options = schema.FullyConnectedOptionsT()
        return self._writer.operator(
            _OP.FULLY_CONNECTED,
            [source, weights, -1],  # -1: no bias
            self._writer.activation("embedding", shape),
            (_OPTIONS.FullyConnectedOptions, options),
        )

    def _half(self, values: Wide) -> int:
        """Half-precision values in the file, float32 for the operators."""
        name = self._name("w")
        narrow = np.ascontiguousarray(values.astype(np.float16))
        if not np.isfinite(narrow).all():
            raise DlibError("a weight is too large for half precision")
        stored = self._writer.constant(f"{name}_f16", narrow)
        wide = self._writer.activation(name, narrow.shape)
        options = (_OPTIONS.DequantizeOptions, schema.DequantizeOptionsT())
        return self._writer.operator(
            _OP.DEQUANTIZE, [stored], wide, options, _DEQUANTIZE_HALF
        )

    def _operator(
        self,
        code: int,
        inputs: list[int],
        shape: tuple[int, ...],
        options: tuple[int, Any],
    ) -> int:
        if len(shape) != 4 or min(shape) < 1:
            raise DlibError("the picture becomes too small")
        output = self._activation(self._name("t"), shape)
        return self._writer.operator(code, inputs, output, options)

    def _activation(self, name: str, shape: tuple[int, ...]) -> int:
        made = self._writer.activation(name, shape)
        rows, columns, channels = shape[1:]
        self._shapes[made] = (1, rows, columns, channels)
        return made

    def _name(self, kind: str) -> str:
        self._made += 1
        return f"{kind}{self._made}"
