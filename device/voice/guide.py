"""The voice of a reader: it speaks the newest screen, once, and again when asked.

Who pulls the plug ends at once what only they should hear. A plug that goes in makes
the screen speak, since whoever brings headphones wants to hear it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from device.ports import Headphones, Output, PartError, Player, VoiceKey
from device.voice.spoken import Phrase, spoken
from ui_eink.refresh import RESTING, kind_of
from ui_eink.views import Lang, View, name_of

LISTEN_S = 0.05
"""How often the jack is asked: what is personal ends within two of these."""
LOUDEST, SOFTEST = 5, 1


@dataclass(slots=True, kw_only=True)
class Voice:
    """Runs beside the screens (device.showing)."""

    player: Player
    folder: Path
    """<language>/<name>.wav, from `shikaku-reader voice build`."""
    headphones: Headphones | None = None
    """None: nothing personal is ever spoken."""
    aloud: bool = True
    """There is a loudspeaker, for what everybody may hear."""
    usual: int = 3
    changed: Callable[[bool], None] = field(default=lambda _: None)
    """Hears when a plug goes in (True) or out."""
    volume: int = field(init=False)
    _phrases: tuple[Phrase, ...] = field(init=False, default=())
    _lang: Lang = field(init=False, default=Lang.JA)
    _again: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.volume = self.usual

    def say(self, view: View, lang: Lang) -> None:
        """Speak this screen from now on; one that says the same goes on speaking."""
        phrases = spoken(view)
        if kind_of(name_of(view)) in RESTING:
            # The next patient's ears are their own (EN 301 549, 5.1.3.10).
            self.volume = self.usual
        if (phrases, lang) != (self._phrases, self._lang):
            self._phrases, self._lang = phrases, lang
            self._again.set()

    def key(self, key: VoiceKey) -> None:
        match key:
            case VoiceKey.LOUDER:
                self.volume = min(LOUDEST, self.volume + 1)
            case VoiceKey.SOFTER:
                self.volume = max(SOFTEST, self.volume - 1)
            case VoiceKey.REPEAT:
                pass
        self._again.set()

    async def run(self, failed: Callable[[PartError | None], None]) -> None:
        """Until cancelled; `failed` hears of a part that is lost, and None when it is
        back."""
        speaking: asyncio.Task[None] | None = None
        was_in = False
        try:
            while True:
                plugged = self._plugged(failed)
                if plugged != was_in:
                    self.changed(plugged)
                if self._again.is_set() or plugged != was_in:
                    pulled = was_in and not plugged
                    self._again.clear()
                    await _silence(speaking)
                    speaking = None
                    if not pulled:
                        speech = self._speak(plugged, failed)
                        speaking = asyncio.create_task(speech)
                    was_in = plugged
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), LISTEN_S)
        finally:
            await _silence(speaking)

    async def _speak(
        self, plugged: bool, failed: Callable[[PartError | None], None]
    ) -> None:
        output = Output.HEADPHONES if plugged else Output.SPEAKER
        for phrase in self._phrases:
            if not plugged and (phrase.personal or not self.aloud):
                continue
            lang = phrase.lang or self._lang
            recording = self.folder / lang.value / f"{phrase.name}.wav"
            if not recording.is_file():
                continue
            try:
                await self.player.play(recording, output, self.volume)
            except PartError as error:
                failed(error)
                return
        failed(None)

    def _plugged(self, failed: Callable[[PartError | None], None]) -> bool:
        if self.headphones is None:
            return False
        try:
            return self.headphones.plugged()
        except PartError as error:
            # Who cannot be sure that nobody else listens is silent.
            failed(error)
            return False


async def _silence(speaking: "asyncio.Task[None] | None") -> None:
    if speaking is not None:
        speaking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await speaking
