"""Convert a convolutional OpenVINO IR (half precision) to one TFLite file.

Understands what face-reidentification-retail-0095 is made of: convolutions, depthwise
convolutions, PReLU with one slope, whole-map average pools, sigmoids, additions and
multiplications. Everything else is refused. Weights stay the half-precision numbers
of the source, so the conversion loses nothing.

Input: 1 x H x W x 3 float32, RGB 0..255 (the source wants BGR; its input scale and
shift and the first convolution are reordered instead). Output: 1 x dimensions.
"""

from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from provisioning.models.ir import IRError, Layer, numbers, read_ir
from provisioning.models.tflite_writer import GraphWriter

CONVERTER = "ir2tflite 1"

_OP = schema.BuiltinOperator
_OPTIONS = schema.BuiltinOptions
_DEQUANTIZE_HALF = 3
"""DEQUANTIZE accepts float16 since its version 3."""


def convert(xml: bytes, weights: bytes) -> bytes:
    """The TFLite file. Raises IRError for anything not understood."""
    return _Conversion(read_ir(xml, weights)).run()


class _Conversion:
    def __init__(self, layers: dict[str, Layer]) -> None:
        self._layers = layers
        self._writer = GraphWriter(f"shikaku {CONVERTER}")
        self._tensors: dict[str, int] = {}
        self._channels_swapped: set[str] = set()
        """Layers whose three channels come in the order RGB instead of BGR."""
        self._users: dict[str, list[Layer]] = {}
        for layer in layers.values():
            for each in layer.inputs:
                self._users.setdefault(each, []).append(layer)

    def run(self) -> bytes:
        given, result = -1, -1
        for layer in self._layers.values():
            match layer.kind:
                case "Const" | "Convert":
                    continue
                case "Parameter":
                    given = self._parameter(layer)
                case "Result":
                    result = self._flat(layer.inputs[0])
                case _:
                    self._compute(layer)
        if given < 0 or result < 0:
            raise IRError("the network has no input or no output")
        return self._writer.finish(given, result)

    def _compute(self, layer: Layer) -> None:
        if layer.id in self._tensors:  # a bias already taken by its convolution
            return
        match layer.kind:
            case "Convolution" | "GroupConvolution":
                self._convolution(layer)
            case "Add":
                self._binary(layer, _OP.ADD, _OPTIONS.AddOptions, schema.AddOptionsT())
            case "Multiply":
                self._binary(layer, _OP.MUL, _OPTIONS.MulOptions, schema.MulOptionsT())
            case "PReLU":
                self._prelu(layer)
            case "AvgPool":
                self._pool(layer)
            case "Sigmoid":
                self._unary(layer, _OP.LOGISTIC)
            case _:
                raise IRError(f"layer kind {layer.kind} is not understood")

    def _parameter(self, layer: Layer) -> int:
        if layer.shape[:2] != (1, 3):
            raise IRError("the input is not one picture of three channels")
        self._channels_swapped.add(layer.id)
        made = self._writer.activation("rgb_0_255", _nhwc(layer.shape))
        self._tensors[layer.id] = made
        return made

    def _flat(self, source: str) -> int:
        """The last picture, 1 x C x 1 x 1, as 1 x C."""
        channels = self._layers[source].shape[1]
        shape = np.array([1, channels], dtype=np.int32)
        options = schema.ReshapeOptionsT()
        options.newShape = [1, channels]
        return self._writer.operator(
            _OP.RESHAPE,
            [self._tensors[source], self._writer.constant("flat_shape", shape)],
            self._writer.activation("embedding", (1, channels)),
            (_OPTIONS.ReshapeOptions, options),
        )

    # -- constants -----------------------------------------------------------------

    def _constant(self, id_: str) -> NDArray[np.float16] | None:
        layer = self._layers[id_]
        if layer.kind == "Convert":
            layer = self._layers[layer.inputs[0]]
        return layer.constant

    def _half(self, name: str, values: NDArray[np.float16]) -> int:
        """Half-precision values in the file, float32 for the operators."""
        stored = self._writer.constant(f"{name}_f16", values)
        wide = self._writer.activation(name, values.shape)
        options = (_OPTIONS.DequantizeOptions, schema.DequantizeOptionsT())
        return self._writer.operator(
            _OP.DEQUANTIZE, [stored], wide, options, _DEQUANTIZE_HALF
        )

    # -- operators -----------------------------------------------------------------

    def _out(self, layer: Layer) -> int:
        made = self._writer.activation(f"t{layer.id}", _nhwc(layer.shape))
        self._tensors[layer.id] = made
        return made

    def _convolution(self, layer: Layer) -> None:
        kernel = self._constant(layer.inputs[1])
        if kernel is None or layer.options.get("dilations") != "1, 1":
            raise IRError("a convolution needs constant weights and no dilation")
        grouped = layer.kind == "GroupConvolution"
        if grouped and kernel.shape[1:3] != (1, 1):
            raise IRError("of grouped convolutions only depthwise ones are understood")
        if grouped:
            weights = kernel[:, 0].transpose(1, 2, 3, 0)
        else:
            weights = kernel.transpose(0, 2, 3, 1)
        if layer.inputs[0] in self._channels_swapped:
            weights = weights[..., ::-1]
        source, same = self._padded(layer, weights.shape[1:3])
        bias, end = self._bias(layer)
        weight = self._half(f"w{layer.id}", np.ascontiguousarray(weights))
        offset = self._half(f"b{layer.id}", bias)
        code, options = _convolution_options(layer, grouped, same)
        output = self._out(end)
        self._tensors[layer.id] = output
        self._writer.operator(code, [source, weight, offset], output, options)

    def _bias(self, layer: Layer) -> tuple[NDArray[np.float16], Layer]:
        """The constant that the only user adds, and that user; else zeros."""
        users = self._users.get(layer.id, [])
        if len(users) == 1 and users[0].kind == "Add":
            values = [self._constant(each) for each in users[0].inputs]
            found = [each for each in values if each is not None]
            if found and found[0].size == layer.shape[1]:
                return np.ascontiguousarray(found[0].reshape(-1)), users[0]
        return np.zeros(layer.shape[1], dtype=np.float16), layer

    def _padded(self, layer: Layer, kernel: tuple[int, ...]) -> tuple[int, bool]:
        """The input tensor, padded where TFLite's own SAME would differ."""
        source = self._tensors[layer.inputs[0]]
        begin = numbers(layer.options["pads_begin"])
        end = numbers(layer.options["pads_end"])
        if not any(begin + end):
            return source, False
        whole = tuple((each - 1) // 2 for each in kernel)
        if numbers(layer.options["strides"]) == (1, 1) and begin == end == whole:
            return source, True
        edges = [(0, 0), (begin[0], end[0]), (begin[1], end[1]), (0, 0)]
        _, channels, height, width = self._layers[layer.inputs[0]].shape
        shape = (1, height + begin[0] + end[0], width + begin[1] + end[1], channels)
        paddings = self._writer.constant(
            f"p{layer.id}_edges", np.array(edges, dtype=np.int32)
        )
        padded = self._writer.activation(f"p{layer.id}", shape)
        options = (_OPTIONS.PadOptions, schema.PadOptionsT())
        return self._writer.operator(
            _OP.PAD, [source, paddings], padded, options
        ), False

    def _binary(self, layer: Layer, code: int, kind: int, options: Any) -> None:
        sides = [self._side(layer, each) for each in layer.inputs]
        if any(each in self._channels_swapped for each in layer.inputs):
            self._channels_swapped.add(layer.id)
        self._writer.operator(code, sides, self._out(layer), (kind, options))

    def _side(self, layer: Layer, id_: str) -> int:
        values = self._constant(id_)
        if values is None:
            return self._tensors[id_]
        if values.ndim != 4 or values.shape[2:] != (1, 1):
            raise IRError("only one constant per channel is understood")
        flat = values.reshape(-1)
        if any(each in self._channels_swapped for each in layer.inputs):
            flat = flat[::-1]
        return self._half(f"c{layer.id}", np.ascontiguousarray(flat))

    def _prelu(self, layer: Layer) -> None:
        slope = self._constant(layer.inputs[1])
        if slope is None or slope.size != 1:
            raise IRError("PReLU with one constant slope is understood, no other")
        channels = layer.shape[1]
        alpha = self._half(
            f"a{layer.id}", np.full((1, 1, channels), slope.reshape(-1)[0], np.float16)
        )
        source = self._tensors[layer.inputs[0]]
        self._writer.operator(_OP.PRELU, [source, alpha], self._out(layer))

    def _pool(self, layer: Layer) -> None:
        height, width = self._layers[layer.inputs[0]].shape[2:]
        if numbers(layer.options["kernel"]) != (height, width):
            raise IRError("only an average over the whole picture is understood")
        options = schema.Pool2DOptionsT()
        options.padding = schema.Padding.VALID
        options.filterHeight, options.filterWidth = height, width
        options.strideH, options.strideW = height, width
        self._unary(layer, _OP.AVERAGE_POOL_2D, (_OPTIONS.Pool2DOptions, options))

    def _unary(
        self, layer: Layer, code: int, options: tuple[int, Any] | None = None
    ) -> None:
        source = self._tensors[layer.inputs[0]]
        self._writer.operator(code, [source], self._out(layer), options)


def _convolution_options(
    layer: Layer, grouped: bool, same: bool
) -> tuple[int, tuple[int, Any]]:
    options: Any
    if grouped:
        options = schema.DepthwiseConv2DOptionsT()
        options.depthMultiplier = 1
        code, kind = _OP.DEPTHWISE_CONV_2D, _OPTIONS.DepthwiseConv2DOptions
    else:
        options = schema.Conv2DOptionsT()
        code, kind = _OP.CONV_2D, _OPTIONS.Conv2DOptions
    options.strideH, options.strideW = numbers(layer.options["strides"])
    options.dilationHFactor = options.dilationWFactor = 1
    options.padding = schema.Padding.SAME if same else schema.Padding.VALID
    return code, (kind, options)


def _nhwc(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) != 4:
        raise IRError("only pictures (N, C, H, W) are understood")
    n, c, h, w = shape
    return n, h, w, c
