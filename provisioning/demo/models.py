"""Which face pack the desk uses: the recommended one if it can be had, else assist."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.adapters.model_folder import SHIPPED
from provisioning.models.install import InstallError, install

RECOMMENDED = "intel-reid-0095"
ACCEPTED = ("reid-mean5-0.42",)
"""Indicative records that this demo, with rendered faces only, accepts by name."""


@dataclass(frozen=True, slots=True)
class Face:
    mode: str
    pack: str
    accept_indicative: tuple[str, ...]
    models: Path
    """The folder below which installed packs lie."""


def choose(home: Path, *, assist: bool, say: Callable[[str], None]) -> Face:
    """Install the recommended pack, or say plainly why the reader only assists."""
    models = home / "models"
    if assist:
        say("face: assist mode, as asked; staff or the PIN confirm every face")
        return Face("assist", SHIPPED, (), models)
    try:
        install(RECOMMENDED, home, None, say)
    except InstallError as error:
        say(f"face: {error}")
        say("face: ASSIST MODE with the shipped pack; staff or the PIN confirm")
        return Face("assist", SHIPPED, (), models)
    say(f"face: auto mode, {RECOMMENDED}, indicative record accepted by name")
    return Face("auto", RECOMMENDED, ACCEPTED, models)
