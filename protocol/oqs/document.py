"""XmlMsg / MessageHeader / MessageBody: read with suspicion, written with care.

We decode the text ourselves and hand the parser UTF-8: "Shift_JIS" means Windows'
cp932 here, which the parser's own table is not. A document type is refused before the
parser sees it, so no entity is ever declared.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from protocol.catalogue import Code
from protocol.oqs.errors import OqsError
from protocol.oqs.text import CHARACTER_CODE, DECLARED, Encoding, unwritable

ROOT: Final = "XmlMsg"
HEADER: Final = "MessageHeader"
BODY: Final = "MessageBody"
CHARACTER_CODE_ELEMENT: Final = "CharacterCodeIdentifier"
REPEATED: Final = frozenset(
    {
        "QualificationConfirmSearchInfo",
        "BulkConfirmUnit",
        "ResultOfQualificationConfirmation",
        "SpecificDiseasesCertificateInfo",
        "MedicalTicketInfo",
        "ReferenceNumberRegistrationInfo",
        "BulkRegistrationUnit",
        *("MeTrMonthInf", "DiDateInf", "DrugInf", "MeTrInf"),
        *("SpecificHealthCheckupInfo", "HealthCheckupResultAndQuestionInfo"),
    }
)
"""What may stand more than once in one element. Anything else that does is refused."""
_CHUNK: Final = 64 * 1024
_DEPTH: Final = 12
_DECLARATION: Final = re.compile(
    rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>|<\?xml[^>]*\?>"""
)
_DECLARED_AS: Final = {
    "utf-8": Encoding.UTF8,
    "utf8": Encoding.UTF8,
    **dict.fromkeys(
        ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms932"),
        Encoding.SHIFT_JIS,
    ),
}
_JAPANESE: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uff01-\uff9f]")
_DOCTYPE: Final = "<!DOCTYPE"


class Element(NamedTuple):
    """An element with text, or with elements in it; their order is kept."""

    name: str
    text: str = ""
    parts: tuple["Element", ...] = ()

    def get(self, name: str) -> str:
        """The text of the element of that name, with its spaces; "" where absent."""
        for part in self.parts:
            if part.name == name:
                return part.text
        return ""

    def one(self, name: str) -> "Element | None":
        return next((part for part in self.parts if part.name == name), None)

    def all(self, name: str) -> tuple["Element", ...]:
        return tuple(part for part in self.parts if part.name == name)

    def __repr__(self) -> str:
        """No text: a value may meet a log or a traceback."""
        return f"Element({self.name}, {len(self.parts)} parts)"


class Document(NamedTuple):
    header: Element
    body: Element
    encoding: Encoding


Pair = tuple[str, str]


def leaves(*pairs: Pair) -> tuple[Element, ...]:
    """Elements with text; what is empty is no element."""
    return tuple(Element(name, text) for name, text in pairs if text)


