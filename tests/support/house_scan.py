"""Does a byte string hold something of a person, in any form that a program makes?"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from device.simulated.card.persona_card import holder_of
from device.simulated.persona import Persona

SHORTEST_IN_BASE64 = 6
"""Fewer bytes would be found by chance in every long text."""


SHORTEST_NUMBER = 4
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIMES = re.compile(
    rb'"(?:card|face|round_trip|total_machine|ms|steps)": ?\d+|\b\d+ ms\b'
)
WORKER = re.compile(rb"cloud-\d+-\d+")


@dataclass(frozen=True)
class Secret:
    """One value of one person, or of a key."""

    what: str
    value: str | bytes

    @cached_property
    def plain(self) -> tuple[bytes, ...]:
        """The value as bytes, in every code that this product or a log could use."""
        if isinstance(self.value, bytes):
            return (self.value,)
        texts = {self.value}
        folded = unicodedata.normalize("NFKC", self.value)
        if not folded.isdigit():
            texts |= {folded, folded.replace(" ", "")}
        codes = ("utf-8", "cp932", "utf-16-le", "utf-16-be")
        return tuple({text.encode(code, "replace") for text in texts for code in codes})

    @cached_property
    def digits(self) -> bool:
        return (
            isinstance(self.value, str)
            and self.value.isascii()
            and self.value.isdigit()
        )

    @cached_property
    def forms(self) -> tuple[bytes, ...]:
        return tuple({form for plain in self.plain for form in self._forms(plain)})

    def _forms(self, plain: bytes) -> Iterator[bytes]:
        for bytes_ in (plain, plain[::-1]):
            yield bytes_
            yield bytes_.hex().encode()
            yield bytes_.hex().upper().encode()
        if len(plain) >= SHORTEST_IN_BASE64:
            yield from _base64(plain)
        if self.digits and len(plain) >= 8 and len(plain) % 2 == 0 and plain.isdigit():
            yield bytes.fromhex(plain.decode())
        if isinstance(self.value, str):
            yield repr(self.value)[1:-1].encode("unicode_escape")

    def found_in(self, data: bytes) -> bool:
        if self.digits and len(self.value) < 8:
            return self._digits_in(data)
        return any(form in data for form in self.forms)

    def _digits_in(self, data: bytes) -> bool:
        """A short number counts where it stands alone, or is spelled digit by digit."""
        assert isinstance(self.value, str)
        alone = "|".join((self.value, self.value[::-1], self.value.encode().hex()))
        spelled = r"[^0-9A-Za-z]{1,4}".join(self.value)
        pattern = rf"(?<![0-9A-Za-z])(?:{alone}|{spelled})(?![0-9A-Za-z])"
        if re.search(pattern.encode(), data):
            return True
        return self.value.encode("utf-16-le") in data


def _base64(plain: bytes) -> Iterator[bytes]:
    """The characters that do not depend on what stands before and after."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(before) + plain)
            first = (before * 8 + 5) // 6
            yield whole[first : (before + len(plain)) * 8 // 6]


def of_person(persona: Persona, today: date) -> Iterator[Secret]:
    """What nobody may learn from anything but the registry and the result file."""
    born = persona.born(today)
    insurance = persona.insurance
    values = {
        "PIN": persona.pin,
        "security code": persona.security_code,
        "照合番号B": holder_of(persona, b"", today).number_b,
        "name": persona.name,
        "kana": persona.name_kana,
        "family name": persona.name.split("\u3000")[0],
        "roman name": persona.name_roman,
        "address": persona.address,
        "post number": persona.post_number,
        "birth date": born.isoformat(),
        "birth date, digits": born.strftime("%Y%m%d"),
        "insurer number": insurance.insurer_number if insurance else "",
        "insurer name": insurance.insurer_name if insurance else "",
        "symbol": insurance.symbol if insurance else "",
        "number": insurance.number if insurance else "",
    }
    for what, value in values.items():
        folded = unicodedata.normalize("NFKC", value)
        if value and not (value.isascii() and len(value) < SHORTEST_NUMBER):
            yield Secret(f"{what} of {persona.id}", value)
        if folded != value and folded.isdigit() and len(folded) >= SHORTEST_NUMBER:
            yield Secret(f"{what} of {persona.id}", folded)


def found(data: bytes, secrets: Iterable[Secret]) -> list[str]:
    """What of these is in it, by name and never by value."""
    return [secret.what for secret in secrets if secret.found_in(data)]


def without_chance(data: bytes) -> bytes:
    """Random ids, durations and process numbers out: any may be somebody's PIN."""
    return WORKER.sub(b"cloud", TIMES.sub(b"ms", UUID.sub(b"id", data)))
