"""The reader's settings: one TOML file, one frozen tree (device/README.md).

An unknown key, a wrong type or a value out of bounds refuses to start and says which
key on which line. Secrets are paths to files, never values. A simulated part is
taken only where `[reader] simulated = true` says so.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from device.config_errors import (
    ConfigError,
    ConfigProblem,
    line_of,
    problems_of,
    whole_file,
)
from device.config_front import (
    CameraSection,
    KeypadSection,
    LightsSection,
    PanelSection,
    SoundSection,
    pins_of,
)
from device.config_policy import SessionError, session_policy
from device.config_values import APath, Section, from_text
from device.session.policy import Policy
from protocol.ids import AReaderId, FacilityCode
from protocol.oqs.text import Encoding
from ui_eink.views import Lang


def _facility(text: str) -> str:
    if not re.fullmatch(r"\d{10}", text) or not _luhn(text):
        raise ValueError("a facility code is 10 digits, the last one a check digit")
    return text


def _luhn(digits: str) -> bool:
    doubled = (
        sum(divmod(int(digit) * (2 if place % 2 else 1), 10))
        for place, digit in enumerate(reversed(digits))
    )
    return sum(doubled) % 10 == 0


def _encoding(value: object) -> object:
    names = {"utf-8": Encoding.UTF8, "shift_jis": Encoding.SHIFT_JIS}
    return names.get(value.lower(), value) if isinstance(value, str) else value


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=600)]
Transport = Literal["nfcpy", "pcsc"]
"""How the reader reaches a card."""
_LONGEST_NAME = 128
"""Of a PC/SC reader (MAX_READERNAME)."""


class ReaderSection(Section):
    id: AReaderId
    facility_code: Annotated[FacilityCode, AfterValidator(_facility)]
    home: APath
    """State of this reader: outbox, storage key."""
    simulated: bool = False
    language: Annotated[Lang, from_text(Lang)] = Lang.JA
    storage_key: APath | None = None
    """32 bytes; without it `storage.key` in the home, made at the first start."""


class BrokerSection(Section):
    host: Annotated[str, Field(min_length=1, max_length=253)]
    port: Port = 8883
    ca: APath
    certificate: APath
    key: APath
    """P-256: the reader's one identity, for the channel and for what it signs."""
    rest_s: Annotated[float, Field(ge=1, le=600)] = 60.0
    """The longest rest between two tries to reach a broker that is away."""


class CloudSection(Section):
    signing_key: APath
    """Public keys (PEM); two in the file while the cloud changes its key."""
    agreement_key: APath


def _card_device(text: str, info: ValidationInfo) -> str:
    if info.data.get("transport") == "pcsc":
        if not (text.isprintable() and 1 <= len(text.strip()) <= _LONGEST_NAME):
            raise ValueError("with pcsc this is a part of the reader's name")
    elif not re.fullmatch(r"usb(:[0-9a-f:]+)?|udp:[\w.-]+:\d+", text):
        raise ValueError("with nfcpy this is usb, usb:VENDOR:PRODUCT or udp:HOST:PORT")
    return text


class CardSection(Section):
    transport: Transport = "nfcpy"
    device: Annotated[str, AfterValidator(_card_device)]
    """nfcpy's path; with pcsc a part of the reader's name, e.g. "RC-S300"."""
    rate: Literal["auto", 106, 212, 424] = "auto"
    """nfcpy: the fastest kbit/s asked of a card; "auto" is 106 on readers of silicon,
    until one has been measured, and 424 on the virtual one."""
    issuer_keys: Annotated[tuple[APath, ...], BeforeValidator(_tuple)]
    """Public keys that sign the photo on genuine cards."""
    number_b: Literal["simulated", "keypad", "camera"] = "keypad"
    """Who reads 照合番号B; what cannot be read is typed at the reader in any case."""
    terminal: Literal["none"] | APath = "none"
    """Key of the fictitious terminal authenticator; real ones are not issued to us."""


class FaceSection(Section):
    mode: Literal["auto", "assist"]
    models: APath
    pack: Annotated[str, Field(min_length=1)]
    accept_indicative: Annotated[tuple[str, ...], BeforeValidator(_tuple)] = ()
    liveness: Literal["turn", "blink", "none"] = "turn"
    """What a match must be followed by to count; "blink" is the weaker one."""
    mirror: bool = False
    """Average every frame with its mirror picture: twice the work, a small gain."""
    false_match_rate: Annotated[float, Field(gt=0, le=0.01)] = 0.001
    """`auto`: what a calibration record must reach."""
    limit_s: Seconds = 20.0


class FacilitySection(Section):
    folder: APath
    encoding: Annotated[Encoding, BeforeValidator(_encoding)] = Encoding.UTF8


