"""What makes one fictitious person: the parameters of a head, parsed once."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Shape = Annotated[float, Field(ge=-2.5, le=2.5)]
"""About a standard deviation of our own fictitious population per unit; 0: average."""
Part = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=2)]
Level = Annotated[int, Field(ge=0, le=255)]
Colour = tuple[Level, Level, Level]


class HeadError(ValueError):
    """These parameters describe no head."""


class Features(BaseModel):
    """All parameters with their neutral values; a persona names what differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    """Small irregularities of shape and skin."""

    face_width: Shape = 0
    face_height: Shape = 0
    jaw_width: Shape = 0
    chin_length: Shape = 0
    chin_out: Shape = 0
    cheekbone: Shape = 0
    cheek: Shape = 0
    temple: Shape = 0
    forehead: Shape = 0
    nose_width: Shape = 0
    nose_length: Shape = 0
    nose_out: Shape = 0
    nose_bridge: Shape = 0
    nose_hump: Shape = 0
    nose_tip: Shape = 0
    eye_spread: Shape = 0
    eye_size: Shape = 0
    eye_tilt: Shape = 0
    eye_height: Shape = 0
    eye_open: Shape = 0
    eye_deep: Shape = 0
    brow_ridge: Shape = 0
    mouth_width: Shape = 0
    mouth_height: Shape = 0
    mouth_smile: Shape = 0
    upper_lip: Shape = 0
    lower_lip: Shape = 0
    lips_out: Shape = 0

    skin: Colour = (210, 166, 136)
    hair: Colour = (30, 25, 23)
    iris: Colour = (48, 32, 22)
    lips: Colour = (178, 98, 90)
    clothes: Colour = (70, 85, 110)

    brow_thick: Amount = 1.0
    brow_arch: Shape = 0
    brow_height: Shape = 0
    brow_dark: Part = 0.85
    lid_fold: Part = 0.4
    lashes: Part = 0.6
    redness: Amount = 0.8
    age: Part = 0.0
    moles: Annotated[int, Field(ge=0, le=6)] = 0
    stubble: Part = 0.0
    beard: Part = 0.0
    moustache: Part = 0.0

    hairline: Shape = 0
    receding: Part = 0.0
    bald: Part = 0.0
    hair_volume: Amount = 1.0
    fringe: Part = 0.0
    parting: Annotated[float, Field(ge=-1, le=1)] = 0.0
    long_hair: Annotated[float, Field(ge=0, le=1.3)] = 0.0
    waves: Part = 0.0
    glasses: Annotated[int, Field(ge=0, le=4)] = 0
    """0 none; 1 dark oblong, 2 dark round, 3 thin gold, 4 thin silver."""


def features(parameters: Mapping[str, Any]) -> Features:
    """Raises HeadError on unknown names and on values out of bounds."""
    try:
        return Features.model_validate(dict(parameters))
    except ValidationError as error:
        names = sorted({str(item["loc"][0]) for item in error.errors() if item["loc"]})
        raise HeadError(f"not a head: {', '.join(names)}") from error
