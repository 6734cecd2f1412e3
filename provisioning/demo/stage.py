"""What a scripted visit can do, and what it must find afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from provisioning.demo.facility import ResultFile, arrived, read
from provisioning.demo.patient import NotAsScriptedError, Patient

YES, NO = "1", "3"
AT_REST = ("ready", "offline")
"""Nobody is here; without a line the reader says so, and takes cards all the same."""
FACE, PIN = "1", "2"
_AFTER_A_LOOK = {
    "face_supported",
    "face_not_matched",
    "checking",
    "ask_consent",
    "confirm_consent",
    "renewal_notice",
    "ask_registration",
    "take_card",
    "problem",
}
_TURNS = {"look-turn_left": 32.0, "look-turn_right": -32.0, "look-back_to_front": 0.0}
"""What a patient does who is asked: degrees, to the picture's right (their left)."""


@dataclass(slots=True)
class Stage:
    patient: Patient
    facility: Path
    pins: dict[str, str]
    """PIN of each fictitious patient, as printed on the card tray."""
    stop_cloud: Callable[[], None]
    start_cloud: Callable[[], None]
    files_before: int = 0
    last_question: int = 0
    """Number of the screen that asked this visit's last consent question.

    A reader that was started again counts its screens anew, so it holds for one visit.
    """

    def begin(self) -> None:
        self.patient.wait_for(*AT_REST)
        self.patient.begin()
        self.last_question = 0
        self.files_before = len(arrived(self.facility))

    # -- what patients do ------------------------------------------------------
    def comes_in(
        self, persona: str, face_of: str | None = None, greeted: str = "choose_method"
    ) -> None:
        """Stands before the reader and puts the card on."""
        self.patient.stand(face_of or persona)
        self.patient.put(persona)
        self.patient.wait_for(greeted)

    def shows_face(self) -> None:
        """By face; where the reader only assists, staff confirm with their key."""
        self.patient.press(FACE)
        if self._after_face() == "face_supported":
            self.patient.press("staff")

    def _after_face(self) -> str:
        """Does what the screen asks, until the look is over."""
        seen = ""

        def over() -> str | None:
            nonlocal seen
            state = self.patient.state()
            if state["name"] != seen:
                seen = str(state["name"])
                self._turns(seen)
            return str(state["view"]) if state["view"] in _AFTER_A_LOOK else None

        return self.patient.until(over, "the end of the look")

    def _turns(self, screen: str) -> None:
        if screen in _TURNS:
            self.patient.turn(_TURNS[screen])

    def types_pin(self, persona: str, wrong: bool = False) -> None:
        pin = self.pins[persona]
        digits = pin if not wrong else "".join(str((int(d) + 1) % 10) for d in pin)
        self.patient.wait_for("enter_pin")
        self.patient.press(*digits, "enter")

    def hears(self, sound: str) -> None:
        """Wait for a sound: it tells a screen from the same one a moment ago."""
        self.patient.until(
            lambda: sound if self.patient.state()["sound"] == sound else None,
            f"the sound {sound}",
        )

    def answers(self, *keys: str) -> None:
        """One key for each consent question, in the order they are asked."""
        for number, key in enumerate(keys, 1):
            self.question(number)
            self.patient.press(key)

    def question(self, number: int) -> None:
        """Wait until a consent question is on the screen that was not there before."""

        def asked() -> str | None:
            state = self.patient.state()
            new = int(state["seq"]) > self.last_question
            if state["view"] == "ask_consent" and new:
                self.last_question = int(state["seq"])
                return "ask_consent"
            return None

        self.patient.until(asked, f"consent question {number}")

    def goes(self) -> None:
        """Takes the card when told to, and the reader is ready again."""
        ends = ("take_card", "problem", "card_left")
        if self.patient.wait_for("renewal_notice", *ends) == "renewal_notice":
            self.patient.press(YES)
            self.patient.wait_for(*ends)
        self.patient.take()
        self.patient.wait_for(*AT_REST)
        self.patient.stand(None)

    # -- what must be found ----------------------------------------------------
    def shown(self, *views: str) -> None:
        """Every one of these was on the screen, in this order."""
        seen = [str(screen["view"]) for screen in self.patient.screens()]
        rest = iter(seen)
        for view in views:
            if view not in rest:
                raise NotAsScriptedError(f"no {view} in {' > '.join(seen)}")

    def never_shown(self, *views: str) -> None:
        seen = [str(screen["view"]) for screen in self.patient.screens()]
        for view in views:
            if view in seen:
                raise NotAsScriptedError(f"{view} was shown: {' > '.join(seen)}")

    def result(self) -> ResultFile:
        """The one file this visit left for the receipt computer."""

        def there() -> str | None:
            new = arrived(self.facility)[self.files_before :]
            if len(new) > 1:
                raise NotAsScriptedError(f"{len(new)} result files for one visit")
            return str(new[0]) if new else None

        return read(Path(self.patient.until(there, "the facility's result file")))

    def expect(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            raise NotAsScriptedError(f"{what} is {found!r}, not {wanted!r}")
