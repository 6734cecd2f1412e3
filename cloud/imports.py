"""Files that bring readers and insured persons in: JSON lists, read strictly.

Both imports are idempotent: the same file twice changes nothing.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from cloud.errors import InputError
from cloud.facilities.model import Reader
from cloud.registry.model import (
    ASSISTANCE,
    CertificateLink,
    Insurance,
    LinkKind,
    Person,
)
from cloud.registry.service import Record
from protocol.codes import Relationship, Sex
from protocol.ids import AReaderId
from protocol.keys import key_id, load_signing_key, spki
from protocol.numbers import facility_code, insurer_number, public_expense_number


def _bytes(value: object) -> object:
    return bytes.fromhex(value) if isinstance(value, str) else value


Hex = Annotated[bytes, BeforeValidator(_bytes)]
Digest = Annotated[Hex, Field(min_length=32, max_length=32)]


class Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReaderLine(Line):
    reader_id: AReaderId
    facility_code: Annotated[str, AfterValidator(lambda text: facility_code(text))]
    public_key: str
    """PEM (SubjectPublicKeyInfo) of the reader's P-256 identity key."""
    certificate_fingerprint: Digest | None = None
    not_before: Annotated[int, Field(ge=0)] = 0
    not_after: Annotated[int, Field(ge=0)] = 1 << 53
    revoked: bool = False

    def reader(self) -> Reader:
        """Raises ValueError for a key that is not P-256 in PEM."""
        loaded = load_pem_public_key(self.public_key.encode())
        key = load_signing_key(
            loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        )
        return Reader(
            self.reader_id,
            facility_code(self.facility_code),
            key_id(key),
            spki(key),
            self.certificate_fingerprint or b"",
            self.not_before,
            self.not_after,
            self.revoked,
        )


class InsuranceLine(Line):
    card_classification: str
    insurer_number: str
    insurer_name: str
    relationship: Relationship
    valid_from: date
    valid_until: date | None = None
    symbol: str = ""
    number: str = ""
    branch: str = ""
    insured_name: str = ""
    loss_reason: str = ""
    copayment_ratio: str = ""
    copayment_limit: str = ""
    unregistered: bool = False

    @model_validator(mode="after")
    def _numbered(self) -> "InsuranceLine":
        assistance = self.card_classification == ASSISTANCE
        check = public_expense_number if assistance else insurer_number
        check(self.insurer_number)
        return self

    def insurance(self) -> Insurance:
        return Insurance(**dict(self))


class PersonLine(Line):
    certificate_sha256: Digest | None
    subject_key_id: Hex | None = None
    name: str
    name_kana: str
    sex: Sex
    birth_date: date
    address: str = ""
    post_number: str = ""
    registered: bool = True
    hold: bool = False
    insurances: tuple[InsuranceLine, ...] = ()

    def record(self) -> Record:
        person = Person(
            self.name,
            self.name_kana,
            self.sex,
            self.birth_date,
            self.address,
            self.post_number,
            self.registered,
            self.hold,
            tuple(line.insurance() for line in self.insurances),
        )
        return Record(self._reference(), person, tuple(self._links()))

    def _links(self) -> Iterator[CertificateLink]:
        if self.certificate_sha256:
            yield CertificateLink(LinkKind.CERTIFICATE, self.certificate_sha256)
        if self.subject_key_id:
            yield CertificateLink(LinkKind.SUBJECT_KEY, self.subject_key_id)

    def _reference(self) -> bytes:
        """The certificate; for a person without one, all that identifies them."""
        if self.certificate_sha256:
            return self.certificate_sha256
        parts = [self.name_kana, self.birth_date.isoformat(), self.sex, self.name]
        for line in self.insurances:
            parts += [line.insurer_number, line.symbol, line.number, line.branch]
        return hashlib.sha256("\x1f".join(parts).encode()).digest()


_READERS = TypeAdapter(list[ReaderLine])
_PERSONS = TypeAdapter(list[PersonLine])


def readers(file: Path) -> list[Reader]:
    """Raises InputError, which says where the file is wrong."""
    try:
        return [line.reader() for line in _READERS.validate_json(_content(file))]
    except ValidationError as error:
        raise InputError(_where(file, error)) from error
    except ValueError as error:
        raise InputError(f"{file}: {error}") from error


def persons(file: Path) -> list[Record]:
    """Raises InputError, which says where the file is wrong and quotes nobody."""
    try:
        return [line.record() for line in _PERSONS.validate_json(_content(file))]
    except ValidationError as error:
        raise InputError(_where(file, error)) from None
    except ValueError as error:
        raise InputError(f"{file}: {error}") from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def _where(file: Path, error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{file}: {place or 'file'}: {first['msg']}"
