"""A patient at the reader's web front: hands, face and eyes over its HTTP API.

The same API as the page uses, so a scripted visit is what a person would do.
"""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PATIENCE_S = 30.0
LOOKING_AGAIN_S = 0.04


class NotAsScriptedError(Exception):
    """The reader did something else than the script says."""


@dataclass(slots=True)
class Patient:
    """One pair of hands. `seen` is every view shown since `begin`."""

    port: int
    first_shot: int = 0

    def begin(self) -> None:
        self.first_shot = len(self.shots())

    def put(self, persona: str) -> None:
        self._post("/card", {"persona": persona})

    def take(self) -> None:
        self._post("/card", {"persona": None})

    def stand(self, persona: str | None, **pose: float | str) -> None:
        """Who stands before the camera, and how (yaw, distance, light, occluder)."""
        self._post("/person", {"persona": persona, **pose})

    def turn(self, degrees: float) -> None:
        """The head, to the picture's right; who stands there stays."""
        self._post("/person", {"yaw": degrees})

    def press(self, *keys: str) -> None:
        for key in keys:
            self._post("/key", {"key": key})

    def switch_line(self, mode: str) -> None:
        """The way to the broker: through, slow, stalled or cut."""
        self._post("/line", {"mode": mode})

    def break_cards(self, fault: str) -> None:
        """What goes wrong with every card: none, slow, shaky, deaf or torn."""
        self._post("/card-fault", {"fault": fault})

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._get("/state")
        return found

    def shots(self) -> list[dict[str, Any]]:
        """Every screen shown: view name and path of its PNG, oldest first."""
        found: list[dict[str, Any]] = self._get("/shots")
        return found

    def screens(self) -> list[dict[str, Any]]:
        """The screens of the visit that began last."""
        return self.shots()[self.first_shot :]

    def visits(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/visits")
        return found

    def wait_for(self, *views: str, patience_s: float = PATIENCE_S) -> str:
        """The name of the first of these views to be on the screen."""
        seen: list[str] = []

        def there() -> str | None:
            view = str(self.state()["view"])
            if not seen or seen[-1] != view:
                seen.append(view)
            return view if view in views else None

        return self.until(
            there, f"the screen {' or '.join(views)}", patience_s, story=seen
        )

    def until(
        self,
        question: Callable[[], str | None],
        what: str,
        patience_s: float = PATIENCE_S,
        story: list[str] | None = None,
    ) -> str:
        """Ask until there is an answer; NotAsScriptedError when patience ends."""
        deadline = time.monotonic() + patience_s
        while True:
            answer = question()
            if answer is not None:
                return answer
            if time.monotonic() > deadline:
                saw = f"; saw {' > '.join(story)}" if story else ""
                raise NotAsScriptedError(f"waited {patience_s:.0f} s for {what}{saw}")
            time.sleep(LOOKING_AGAIN_S)

    def _get(self, path: str) -> Any:
        return self._call("GET", path, None)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._call("POST", path, json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            line.request(method, path, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            text = answer.read()
        finally:
            line.close()
        if answer.status >= 400:
            raise NotAsScriptedError(f"{method} {path}: {answer.status} {text!r}")
        return json.loads(text) if text else None
