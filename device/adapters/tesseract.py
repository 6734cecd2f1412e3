"""Tesseract (Debian's tesseract-ocr) as a child process: digits in one line of print.

Pictures go in through stdin and letters come out through stdout; nothing touches a
disk, and no picture or letter is ever part of an error.
"""

import io
import re
import subprocess
from collections.abc import Sequence

from PIL import Image

from device.card.number_strip import Letter
from device.ports import PartError
from protocol.catalogue import Code

COMMAND = "tesseract"
# No whitelist: a letter in the answer says that the engine was not sure of a digit.
_OPTIONS = (
    "stdin",
    "stdout",
    "-l",
    "eng",
    "--psm",
    "7",
    "--dpi",
    "300",
    "-c",
    "load_system_dawg=0",
    "-c",
    "load_freq_dawg=0",
    "-c",
    "tessedit_create_hocr=1",
    "-c",
    "hocr_char_boxes=1",
)
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"}
_PAGE = re.compile(r"<div class='ocr_page'")
_LETTER = re.compile(
    r"<span class='ocrx_cinfo' title='x_bboxes (\d+) \d+ (\d+) \d+; x_conf ([\d.]+)'>"
    r"([^<]*)</span>"
)
"""hOCR, one span for each letter, as Tesseract 5 writes it."""


def read_lines(
    pictures: Sequence[Image.Image], timeout_s: float = 10.0, command: str = COMMAND
) -> list[list[Letter]]:
    """The letters on each picture, all in one run. Raises PartError D704."""
    if not pictures:
        return []
    answer = _ran((command, *_OPTIONS), _pages(pictures), timeout_s)
    found = _PAGE.split(answer.decode("utf-8", "replace"))[1:]
    if len(found) != len(pictures):
        raise PartError(Code.SELFTEST_FAILED, "tesseract: an answer of another form")
    return [_letters(page) for page in found]


def engine(command: str = COMMAND) -> str:
    """Its name and version, for the self-test. Raises PartError D704."""
    said = _ran((command, "--version"), b"", 10.0).decode("utf-8", "replace")
    return said.splitlines()[0] if said else "an engine without a name"


def _ran(command: Sequence[str], given: bytes, timeout_s: float) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command, no shell)
            command,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            timeout=timeout_s,
            check=True,
        )
    except FileNotFoundError:
        detail = "tesseract: install the Debian package tesseract-ocr"
        raise PartError(Code.SELFTEST_FAILED, detail) from None
    except subprocess.TimeoutExpired:
        detail = f"tesseract: no answer within {timeout_s:.0f} s"
        raise PartError(Code.SELFTEST_FAILED, detail) from None
    except subprocess.CalledProcessError as failed:
        detail = f"tesseract: ended with {failed.returncode}"
        raise PartError(Code.SELFTEST_FAILED, detail) from None
    return done.stdout


def _pages(pictures: Sequence[Image.Image]) -> bytes:
    """One TIFF of several pages: one start of the engine reads them all."""
    stream = io.BytesIO()
    first, *rest = [picture.convert("L") for picture in pictures]
    first.save(stream, "TIFF", save_all=True, append_images=rest)
    return stream.getvalue()


def _letters(page: str) -> list[Letter]:
    return [
        Letter(text, (int(left) + int(right)) / 2, float(sure))
        for left, right, sure, text in _LETTER.findall(page)
    ]
