"""The catalogue: packs that can be installed, with pinned sources, as data."""

from importlib import resources
from pathlib import Path

from device.face.pack import Pack

CATALOGUE = Path(str(resources.files("provisioning.models"))) / "catalogue"


def known_packs(folder: Path = CATALOGUE) -> dict[str, Pack]:
    """Pack id to the manifest that its installation will carry."""
    packs = [
        Pack.model_validate_json(path.read_bytes())
        for path in sorted(folder.glob("*.json"))
    ]
    return {pack.id: pack for pack in packs}