class BridgeSection(Section):
    """The receipt computer's requests, conveyed to the cloud. Absent: none are."""

    folder: APath
    """Has `req` and `res` in it; the receipt computer shares it."""
    url: Annotated[str, Field(pattern=r"^https://[^\s/?#]+/?$", max_length=300)]
    """Of the facilities' interface."""
    ca: APath
    certificate: APath
    """The facility's, not the reader's: it is the facility that asks."""
    key: APath
    staff_token: APath | None = None
    """A file with the token of who is signed in; without one, no records are read."""
    poll_s: Annotated[float, Field(ge=0.1, le=60)] = 1.0


class FrontSection(Section):
    """Keys, lights and screen in a browser, for a reader without hardware."""

    host: Literal["127.0.0.1"] = "127.0.0.1"
    """Loopback only: whoever reaches the page presses the patient's keys."""
    port: Port
    screens: APath
    tray: APath
    """Unix socket of the card tray (shikaku-sim)."""
    line: APath | None = None
    """Unix socket of the line to the broker (shikaku-sim line): its switch."""


class Config(Section):
    reader: ReaderSection
    broker: BrokerSection
    cloud: CloudSection
    card: CardSection
    face: FaceSection
    facility: FacilitySection
    bridge: BridgeSection | None = None
    front: FrontSection | None = None
    panel: PanelSection | None = None
    keypad: KeypadSection | None = None
    lights: LightsSection | None = None
    sound: SoundSection | None = None
    camera: CameraSection | None = None
    session: Annotated[dict[str, Any], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _simulated_parts_are_asked_for(self) -> Self:
        parts = {
            "card.number_b": self.card.number_b == "simulated",
            "card.device": self.card.transport == "nfcpy"
            and self.card.device.startswith("udp:"),
            "card.terminal": self.card.terminal != "none",
            "front": self.front is not None,
        }
        for key, simulated in parts.items():
            if simulated and not self.reader.simulated:
                raise ValueError(f"{key}: simulated, but reader.simulated is not true")
        if self.reader.simulated and self.front is None:
            raise ValueError("front: a simulated reader needs this section")
        return self

    @model_validator(mode="after")
    def _one_front(self) -> Self:
        """Hardware where the reader is real; a simulated one may have a camera."""
        hardware = {
            "panel": self.panel,
            "keypad": self.keypad,
            "lights": self.lights,
            "sound": self.sound,
        }
        for key, section in hardware.items():
            if section is not None and self.reader.simulated:
                raise ValueError(f"{key}: hardware, but reader.simulated is true")
        if self.camera is not None and not self.reader.simulated:
            if self.camera.source == "files":
                raise ValueError("camera.source: files, but a patient is no file")
            if self.camera.light is None:
                raise ValueError("camera.light: a camera without a light is hidden")
        self._no_pin_twice(hardware | {"camera": self.camera})
        return self

    def _no_pin_twice(self, sections: Mapping[str, Section | None]) -> None:
        taken: dict[int, str] = {}
        for key, section in sections.items():
            for name, pin in pins_of(section).items():
                here = f"{key} {name}"
                if pin in taken:
                    raise ValueError(f"{key}: GPIO{pin} is {here} and {taken[pin]}")
                taken[pin] = here

    @property
    def storage_key(self) -> Path:
        return self.reader.storage_key or self.reader.home / "storage.key"

    @property
    def outbox(self) -> Path:
        return self.reader.home / "outbox.sqlite"

    @property
    def lockout(self) -> Path:
        return self.reader.home / "lockout.json"

    @property
    def policy(self) -> Policy:
        """The visit's numbers. Raises SessionError; `load` has asked already."""
        base = Policy(
            mode=self.face.mode,
            terminal=self.card.terminal != "none",
            lang=self.reader.language,
            simulated=self.reader.simulated,
        )
        return session_policy(self.session, base)


def load(path: Path) -> Config:
    """Read and check the file. ConfigError (D702) says every problem in it."""
    try:
        text = path.read_text("utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        raise whole_file(path, error.strerror or "not readable") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise whole_file(path, f"not TOML: {error}") from error
    return parse(tree, text, path)


def parse(tree: Mapping[str, Any], text: str, path: Path) -> Config:
    """The tree of `text`; `path` gives names to relative paths and to errors."""
    try:
        config = Config.model_validate(tree, context={"folder": path.parent})
        _ = config.policy
    except ValidationError as error:
        raise ConfigError(path, problems_of(error, text)) from None
    except SessionError as error:
        key = f"session.{error.key}"
        problem = ConfigProblem(key, line_of(text, key), error.reason)
        raise ConfigError(path, (problem,)) from None
    return config
