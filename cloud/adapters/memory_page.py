"""Links of the patient's page in memory. The same contract as SQL."""

from dataclasses import replace

from cloud.adapters.memory_consents import MemoryConsents
from cloud.consent.link import Link
from cloud.consent.model import EVERYWHERE, Consent
from cloud.page.model import Held
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode


class MemoryPage:
    def __init__(self, consents: MemoryConsents) -> None:
        self._consents = consents
        self._held: dict[bytes, Held] = {}
        self._sessions: dict[bytes, bytes] = {}
        self._tries: dict[FacilityCode, tuple[int, int]] = {}

    def put(self, link: Link) -> None:
        self._held[link.token_hash] = Held(link, 0, 0)

    def put_link(self, link: Link) -> None:
        place = (link.facility, link.person)
        self._held = {
            token: one
            for token, one in self._held.items()
            if (one.link.facility, one.link.person) != place
        }
        self.put(link)

    def held(self, token: bytes) -> Held | None:
        return self._held.get(token)

    def of_session(self, session: bytes) -> Held | None:
        for token, open_ in self._sessions.items():
            if open_ == session:
                return self._held.get(token)
        return None

    def living(self, facility: FacilityCode, word: bytes, now_ms: int) -> list[Link]:
        return [
            one.link
            for one in self._held.values()
            if (one.link.facility, one.link.word_hash) == (facility, word)
            and one.link.lives(now_ms)
        ]

    def taken(self, facility: FacilityCode, word: bytes, now_ms: int) -> bool:
        return bool(self.living(facility, word, now_ms))

    def count_try(self, before: Held, next_at: int) -> bool:
        token = before.link.token_hash
        if self._held.get(token) != before:
            return False
        self._held[token] = replace(before, tries=before.tries + 1, next_at=next_at)
        return True

    def open_session(self, token: bytes, session: bytes | None) -> None:
        self._sessions.pop(token, None)
        if session is not None and token in self._held:
            self._held[token] = replace(self._held[token], tries=0, next_at=0)
            self._sessions[token] = session

    def staff_tries(self, facility: FacilityCode) -> tuple[int, int]:
        return self._tries.get(facility, (0, 0))

    def count_staff_try(
        self, facility: FacilityCode, before: tuple[int, int], after: tuple[int, int]
    ) -> bool:
        if self.staff_tries(facility) != before:
            return False
        self._tries[facility] = after
        return True

    def answers(self, link: Link) -> list[Consent]:
        place = (link.facility, link.person, link.request)
        every = (*self._consents.answered, *self._consents.unanswered)
        return [
            one for one in every if (one.facility, one.person, one.request) == place
        ]

    def facilities(self, person: PersonId) -> list[FacilityCode]:
        known = {
            one.facility for one in self._consents.answered if one.person == person
        }
        known |= {one.facility for one in self._consents.chosen(person)}
        return sorted(known - {EVERYWHERE})

    def forget(self, now_ms: int) -> int:
        over = [token for token, one in self._held.items() if one.link.until <= now_ms]
        for token in over:
            del self._held[token]
            self._sessions.pop(token, None)
        return len(over)
