"""Log lines: JSON on stderr, facts with ids. Never a name, number, key or picture."""

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

LONGEST = 300


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            plain_facts,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def plain_facts(
    logger: object, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Short words and numbers pass. Bytes and whole objects could hold a person."""
    for key, value in line.items():
        if isinstance(value, str):
            line[key] = value[:LONGEST]
        elif not isinstance(value, int | float | None):
            line[key] = f"<{type(value).__name__} withheld>"
    return line
