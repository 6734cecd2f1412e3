"""What the registry must know before the first patient comes, as import files."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from device.simulated.persona import Insurance
from provisioning.demo.cards import Made
from provisioning.demo.desk import FACILITY, READER
from provisioning.demo.keys import Keys


def persons_file(path: Path, made: tuple[Made, ...], today: date) -> Path:
    """For `shikaku-cloud import persons`. Whom no insurer knows is not in it."""
    known = [
        _person(one, insurance, today)
        for one in made
        if (insurance := one.persona.insurance)
    ]
    return _write(path, known)


def readers_file(path: Path, keys: Keys) -> Path:
    """For `shikaku-cloud import readers`."""
    return _write(
        path,
        [
            {
                "reader_id": READER,
                "facility_code": FACILITY,
                "public_key": keys.reader_public.read_text("ascii"),
            }
        ],
    )


def _person(made: Made, insurance: Insurance, today: date) -> dict[str, Any]:
    persona = made.persona
    began = today - timedelta(days=insurance.since_days)
    return {
        "certificate_sha256": made.certificate_sha256,
        "name": persona.name,
        "name_kana": persona.name_kana,
        "sex": persona.sex,
        "birth_date": persona.born(today).isoformat(),
        "address": persona.address,
        "post_number": persona.post_number,
        "registered": persona.registered,
        "insurances": [
            insurance.model_dump(exclude={"since_days"})
            | {"valid_from": began.isoformat()}
        ],
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    path.chmod(0o600)
    return path
