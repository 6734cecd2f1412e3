"""What is wrong in a configuration file, and on which line."""

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from device.ports import PartError
from protocol.catalogue import Code


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong, and where."""

    key: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.key}: {self.reason}"


class ConfigError(PartError):
    """The file does not say what a reader needs to know (D702)."""

    def __init__(self, path: Path, problems: tuple[ConfigProblem, ...]) -> None:
        text = "; ".join(str(problem) for problem in problems)
        super().__init__(Code.CONFIG_WRONG, f"{path}: {text}")
        self.path = path
        self.problems = problems


def line_of(text: str, key: str) -> int | None:
    """The line of `section.key` in the file, or of its section; None if absent."""
    *sections, name = key.split(".")
    inside, section_line = "", None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\[\]]+)\]", line):
            inside = header[1].strip()
            if inside in {key, ".".join(sections)}:
                section_line = number
            if inside == key:
                return number
        elif inside == ".".join(sections) and re.match(
            rf"\s*\"?{re.escape(name)}\"?\s*=", line
        ):
            return number
    return section_line


def problems_of(error: ValidationError, text: str) -> tuple[ConfigProblem, ...]:
    return tuple(
        _problem(detail["type"], detail["loc"], detail["msg"], text)
        for detail in error.errors(include_url=False, include_input=False)
    )


def _problem(
    kind: str, place: tuple[int | str, ...], message: str, text: str
) -> ConfigProblem:
    reason = message.removeprefix("Value error, ")
    key = ".".join(str(part) for part in place[:2])
    if not place:
        # A rule over several sections names its key itself.
        key, _, reason = reason.partition(": ")
    if kind == "extra_forbidden":
        reason = "unknown key"
    if kind == "missing":
        reason = "is missing"
    return ConfigProblem(key, line_of(text, key), reason)


def whole_file(path: Path, reason: str) -> ConfigError:
    return ConfigError(path, (ConfigProblem("file", None, reason),))
