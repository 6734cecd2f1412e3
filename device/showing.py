"""What the patient sees and hears: the newest screen and light win, sounds all play.

E-paper takes seconds. A screen that was overtaken while another was drawn is left
out; a part that fails is noted once and tried again, and the visit goes on.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field

from device.health import Health, Part
from device.part_codes import code_of
from device.ports import Light, Lights, Panel, PartError, Sound, Speaker, VoiceKey
from device.voice.guide import Voice
from protocol.catalogue import Code
from ui_eink.render import render
from ui_eink.views import Lang, View, name_of

AGAIN_S = 1.0


@dataclass(slots=True)
class Showing:
    panel: Panel
    lights: Lights
    speaker: Speaker
    health: Health
    simulated: bool = False
    voice: Voice | None = None
    _views: asyncio.Queue[tuple[View, Lang]] = field(default_factory=asyncio.Queue)
    _lights: asyncio.Queue[Light] = field(default_factory=asyncio.Queue)
    _sounds: asyncio.Queue[Sound] = field(default_factory=asyncio.Queue)

    def show(self, view: View, lang: Lang) -> None:
        self._views.put_nowait((view, lang))
        if self.voice is not None:
            self.voice.say(view, lang)

    def light(self, light: Light) -> None:
        self._lights.put_nowait(light)

    def play(self, sound: Sound) -> None:
        self._sounds.put_nowait(sound)

    def voice_key(self, key: VoiceKey) -> None:
        """Sounds as every key does; the visit does not hear of it."""
        self.play(Sound.TICK)
        if self.voice is not None:
            self.voice.key(key)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._screens())
            tasks.create_task(self._colours())
            if self.voice is not None:
                tasks.create_task(self.voice.run(self._spoke))
            while True:
                sound = await self._sounds.get()
                # Nothing waits for the end of a sound: STOP must cut an alarm.
                tasks.create_task(self._tried(Part.SPEAKER, self.speaker.play(sound)))

    async def _screens(self) -> None:
        while True:
            view, lang = await self._views.get()
            while not self._views.empty():
                view, lang = self._views.get_nowait()
            picture = await asyncio.to_thread(
                render, view, lang, simulated=self.simulated
            )
            shown = self.panel.show(picture, name_of(view))
            if not await self._tried(Part.PANEL, shown):
                await asyncio.sleep(AGAIN_S)
                if self._views.empty():
                    self.show(view, lang)

    async def _colours(self) -> None:
        while True:
            light = await self._lights.get()
            while not self._lights.empty():
                light = self._lights.get_nowait()
            if not await self._tried(Part.LIGHTS, self.lights.set(light)):
                await asyncio.sleep(AGAIN_S)
                if self._lights.empty():
                    self.light(light)

    def _spoke(self, error: PartError | None) -> None:
        if error is None:
            self.health.back(Part.VOICE)
        else:
            self.health.lost(Part.VOICE, code_of(error, Code.SELFTEST_FAILED))

    async def _tried(self, part: Part, act: Awaitable[None]) -> bool:
        try:
            await act
        except PartError as error:
            self.health.lost(part, code_of(error, Code.SELFTEST_FAILED))
            return False
        self.health.back(part)
        return True
