"""Read an OpenVINO intermediate representation: layers as XML, weights as one file."""

from dataclasses import dataclass, field
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

Half = NDArray[np.float16]


class IRError(Exception):
    """The files are not the kind of network this converter understands."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    id: str
    kind: str
    shape: tuple[int, ...]
    """Of the only output (N, C, H, W for pictures); empty for the result."""
    inputs: tuple[str, ...]
    """Layer ids, by port."""
    options: dict[str, str]
    constant: Half | None = field(default=None, repr=False)


def read_ir(xml: bytes, weights: bytes) -> dict[str, Layer]:
    """Layers by id, producers before consumers, as in the file.

    Raises IRError when something is missing. `xml` is trusted: its hash is pinned.
    """
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 - pinned by SHA-256
    except ElementTree.ParseError as error:
        raise IRError("the .xml is not XML") from error
    feeds = _feeds(root)
    layers: dict[str, Layer] = {}
    for element in root.iterfind("./layers/layer"):
        layer = _layer(element, feeds, weights)
        if any(each not in layers for each in layer.inputs):
            raise IRError(f"layer {layer.id} stands before what feeds it")
        layers[layer.id] = layer
    if not layers:
        raise IRError("the .xml has no layers")
    return layers


def _feeds(root: ElementTree.Element) -> dict[str, dict[int, str]]:
    feeds: dict[str, dict[int, str]] = {}
    for edge in root.iterfind("./edges/edge"):
        ports = feeds.setdefault(edge.attrib["to-layer"], {})
        ports[int(edge.attrib["to-port"])] = edge.attrib["from-layer"]
    return feeds


def _layer(
    element: ElementTree.Element, feeds: dict[str, dict[int, str]], weights: bytes
) -> Layer:
    id_, kind = element.attrib["id"], element.attrib["type"]
    data = element.find("data")
    options = dict(data.attrib) if data is not None else {}
    ports = feeds.get(id_, {})
    return Layer(
        id_,
        kind,
        tuple(int(dim.text or "0") for dim in element.iterfind("./output/port/dim")),
        tuple(ports[port] for port in sorted(ports)),
        options,
        _constant(options, weights) if kind == "Const" else None,
    )


def _constant(options: dict[str, str], weights: bytes) -> Half:
    if options.get("element_type") != "f16":
        raise IRError("only half-precision weights are understood")
    start, length = int(options["offset"]), int(options["size"])
    shape = numbers(options["shape"])
    if start + length > len(weights) or length != 2 * int(np.prod(shape)):
        raise IRError("the .bin does not hold what the .xml says")
    flat = np.frombuffer(weights, dtype="<f2", count=length // 2, offset=start)
    return flat.reshape(shape)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.replace(" ", "").split(",") if each)
