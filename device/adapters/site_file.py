"""Where a site's record lies: beside the installed pack, so that it outlives a repair.

<models>/NAME.site.json for the pack in <models>/NAME.
"""

import os
from pathlib import Path

from pydantic import ValidationError

from device.face.pack import Pack
from device.face.site import SiteRecord, with_site
from device.ports import PartError

MODEL_MISSING = "F204"


def site_path(pack_folder: Path) -> Path:
    return pack_folder.with_name(f"{pack_folder.name}.site.json")


def with_site_record(pack: Pack, pack_folder: Path) -> Pack:
    """The pack with its site's record, if there is one.

    Raises PartError F204 for one that is there and cannot be used: a reader does not
    silently decide by another record than the site expects.
    """
    path = site_path(pack_folder)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return pack
    except OSError as error:
        raise PartError(MODEL_MISSING, f"{path.name} cannot be read") from error
    try:
        return with_site(pack, SiteRecord.model_validate_json(content))
    except ValidationError as error:
        raise PartError(MODEL_MISSING, f"{path.name} is not a site record") from error


def write_site_record(record: SiteRecord, pack_folder: Path) -> Path:
    """Whole or not at all; an older record gives way. Raises OSError."""
    path = site_path(pack_folder)
    staged = path.with_name(f".{path.name}.new")
    with staged.open("w", encoding="utf-8") as file:
        file.write(record.model_dump_json(indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    staged.chmod(0o644)  # the reader is another user than the installer
    staged.replace(path)
    return path
