"""Recordings through ALSA by `aplay` (Debian's alsa-utils), one process for each.

The volume is in the samples: a reader has no mixer to look after.
"""

import array
import asyncio
import contextlib
import io
import shutil
import sys
import wave
from pathlib import Path

from device.adapters.wiring import SOUND, not_there
from device.ports import Output

COMMAND = "aplay"
GAINS = (0.12, 0.25, 0.45, 0.7, 1.0)
"""By volume, 1 to 5."""
PART = "sound"


class AplayPlayer:
    """Satisfies device.ports.Player."""

    def __init__(self, speaker: str, headphones: str, command: str = COMMAND) -> None:
        """ALSA devices, as `aplay -L` names them."""
        self._devices = {Output.SPEAKER: speaker, Output.HEADPHONES: headphones}
        self._command = command

    async def play(self, recording: Path, output: Output, volume: int) -> None:
        sound = await asyncio.to_thread(_louder, recording, GAINS[volume - 1])
        device = self._devices[output]
        try:
            process = await asyncio.create_subprocess_exec(
                self._command,
                *("-q", "-t", "wav", "-D", device, "-"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise not_there(PART, f"{self._command} is missing", SOUND) from error
        try:
            _, said = await process.communicate(sound)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            lines = said.decode(errors="replace").strip().splitlines()
            what = f"{device} does not play ({lines[-1] if lines else 'no reason'})"
            raise not_there(PART, what, SOUND)

    def check(self) -> str:
        """For the self-test. Raises PartError D704."""
        found = shutil.which(self._command)
        if found is None:
            raise not_there(PART, f"{self._command} is not installed", SOUND)
        return found


def _louder(recording: Path, gain: float) -> bytes:
    """The recording as WAV, its samples times `gain`. Raises PartError D704."""
    try:
        with wave.open(str(recording), "rb") as source:
            shape, frames = source.getparams(), source.readframes(source.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise not_there(PART, f"{recording.name} is no WAV ({error})", SOUND) from error
    if shape.sampwidth == 2 and gain != 1.0:
        samples = array.array("h", frames)
        if sys.byteorder == "big":
            samples.byteswap()
        samples = array.array("h", (int(one * gain) for one in samples))
        if sys.byteorder == "big":
            samples.byteswap()
        frames = samples.tobytes()
    made = io.BytesIO()
    with wave.open(made, "wb") as target:
        target.setparams(shape)
        target.writeframes(frames)
    return made.getvalue()
