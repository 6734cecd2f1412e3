"""Units of result files, quickly: most rows of a file differ in their texts alone.

`general` builds one element by element. Of each form (which elements there are) its
text becomes a template, and the next row of that form only fills it. What is of no
form, or has a character that needs care, goes through `general` again; a test holds
both to the same bytes.
"""

from collections.abc import Callable
from itertools import compress
from typing import Final

from cloud.bulk.answer import Record
from protocol.oqs.document import Element, fragment
from protocol.oqs.text import Encoding, full_width_space, half_width
from protocol.oqs.values import padded_insurer, ratio_text

_FORMS: Final = 256
_CAREFUL: Final = ("&", "<", ">")
General = Callable[[Record], Element]
Form = tuple[bool, ...]


class Units:
    """Of one file."""

    def __init__(self, general: General, encoding: Encoding) -> None:
        self._general = general
        self._encoding = encoding
        self._templates: dict[Form, str | None] = {}

    def text(self, record: Record) -> bytes:
        texts = _texts(record)
        if texts is None:
            return self._slow(record)
        form = tuple(map(bool, texts))
        if form not in self._templates:
            if len(self._templates) >= _FORMS:
                return self._slow(record)
            self._templates[form] = _template(self._general(record), sum(form))
        template = self._templates[form]
        filling = tuple(compress(texts, form))
        joined = "".join(filling)
        plain = joined.isprintable() or joined.replace("\u3000", "").isprintable()
        if template is None or not plain or any(one in joined for one in _CAREFUL):
            return self._slow(record)
        try:
            return (template % filling).encode(self._encoding)
        except UnicodeEncodeError:
            return self._slow(record)

    def _slow(self, record: Record) -> bytes:
        made = fragment(self._general(record), self._encoding)
        return made.encode(self._encoding)


def _texts(record: Record) -> tuple[str, ...] | None:
    """The leaves of an answered row with one insurance, in the order of the file.

    An empty one is no element. None: the row has more than these.
    """
    asked, code, _, validity, _, _, patient, insurances, consents = record
    if code or asked is None or patient is None or len(insurances) != 1 or consents:
        return None
    (one,) = insurances
    if one[13] or one[14] or one[15]:
        return None
    identifier, insurer, symbol, number, branch, born, limit = asked
    name, kana, birth, sex, address, post = patient
    until = (one[5] or "").replace("-", "")
    since = one[4].replace("-", "")
    consent = "1" if limit else "0"
    return (
        "1",
        *(identifier, insurer, symbol, number, branch, born.replace("-", "")),
        *("1" if limit else "", validity, one[0], padded_insurer(one[1])),
        *(one[6], one[7], one[8], one[3], full_width_space(one[9])),
        *(full_width_space(name), half_width(kana), sex, birth.replace("-", "")),
        *(address, post, since, until if one[10] else "", since, until),
        *(ratio_text(one[11]), one[10], one[2], consent, one[12] if limit else ""),
    )


def _template(made: Element, leaves: int) -> str | None:
    """None where it has other leaves than those counted."""
    form, found = _marked(made)
    return form if found == leaves else None


def _marked(element: Element) -> tuple[str, int]:
    name, text, parts = element
    if not parts:
        return (f"<{name}>%s</{name}>", 1) if text else (f"<{name} />", 0)
    marked = [_marked(part) for part in parts]
    inner = "".join(text for text, _ in marked)
    return f"<{name}>{inner}</{name}>", sum(count for _, count in marked)
