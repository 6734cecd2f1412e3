"""A message and its bytes (protocol/README.md 3): strict both ways.

Integers stay integers, text stays text: nothing is converted on the way in except
what CBOR cannot say (a code-list member is text, a tuple is an array).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError

from protocol import cbor
from protocol.errors import MalformedError, TooLargeError, VersionError
from protocol.messages import (
    VERSION,
    Answer,
    ConsentReceipt,
    ConsentRequest,
    Message,
    Refusal,
    RegistrationRequest,
    Request,
    VerificationAnswer,
    VerificationBody,
    VerificationRequest,
)

MAX_MESSAGE: Final = 16 * 1024
"""Bytes of one message; the biggest answer we know is below 8 KiB."""

Shape = Callable[[Any], Any]
M = TypeVar("M", bound=Message)


def encode(message: Message) -> bytes:
    """Deterministic CBOR of a message; every field is written."""
    data = cbor.dumps(message.model_dump())
    if len(data) > MAX_MESSAGE:
        raise TooLargeError("message longer than 16 KiB")
    return data


def decode_request(data: bytes) -> Request:
    """Parse a question to the cloud. Raises WireError."""
    return _decode(data, _REQUESTS)


def decode_body(data: bytes) -> VerificationBody:
    """Parse the bytes the card signed. Raises WireError."""
    return _decode(data, _BODIES)


def decode_answer(data: bytes) -> Answer:
    """Parse what the cloud answered. Raises WireError."""
    return _decode(data, _ANSWERS)


def _decode(data: bytes, readers: Mapping[str, Callable[[cbor.Map], M]]) -> M:
    if len(data) > MAX_MESSAGE:
        raise TooLargeError("message longer than 16 KiB")
    item = cbor.load_map(data)
    version = item.get("version")
    if type(version) is int and version != VERSION:
        raise VersionError("another version of the protocol")
    kind = item.get("kind")
    read = readers.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise MalformedError("unknown kind of message")
    return read(item)


def _reader_of(model: type[M]) -> Callable[[cbor.Map], M]:
    shape = _shape(model) or _same
    versioned = "version" in model.model_fields

    def read(item: cbor.Map) -> M:
        if versioned and "version" not in item:  # although it has a default
            raise MalformedError("no version")
        try:
            return model.model_validate(shape(item))
        except ValidationError:
            # pydantic's own text quotes the input: it must not travel further.
            raise MalformedError("fields do not fit the kind") from None

    return read


def _same(value: Any) -> Any:
    return value


def _shape(kind: Any) -> Shape | None:
    """How CBOR's value becomes Python's; None: it already is."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        (inner,) = [arg for arg in args if arg is not NoneType]
        return _shape(inner)
    if origin is Literal:
        return _literal_shape(frozenset(map(type, args)))
    if origin is tuple:
        return _tuple_shape(_shape(args[0]))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _member_shape({member.value: member for member in kind})
    if isinstance(kind, type) and issubclass(kind, Message):
        return _message_shape(kind)
    return None


def _tuple_shape(inner: Shape | None) -> Shape:
    def shape(value: Any) -> Any:
        if type(value) is not list:
            return value
        return tuple(map(inner, value)) if inner else tuple(value)

    return shape


def _literal_shape(kinds: frozenset[type]) -> Shape:
    """1 == True in Python: a literal must also have its own type."""

    def shape(value: Any) -> Any:
        if type(value) not in kinds:
            raise MalformedError("fields do not fit the kind")
        return value

    return shape


def _member_shape(members: Mapping[str, StrEnum]) -> Shape:
    return lambda value: members.get(value, value) if type(value) is str else value


def _message_shape(model: type[Message]) -> Shape | None:
    shapes = {
        name: inner
        for name, field in model.model_fields.items()
        if (inner := _shape(field.annotation))
    }

    def shape(value: Any) -> Any:
        if type(value) is dict:
            for name, inner in shapes.items():
                if name in value:
                    value[name] = inner(value[name])
        return value

    return shape if shapes else None


_REQUESTS: Final[Mapping[str, Callable[[cbor.Map], Request]]] = {
    "verification-request": _reader_of(VerificationRequest),
    "consent-request": _reader_of(ConsentRequest),
    "registration-request": _reader_of(RegistrationRequest),
}
_BODIES: Final[Mapping[str, Callable[[cbor.Map], VerificationBody]]] = {
    "verification": _reader_of(VerificationBody),
}
_ANSWERS: Final[Mapping[str, Callable[[cbor.Map], Answer]]] = {
    "verification-answer": _reader_of(VerificationAnswer),
    "consent-receipt": _reader_of(ConsentReceipt),
    "refusal": _reader_of(Refusal),
}
