"""Templates and words make HTML. Pure: what it is given is all it knows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cloud.audit.model import HOUSE
from cloud.page.places import described
from cloud.page.words import PageWords
from cloud.page.words_en import EN
from cloud.page.words_ja import JA
from protocol.catalogue import Code, entry
from protocol.ids import FacilityCode

LANGUAGES: Final[Mapping[str, PageWords]] = {"ja": JA, "en": EN}
FOLDER: Final = Path(__file__).parent / "templates"
STYLE: Final = (FOLDER / "page.css").read_bytes()
STYLE_PATH: Final = "/page.css"

Name = Callable[[FacilityCode, str], str]
"""What a facility is called in a language."""


class Renderer:
    """Everything that goes into a page is escaped; a missing value is an error."""

    def __init__(self, name: Name = described) -> None:
        self._name = name
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def html(self, template: str, lang: str, here: str, **values: Any) -> str:
        """`here` is the page's own path, for the language link."""
        words = LANGUAGES[lang]
        return self._environment.get_template(f"{template}.html").render(
            w=words,
            here=here,
            style=STYLE_PATH,
            facility=self._of(words),
            problem=_problem(lang),
            **values,
        )

    def _of(self, words: PageWords) -> Callable[[FacilityCode], str]:
        def name(code: FacilityCode) -> str:
            return words.house if code == HOUSE else self._name(code, words.lang)

        return name


def _problem(lang: str) -> Callable[[Code], tuple[str, str]]:
    """What the patient reads of a code, and the one thing to do."""

    def lines(code: Code) -> tuple[str, str]:
        found = entry(code)
        return found.patient[lang], found.action[lang]

    return lines


def preferred(accepted: str) -> str:
    """A language of ours from Accept-Language; Japanese where neither is named."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:200].split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            q = float(weight or 1)
        except ValueError:
            continue
        base = name.strip().lower().partition("-")[0]
        if base in LANGUAGES:
            ranked.append((-q, place, base))
    return min(ranked)[2] if ranked else "ja"
