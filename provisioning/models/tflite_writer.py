"""Write a TensorFlow Lite file: tensors, operators, one graph, byte for byte alike.

Operator versions are the oldest that mean what we need, so that tflite-runtime 2.14
reads the file as well as its successor.
"""

from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

FILE_IDENTIFIER = b"TFL3"
SCHEMA_VERSION = 3
ALIGNMENT = 16
"""schema.fbs: Buffer.data is force_align: 16; readers may take it in vectors."""

_TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "float16": schema.TensorType.FLOAT16,
    "int32": schema.TensorType.INT32,
}


class _AlignedBuffer(schema.BufferT):  # type: ignore[misc] # the schema is untyped
    """The generated Pack aligns bytes to one; the format asks for sixteen."""

    def Pack(self, builder: Any) -> Any:  # noqa: N802 - the schema's own name
        vector = None
        if self.data is not None:
            content = bytes(self.data)
            builder.StartVector(1, len(content), ALIGNMENT)
            builder.head -= len(content)
            builder.Bytes[builder.head : builder.head + len(content)] = content
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return schema.BufferEnd(builder)


class GraphWriter:
    """Collects one graph in the order of execution."""

    def __init__(self, description: str) -> None:
        self._description = description
        self._tensors: list[Any] = []
        self._buffers: list[Any] = [_AlignedBuffer()]
        self._codes: list[tuple[int, int]] = []
        self._operators: list[Any] = []

    def activation(self, name: str, shape: Sequence[int]) -> int:
        """A float32 tensor that is computed or given; its index."""
        return self._tensor(name, shape, "float32", 0)

    def constant(self, name: str, values: NDArray[Any]) -> int:
        """A tensor whose values stand in the file: float16, float32 or int32."""
        buffer = _AlignedBuffer()
        little = values.astype(values.dtype.newbyteorder("<"))
        buffer.data = np.ascontiguousarray(little).tobytes()
        self._buffers.append(buffer)
        return self._tensor(
            name, values.shape, values.dtype.name, len(self._buffers) - 1
        )

    def operator(
        self,
        code: int,
        inputs: Sequence[int],
        output: int,
        options: tuple[int, Any] | None = None,
        version: int = 1,
    ) -> int:
        """Append one operator; `options` is (BuiltinOptions kind, value)."""
        key = (code, version)
        if key not in self._codes:
            self._codes.append(key)
        made = schema.OperatorT()
        made.opcodeIndex = self._codes.index(key)
        made.inputs, made.outputs = list(inputs), [output]
        if options is not None:
            made.builtinOptionsType, made.builtinOptions = options
        self._operators.append(made)
        return output

    def finish(self, given: int, result: int) -> bytes:
        graph = schema.SubGraphT()
        graph.tensors, graph.operators = self._tensors, self._operators
        graph.inputs, graph.outputs = [given], [result]
        graph.name = "main"
        model = schema.ModelT()
        model.version = SCHEMA_VERSION
        model.description = self._description
        model.operatorCodes = [_code(*each) for each in self._codes]
        model.subgraphs, model.buffers = [graph], self._buffers
        builder = flatbuffers.Builder(1 << 22)
        builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
        return bytes(builder.Output())

    def _tensor(self, name: str, shape: Sequence[int], kind: str, buffer: int) -> int:
        made = schema.TensorT()
        made.name, made.shape = name, list(shape)
        made.type, made.buffer = _TYPES[kind], buffer
        self._tensors.append(made)
        return len(self._tensors) - 1


def _code(code: int, version: int) -> Any:
    made = schema.OperatorCodeT()
    made.builtinCode, made.version = code, version
    # Readers older than schema v3a look at this byte only.
    made.deprecatedBuiltinCode = min(code, 127)
    return made
