"""照合番号B of the card on the tray, as a camera or a person would read it there."""

from collections.abc import Callable
from datetime import date

from device.simulated.card.persona_card import holder_of
from device.simulated.guest.person import guest
from device.simulated.persona import everybody
from device.simulated.tray import SocketTray, TrayUnreachableError


class PrintedOnPersonaCard:
    """Satisfies device.ports.PrintedNumber for the fictitious cards of the tray."""

    def __init__(self, tray: SocketTray, today: Callable[[], date]) -> None:
        """`today` in Japan: a persona's birth date is relative to it."""
        self._tray = tray
        self._today = today
        self._people = {persona.id: persona for persona in (*everybody(), guest())}

    async def verification_number_b(self) -> str | None:
        """None when no card of ours lies there: nothing printed, nothing to read."""
        try:
            lying = await self._tray.look()
        except TrayUnreachableError:
            return None
        persona = self._people.get(lying or "")
        return holder_of(persona, b"", self._today()).number_b if persona else None
