"""Where model packs lie: shipped with the product, or installed below one folder."""

from pathlib import Path

import device
from device.ports import PartError

SHIPPED = "dlib-resnet"
"""The pack that works out of the box, in assist mode only."""


def shipped_folder() -> Path:
    """Detector, mesh and the shipped pack."""
    return Path(device.__file__).parent / "models" / "default"


def pack_folder(name: str, models: Path) -> Path:
    """The folder of a pack: shipped, or below `models`. Raises PartError F204."""
    if name == SHIPPED:
        return shipped_folder()
    folder = models / name
    if not (folder / "manifest.json").is_file():
        raise PartError("F204", f"model pack {name} is not installed")
    return folder
