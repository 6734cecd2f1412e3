"""Our converter: byte for byte alike, and the same network as the publisher's."""

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from device.adapters.face_tflite import RUNTIMES
from device.face.pack import self_test_passes, self_test_picture
from provisioning.models.ir import IRError, read_ir
from provisioning.models.ir2tflite import convert
from provisioning.models.known import known_packs
from provisioning.models.tflite_writer import ALIGNMENT

STEM = "face-reidentification-retail-0095.FP16"
Array = NDArray[np.float32]


@pytest.fixture(scope="module")
def sources(publisher_files: Path) -> tuple[bytes, bytes]:
    xml, weights = (publisher_files / f"{STEM}.{end}" for end in ("xml", "bin"))
    return xml.read_bytes(), weights.read_bytes()


@pytest.fixture(scope="module")
def converted(sources: tuple[bytes, bytes]) -> bytes:
    return convert(*sources)


@pytest.fixture(params=RUNTIMES)
def run(request: pytest.FixtureRequest) -> Callable[[bytes, Array], Array]:
    factory: Any = import_module(f"{request.param}.interpreter").Interpreter

    def once(content: bytes, picture: Array) -> Array:
        interpreter = factory(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
        interpreter.invoke()
        output = interpreter.get_output_details()[0]["index"]
        vector: Array = interpreter.get_tensor(output)[0]
        return np.asarray(vector / np.linalg.norm(vector))

    return once


def test_the_conversion_is_reproducible_and_pinned(
    sources: tuple[bytes, bytes], converted: bytes
) -> None:
    assert convert(*sources) == converted
    pinned = known_packs()["intel-reid-0095"].embedding
    assert sha256(converted).hexdigest() == pinned.sha256
    assert len(converted) == pinned.bytes


def test_it_is_the_same_network_in_both_runtimes(
    converted: bytes, publisher_files: Path, run: Callable[[bytes, Array], Array]
) -> None:
    reference = publisher_files / "reference_f16.tflite"
    if not reference.is_file():
        pytest.skip("no reference conversion beside the publisher's files")
    random = np.random.default_rng(95)
    for _ in range(3):
        chip = random.integers(0, 256, (1, 128, 128, 3)).astype(np.float32)
        ours, theirs = run(converted, chip), run(reference.read_bytes(), chip)
        assert float(ours.astype(np.float64) @ theirs) >= 0.999999


def test_the_self_test_catches_a_wrong_channel_order(
    converted: bytes, run: Callable[[bytes, Array], Array]
) -> None:
    expected = known_packs()["intel-reid-0095"].embedder.self_test
    ramp = self_test_picture(128)
    assert self_test_passes(run(converted, ramp), expected)
    assert not self_test_passes(run(converted, ramp[..., ::-1].copy()), expected)


def test_every_constant_stands_on_sixteen_bytes(converted: bytes) -> None:
    model = schema.Model.GetRootAs(converted, 0)
    starts = [
        model.Buffers(index)._tab.Vector(model.Buffers(index)._tab.Offset(4))
        for index in range(model.BuffersLength())
        if model.Buffers(index).DataLength()
    ]
    assert len(starts) > 200
    assert {start % ALIGNMENT for start in starts} == {0}


def test_operator_versions_are_old_enough_for_tflite_runtime(converted: bytes) -> None:
    model = schema.Model.GetRootAs(converted, 0)
    codes = [model.OperatorCodes(i) for i in range(model.OperatorCodesLength())]
    versions = {code.BuiltinCode(): code.Version() for code in codes}
    assert versions.pop(schema.BuiltinOperator.DEQUANTIZE) == 3
    assert set(versions.values()) == {1}


SMALL_XML = """<net><layers>
<layer id="0" type="Parameter"><data shape="1,3,4,4"/>
 <output><port><dim>1</dim><dim>3</dim><dim>4</dim><dim>4</dim></port></output></layer>
<layer id="1" type="{kind}"><data {data}/>
 <output><port><dim>1</dim><dim>3</dim><dim>4</dim><dim>4</dim></port></output></layer>
</layers><edges>{edges}</edges></net>"""
EDGE = '<edge from-layer="0" from-port="0" to-layer="1" to-port="0"/>'


def test_a_layer_that_is_not_understood_is_refused() -> None:
    xml = SMALL_XML.format(kind="Softmax", data="", edges=EDGE).encode()
    with pytest.raises(IRError, match="Softmax"):
        convert(xml, b"")


@pytest.mark.parametrize(
    "data",
    [
        'element_type="f32" shape="2" offset="0" size="8"',
        'element_type="f16" shape="2" offset="6" size="4"',
        'element_type="f16" shape="3" offset="0" size="4"',
    ],
)
def test_weights_that_are_not_there_are_refused(data: str) -> None:
    xml = SMALL_XML.format(kind="Const", data=data, edges="").encode()
    with pytest.raises(IRError):
        read_ir(xml, bytes(8))


def test_what_is_not_xml_is_refused() -> None:
    with pytest.raises(IRError):
        read_ir(b"<net><layers>", b"")
