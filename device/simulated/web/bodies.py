"""What may be posted, as values: unknown fields and other kinds are refused."""

from typing import Annotated, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from device.ports import Key, VoiceKey
from device.simulated.heads import Light, Occluder
from device.simulated.web.guard import BadInputError

MOST_JSON_BYTES = 4096


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardBody(Body):
    persona: str | None


KEYS: dict[str, Key | VoiceKey] = {key.value: key for key in (*Key, *VoiceKey)}


def _key(value: object) -> Key | VoiceKey:
    if not isinstance(value, str) or value not in KEYS:
        raise ValueError(f"one of {', '.join(KEYS)}")
    return KEYS[value]


class KeyBody(Body):
    key: Annotated[Key | VoiceKey, PlainValidator(_key)]


class PersonBody(Body):
    """What is not named stays; `persona` steps in upright, null: nobody."""

    persona: str | None = None
    yaw: Annotated[float, Field(ge=-80, le=80)] | None = None
    """Degrees; + turns the face to the right of the picture."""
    pitch: Annotated[float, Field(ge=-45, le=45)] | None = None
    distance: Annotated[float, Field(ge=20, le=300)] | None = None
    """Centimetres from the camera."""
    light: Light | None = None
    occluder: Occluder | Literal["none"] | None = None


B = TypeVar("B", bound=Body)


async def body(request: web.Request, kind: type[B]) -> B:
    """Raises BadInputError with a sentence."""
    if request.content_type != "application/json":
        raise BadInputError("send application/json")
    if (request.content_length or 0) > MOST_JSON_BYTES:
        raise BadInputError(f"send at most {MOST_JSON_BYTES} bytes of JSON")
    raw = await request.read()
    if len(raw) > MOST_JSON_BYTES:
        raise BadInputError(f"send at most {MOST_JSON_BYTES} bytes of JSON")
    try:
        return kind.model_validate_json(raw)
    except ValidationError as error:
        raise BadInputError(_reason(error)) from None


def _reason(error: ValidationError) -> str:
    """The first complaint, without repeating what was sent: it may be a PIN."""
    first = error.errors(include_input=False, include_url=False, include_context=False)
    where = ".".join(str(part) for part in first[0]["loc"]) or "body"
    return f"{where}: {first[0]['msg']}"
