"""Asking a simulated part over its unix socket: a JSON line there, a JSON line back."""

import asyncio
import json
from pathlib import Path
from typing import Any

PATIENCE_S = 5.0
LONGEST_LINE = 64 * 1024


class UnreachableError(OSError):
    """Nobody answers on the part's socket, or not in a way that can be understood."""


class RefusedError(ValueError):
    """The part answered, and will not do it."""


async def ask(part: str, path: Path, request: dict[str, Any]) -> dict[str, Any]:
    """What it answers, also when it refuses. `part` is its name in an error.

    Raises UnreachableError.
    """
    try:
        answer = json.loads(await _exchange(path, json.dumps(request).encode() + b"\n"))
    except (OSError, EOFError, asyncio.LimitOverrunError) as error:
        raise UnreachableError(f"{part} does not answer") from error
    except ValueError as error:
        raise UnreachableError(f"{part} does not speak JSON") from error
    if not isinstance(answer, dict):
        raise UnreachableError(f"{part} does not answer with an object")
    return answer


async def _exchange(path: Path, line: bytes) -> bytes:
    async with asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_LINE)
        try:
            writer.write(line)
            return await reader.readuntil(b"\n")
        finally:
            writer.close()
            await writer.wait_closed()
