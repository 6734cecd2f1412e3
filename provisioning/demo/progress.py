"""What a person sees while the desk is set up: one line a step, on stderr."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer


@dataclass(slots=True)
class Progress:
    total: int
    quiet: bool = False
    step: int = 0

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        self.step += 1
        begun = time.monotonic()
        self._say(f"[{self.step}/{self.total}] {what} ...", end="")
        yield
        self._say(f" {time.monotonic() - begun:.1f} s")

    def note(self, text: str) -> None:
        self._say(text)

    def count(self, text: str) -> None:
        """A part of the current step."""
        self._say(f" {text}", end="")

    def detail(self, text: str) -> None:
        """What a step has to tell, on a line of its own."""
        self._say(f"\n      {text}", end="")

    def _say(self, text: str, end: str = "\n") -> None:
        if not self.quiet:
            typer.echo(text + end, err=True, nl=False)
