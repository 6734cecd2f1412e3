"""Who may decide, and when a look matches: the default is no."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.adapters.model_folder import shipped_folder
from device.face.decision import ModeError, look_distance, matched, ruling
from device.face.matching import Embedding, Metric, distance, mean, normalised
from device.face.pack import Pack

SHIPPED = json.loads((shipped_folder() / "manifest.json").read_text("utf-8"))


def pack(status: str, *, assist_only: bool = False, **changes: Any) -> Pack:
    """Three thousand pairs of people without an error bound the rate at 1 in 1000."""
    changed: dict[str, Any] = json.loads(json.dumps(SHIPPED))
    changed["assist_only"] = assist_only
    seen = {"data": "site", "population": "patients", "errors": 0}
    seen |= {"comparisons": 3000, "units": 3000, "units_in_error": 0}
    record = changed["embedder"]["calibrations"][0]
    record |= {"name": "site-1", "status": status, "threshold": 0.4}
    record |= {"false_match": [seen], **changes}
    changed["embedder"]["calibrations"] = [record]
    return Pack.model_validate(changed)


def cosine(*values: float) -> Embedding:
    return Embedding(np.array(values, dtype=np.float32), "p/1", Metric.COSINE)


@pytest.mark.parametrize("status", ["demonstrated", "indicative", "none"])
@pytest.mark.parametrize("accepted", [(), ("site-1",)])
def test_a_pack_for_assistance_never_decides(
    status: str, accepted: tuple[str, ...]
) -> None:
    with pytest.raises(ModeError, match="assist"):
        ruling(pack(status, assist_only=True), "auto", accepted)


def test_a_record_that_says_nothing_never_decides() -> None:
    with pytest.raises(ModeError):
        ruling(pack("none"), "auto", ("site-1",))


@pytest.mark.parametrize("accepted", [(), ("site",), ("site-2",), ("",)])
def test_an_indicative_record_must_be_accepted_by_its_name(
    accepted: tuple[str, ...],
) -> None:
    with pytest.raises(ModeError, match="site-1"):
        ruling(pack("indicative"), "auto", accepted)


def test_an_accepted_indicative_record_decides() -> None:
    assert ruling(pack("indicative"), "auto", ("site-1",)).mode == "auto"


def test_a_demonstrated_record_decides() -> None:
    assert ruling(pack("demonstrated"), "auto", ()).mode == "auto"


@pytest.mark.parametrize("rate", [0.0009, 1e-4])
def test_a_demonstrated_record_decides_up_to_its_bound_only(rate: float) -> None:
    with pytest.raises(ModeError):
        ruling(pack("demonstrated"), "auto", (), rate)


def test_no_record_decides_at_a_rate_too_small_for_its_counts() -> None:
    with pytest.raises(ModeError, match=r"0\.0001"):
        ruling(pack("indicative"), "auto", ("site-1",), 1e-4)


def test_a_demonstrated_record_can_be_accepted_as_indicative_at_a_stricter_rate() -> (
    None
):
    stricter = ruling(pack("demonstrated"), "auto", ("site-1",), 0.0005)
    assert stricter.mode == "auto"


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": {"frames": 4, "mirror": False}},
        {"rule": {"frames": 6, "mirror": False}},
        {"rule": {"frames": 5, "mirror": True}},
        {"condition": "live-live"},
    ],
)
@pytest.mark.parametrize("mode", ["auto", "assist"])
def test_a_record_of_another_rule_or_condition_is_no_record(
    changes: dict[str, Any], mode: str
) -> None:
    with pytest.raises(ModeError, match="no record for mean of 5"):
        ruling(pack("demonstrated", **changes), mode, ("site-1",))


@pytest.mark.parametrize("status", ["demonstrated", "indicative", "none"])
def test_who_asks_for_assistance_gets_assistance(status: str) -> None:
    assert ruling(pack(status), "assist", ("site-1",)).mode == "assist"


@pytest.mark.parametrize("wanted", ["", "AUTO", "on"])
def test_an_unknown_mode_is_refused(wanted: str) -> None:
    with pytest.raises(ModeError):
        ruling(pack("demonstrated"), wanted, ())


def test_the_shipped_pack_cannot_decide() -> None:
    shipped = Pack.model_validate(SHIPPED)
    names = [each.name for each in shipped.embedder.calibrations]
    with pytest.raises(ModeError):
        ruling(shipped, "auto", names)


def test_the_threshold_itself_is_not_a_match() -> None:
    record = ruling(pack("indicative"), "assist", ()).calibration
    assert not matched(0.4, 5, record)
    assert matched(0.399, 5, record)


def test_fewer_frames_than_measured_never_match() -> None:
    record = ruling(pack("indicative"), "assist", ()).calibration
    assert not matched(0.0, 4, record)


def test_what_is_not_a_number_never_matches() -> None:
    record = ruling(pack("indicative"), "assist", ()).calibration
    assert not matched(float("nan"), 5, record)


def test_embeddings_of_two_packs_are_never_compared() -> None:
    other = Embedding(np.ones(2, dtype=np.float32), "q/1", Metric.COSINE)
    with pytest.raises(ValueError, match="never compared"):
        distance(cosine(1, 1), other)
    with pytest.raises(ValueError, match="never compared"):
        mean([cosine(1, 1), other])


def test_no_frame_outweighs_another_in_a_cosine_mean() -> None:
    together = mean([cosine(100, 0), cosine(0, 1)])
    assert together.vector == pytest.approx([0.5**0.5, 0.5**0.5])


def test_a_euclidean_mean_keeps_its_length() -> None:
    rows = [
        Embedding(np.array(each, dtype=np.float32), "p/1", Metric.EUCLIDEAN)
        for each in ([2.0, 0.0], [0.0, 2.0])
    ]
    assert mean(rows).vector == pytest.approx([1.0, 1.0])


def test_an_embedding_without_direction_is_an_error() -> None:
    with pytest.raises(ValueError, match="direction"):
        normalised(np.zeros(4, dtype=np.float32))


@given(st.lists(st.floats(-10, 10, width=32), min_size=4, max_size=4))
def test_a_cosine_distance_is_between_zero_and_two(values: list[float]) -> None:
    if np.linalg.norm(values) < 1e-3:
        return
    card = cosine(1, 2, -3, 4)
    assert -1e-5 <= look_distance([cosine(*values)], card) <= 2 + 1e-5
    assert look_distance([card, card], card) == pytest.approx(0, abs=1e-6)