# -- reading -------------------------------------------------------------------------
class Reading:
    """One document from a file, header first, then each child of the body.

    Holds one of those at a time: 100,000 rows need no more memory than one. Iterating
    raises OqsError B151 to B157.
    """

    def __init__(
        self, source: IO[bytes], *, limit: int, repeated: frozenset[str] = REPEATED
    ) -> None:
        self._source = source
        self._limit = limit
        self._repeated = repeated
        self.encoding = Encoding.UTF8
        """As declared; right from the first element on."""

    def __iter__(self) -> Iterator[Element]:
        parser = etree.XMLPullParser(
            events=("start", "end"),
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        walk = _Walk(self)
        try:
            for text in self._text():
                parser.feed(text.encode())
                yield from walk.on(parser.read_events())
            parser.close()
            yield from walk.on(parser.read_events())
        except etree.XMLSyntaxError as error:
            raise OqsError(Code.OQS_UNREADABLE, _where(error)) from None
        walk.finish()

    def converted(self, found: Any, place: str, depth: int = 0) -> Element:
        """The parser's element as ours; children are counted, texts checked."""
        if depth > _DEPTH:
            raise OqsError(Code.OQS_UNREADABLE, place)
        name = str(found.tag)
        if not len(found):
            text = str(found.text or "")
            self._check(text, place)
            return Element(name, text)
        if _spoken(found.text) or any(_spoken(part.tail) for part in found):
            raise OqsError(Code.OQS_UNREADABLE, place)
        seen: set[str] = set()
        parts = []
        for part in found:
            inner = str(part.tag)
            self.once(inner, seen, place)
            parts.append(self.converted(part, f"{place}/{inner}", depth + 1))
        return Element(name, "", tuple(parts))

    def once(self, name: str, seen: set[str], place: str) -> None:
        if name in seen and name not in self._repeated:
            raise OqsError(Code.OQS_DUPLICATE, f"{place}/{name}")
        seen.add(name)

    def agree(self, header: Element) -> None:
        """The header's character code and the declaration are one."""
        stated = header.get(CHARACTER_CODE_ELEMENT)
        if stated and stated != CHARACTER_CODE[self.encoding]:
            raise OqsError(Code.OQS_ENCODING, f"{HEADER}/{CHARACTER_CODE_ELEMENT}")

    def _check(self, text: str, place: str) -> None:
        """A character reference must not carry what the encoding cannot."""
        if self.encoding is Encoding.UTF8 or text.isascii():
            return
        try:
            self.encoding.twins(text).encode(self.encoding)
        except UnicodeEncodeError as error:
            where = f"{place}, character {error.start + 1}"
            raise OqsError(Code.OQS_CHARACTER, where) from None

    def _text(self) -> Iterator[str]:
        """The file's text without its declaration, piece by piece."""
        first = self._source.read(_CHUNK)
        self.encoding, first = _declared(first)
        decoder = codecs.getincrementaldecoder(self.encoding.value)("strict")
        other = _Mistaken(self.encoding)
        size, tail, chunk = 0, "", first
        while True:
            size += len(chunk)
            if size > self._limit:
                raise OqsError(Code.OQS_TOO_LARGE, f"byte {self._limit + 1}")
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                raise OqsError(Code.OQS_ENCODING, f"near byte {size}") from None
            if other.is_utf8(chunk):
                raise OqsError(Code.OQS_ENCODING, "declaration")
            if _DOCTYPE in (tail + text).upper():
                raise OqsError(Code.OQS_ENTITY, "DOCTYPE")
            tail = (tail + text)[-len(_DOCTYPE) :]
            yield text
            if not chunk:
                return
            chunk = self._source.read(_CHUNK)


class _Walk:
    """Follows the parser's events and lets go of what has been handed out."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._path: list[str] = []
        self._tops: set[str] = set()
        self._in_body: set[str] = set()

    def on(self, events: Iterable[tuple[str, Any]]) -> Iterator[Element]:
        for event, found in events:
            if event == "start":
                self._begin(str(found.tag))
                continue
            place = "/".join(self._path[1:])
            self._path.pop()
            if len(self._path) == 1 and found.tag == HEADER:
                header = self._reading.converted(found, place)
                self._reading.agree(header)
                yield header
                found.clear(keep_tail=True)
            elif len(self._path) == 2 and self._path[1] == BODY:
                yield self._reading.converted(found, place)
                self._let_go(found)

    def _begin(self, name: str) -> None:
        depth = len(self._path)
        if depth == 0 and name != ROOT:
            raise OqsError(Code.OQS_UNREADABLE, ROOT)
        if depth == 1:
            if name not in (HEADER, BODY):
                raise OqsError(Code.OQS_VALUE, name)
            if name == BODY and HEADER not in self._tops:
                raise OqsError(Code.OQS_VALUE, HEADER)
            self._reading.once(name, self._tops, ROOT)
        if depth == 2 and self._path[1] == BODY:
            self._reading.once(name, self._in_body, BODY)
        self._path.append(name)
        if depth > _DEPTH:
            raise OqsError(Code.OQS_UNREADABLE, BODY)

    def _let_go(self, found: Any) -> None:
        # The one before: the parser still writes to the tail of this one.
        before = found.getprevious()
        if before is not None:
            if _spoken(before.tail):
                raise OqsError(Code.OQS_UNREADABLE, BODY)
            found.getparent().remove(before)
        found.clear(keep_tail=True)

    def finish(self) -> None:
        if self._tops != {HEADER, BODY}:
            raise OqsError(Code.OQS_VALUE, BODY)


def parse(
    content: bytes, *, limit: int, repeated: frozenset[str] = REPEATED
) -> Document:
    """A whole document in memory. Raises OqsError B151 to B157."""
    reading = Reading(io.BytesIO(content), limit=limit, repeated=repeated)
    header, *parts = reading
    return Document(header, Element(BODY, "", tuple(parts)), reading.encoding)


def _declared(first: bytes) -> tuple[Encoding, bytes]:
    """The encoding that the file declares (UTF-8 if none), and what follows."""
    first = first.removeprefix(codecs.BOM_UTF8)
    found = _DECLARATION.match(first)
    if found is None:
        return Encoding.UTF8, first
    name = (found[1] or b"utf-8").decode("ascii").lower()
    encoding = _DECLARED_AS.get(name)
    if encoding is None:
        raise OqsError(Code.OQS_ENCODING, "declaration")
    return encoding, first[found.end() :]


class _Mistaken:
    """UTF-8 that is declared as Shift_JIS: its bytes are Shift_JIS, too, of nonsense.

    Nobody's Shift_JIS is by chance UTF-8 throughout until the first kanji or kana.
    """

    def __init__(self, declared: Encoding) -> None:
        self._open = declared is Encoding.SHIFT_JIS
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")

    def is_utf8(self, chunk: bytes) -> bool:
        if not self._open:
            return False
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self._open = False
            return False
        return _JAPANESE.search(text) is not None


def _where(error: Any) -> str:
    """Only the place: the parser's own sentence may quote the file."""
    line, column = error.position
    return f"line {line}, column {column}"


def _spoken(text: object) -> bool:
    return bool(text) and not str(text).isspace()


# -- writing -------------------------------------------------------------------------
def written(
    header: Iterable[Element], body: Iterable[Element], encoding: Encoding
) -> bytes:
    """The whole file. Raises OqsError B157 with the place of the character."""
    return b"".join(pieces(header, body, encoding))


def pieces(
    header: Iterable[Element], body: Iterable[Element], encoding: Encoding
) -> Iterator[bytes]:
    """The file in parts, one per child of the body; raises OqsError B157."""
    code = Element(CHARACTER_CODE_ELEMENT, CHARACTER_CODE[encoding])
    top = Element(HEADER, "", (*header, code))
    yield (
        f'<?xml version="1.0" encoding="{DECLARED[encoding]}"?>\n'
        f"<{ROOT}>{fragment(top, encoding)}<{BODY}>"
    ).encode(encoding)
    for part in body:
        yield fragment(part, encoding).encode(encoding)
    yield f"</{BODY}></{ROOT}>\n".encode(encoding)


def fragment(element: Element, encoding: Encoding, place: str = "") -> str:
    """One element as text. Raises OqsError B157."""
    name, text, parts = element
    here = f"{place}/{name}" if place else name
    if parts:
        inner = "".join([fragment(part, encoding, here) for part in parts])
    elif not text:
        return f"<{name} />"
    else:
        inner = text
        if not (text.isascii() and text.isprintable()):
            inner = _checked(text, encoding, here)
        inner = escape(inner)
    return f"<{name}>{inner}</{name}>"


def _checked(text: str, encoding: Encoding, place: str) -> str:
    text = encoding.twins(text)
    at = unwritable(text, encoding)
    if at is not None:
        raise OqsError(Code.OQS_CHARACTER, f"{place}, character {at + 1}")
    return text
