"""Values that several sections of the configuration share."""

from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
)

from protocol.oqs.text import Encoding
from ui_eink.views import Lang


def _beside_the_file(path: Path, info: ValidationInfo) -> Path:
    """A relative path starts at the folder of the configuration file."""
    folder: Path = (info.context or {}).get("folder", Path())
    return (folder / path).absolute()


def from_text(kind: type[Path | Lang | Encoding]) -> BeforeValidator:
    """TOML knows text only; strict mode would ask for the Python value."""

    def convert(value: object) -> object:
        return kind(value) if isinstance(value, str) else value

    return BeforeValidator(convert)


APath = Annotated[Path, from_text(Path), AfterValidator(_beside_the_file)]


class Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False
    )
