"""A record's status is checked against its own counts when it is loaded."""

from typing import Any

import pytest
from pydantic import ValidationError

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import shipped_folder
from device.face.calibration import Calibration, Rate
from device.face.pack import Pack
from provisioning.models.known import known_packs


def rate(errors: int, comparisons: int, **more: Any) -> dict[str, Any]:
    known = {"data": "site", "population": "patients", "people": 80}
    return known | {"errors": errors, "comparisons": comparisons} | more


def pairs(wrong: int, count: int, data: str = "site") -> dict[str, Any]:
    return rate(wrong, count * 10, data=data, units=count, units_in_error=wrong)


def record(status: str, *false_match: dict[str, Any], **changes: Any) -> Calibration:
    return Calibration.model_validate(
        {
            "name": "site-1",
            "rule": {"frames": 5, "mirror": False},
            "condition": "live-card",
            "detail": "this clinic's cards",
            "threshold": 0.4,
            "false_match_rate": 0.001,
            "false_match": false_match,
            "false_non_match": [],
            "status": status,
            "statement": "as counted",
            "date": "2026-11-26",
        }
        | changes
    )


def refused(status: str, *false_match: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="site-1"):
        record(status, *false_match)


def test_demonstrated_is_refused_where_the_bound_of_the_pairs_does_not_reach() -> None:
    refused("demonstrated", pairs(0, 2000))  # bound 0.15 %
    refused("demonstrated", pairs(1, 3000))
    assert record("demonstrated", pairs(0, 3000)).bound == pytest.approx(1e-3, rel=0.01)
    assert record("demonstrated", pairs(1, 4800)).demonstrates(0.001)


def test_many_comparisons_of_few_pairs_demonstrate_nothing() -> None:
    refused("demonstrated", rate(0, 1_000_000, units=45, units_in_error=0))


def test_pairs_that_were_not_counted_demonstrate_nothing() -> None:
    refused("demonstrated")
    refused("demonstrated", rate(0, 1_000_000))
    refused("demonstrated", pairs(0, 3000), rate(2, 500, data="b", units=50))


def test_sets_of_people_count_together_unless_one_speaks_against() -> None:
    assert record("demonstrated", pairs(0, 1500), pairs(0, 1500, "b"))
    refused("demonstrated", pairs(0, 50_000), pairs(3, 45, "b"))


def test_one_set_of_people_is_not_counted_twice() -> None:
    with pytest.raises(ValidationError, match="counted twice"):
        record("demonstrated", pairs(0, 1500), pairs(0, 1500))


def test_indicative_is_refused_where_one_point_estimate_does_not_reach() -> None:
    refused("indicative", rate(2, 1000))
    refused("indicative", rate(0, 100_000), rate(1, 45, data="b"))
    assert record("indicative", rate(1, 1000)).worst_point == 0.001


def test_indicative_is_refused_where_nothing_could_have_been_seen() -> None:
    refused("indicative")
    refused("indicative", rate(0, 999))
    assert record("indicative", rate(0, 1000)).indicates(0.001)


@pytest.mark.parametrize(
    "counts",
    [
        rate(11, 10),
        rate(0, 10, units=11, units_in_error=0),
        rate(1, 10, units=5, units_in_error=2),
        rate(6, 10, units=5, units_in_error=6),
        rate(1, 10, units=5, units_in_error=0),
        rate(0, 10, units_in_error=0),
        rate(0, 0),
        rate(-1, 10),
    ],
)
def test_counts_that_cannot_be_are_refused(counts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        record("none", counts)


def test_every_rate_has_its_interval() -> None:
    one = Rate.model_validate(pairs(0, 45))
    assert one.interval == pytest.approx((0.0, 0.00816), abs=1e-5)
    assert one.unit_interval == pytest.approx((0.0, 0.0787), abs=1e-4)


def test_a_pack_with_a_boast_is_not_loaded() -> None:
    boast = known_packs()["intel-reid-0095"].model_dump(mode="json")
    boast["embedder"]["calibrations"][0]["status"] = "demonstrated"
    with pytest.raises(ValidationError, match="do not demonstrate"):
        Pack.model_validate(boast)


def test_names_of_records_are_not_shared() -> None:
    doubled = known_packs()["intel-reid-0095"].model_dump(mode="json")
    doubled["embedder"]["calibrations"] *= 2
    with pytest.raises(ValidationError, match="its own"):
        Pack.model_validate(doubled)


def test_no_pack_here_claims_to_be_demonstrated() -> None:
    packs = [read_pack(shipped_folder()), *known_packs().values()]
    records = [each for pack in packs for each in pack.embedder.calibrations]
    assert {each.status for each in records} == {"none", "indicative"}
    assert all(each.false_match and each.statement for each in records)
    recommended = known_packs()["intel-reid-0095"].embedder.calibrations[0]
    assert recommended.bound == pytest.approx(0.0036, abs=1e-4)
