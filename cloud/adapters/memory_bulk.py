"""Bulk inquiries in memory: for tests and development. The same contract as SQL."""

from collections.abc import Generator, Sequence

from cloud.adapters.memory import MemoryRegistry
from cloud.adapters.memory_consents import MemoryConsents
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.audit.model import Entry
from cloud.audit.service import AuditLog
from cloud.bulk.model import By, Family, Job, Reception, Selection
from cloud.bulk.store import Answered, Batch, GoneError, Step
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode


class MemoryBulk:
    def __init__(
        self,
        registry: MemoryRegistry,
        consents: MemoryConsents,
        eligibility: MemoryEligibility,
        log: AuditLog,
    ) -> None:
        self._registry = registry
        self._consents = consents
        self._eligibility = eligibility
        self._log = log
        self._jobs: dict[Reception, Job] = {}
        self._heads: dict[Reception, bytes] = {}
        self.questions: dict[Reception, list[Batch]] = {}
        self._answers: dict[Reception, list[Answered]] = {}

    def begin(
        self, job: Job, head: bytes, batches: Sequence[Batch], entry: Entry
    ) -> bool:
        if job.reception in self._jobs:
            return False
        self._jobs[job.reception] = job
        self._heads[job.reception] = head
        self.questions[job.reception] = list(batches)
        self._answers[job.reception] = []
        self._log.append([entry])
        return True

    def jobs(self, facility: FacilityCode) -> list[Job]:
        mine = [one for one in self._jobs.values() if one.facility == facility]
        return sorted(mine, key=lambda one: (one.received, one.reception))[::-1]

    def job(self, facility: FacilityCode, reception: Reception) -> Job | None:
        found = self._jobs.get(reception)
        return found if found and found.facility == facility else None

    def head(self, reception: Reception) -> bytes:
        return self._heads[reception]

    def waiting(self, after: Reception | None) -> tuple[Job, Batch] | None:
        todo = sorted(name for name, one in self._jobs.items() if one.finished is None)
        behind = [name for name in todo if name > (after or "")]
        names = behind or todo
        return (self._jobs[names[0]], self.questions[names[0]][0]) if names else None

    def settle(self, step: Step) -> bool:
        name = step.before.reception
        here = self._jobs.get(name)
        if here is None or here.answered != step.before.answered or here.finished:
            return False
        persons = {one.person for one in step.answers if one.person is not None}
        if persons - self._registry.entries.keys():
            raise GoneError
        self._jobs[name] = step.after
        del self.questions[name][0]
        self._answers[name] += step.answers
        self._log.append(step.entries)
        return True

    def answers(self, reception: Reception) -> Generator[Answered, None, None]:
        kept = self._registry.entries.keys()
        yield from (
            one
            for one in self._answers.get(reception, [])
            if one.person is None or one.person in kept
        )

    def delete(
        self, facility: FacilityCode, reception: Reception, entry: Entry
    ) -> bool:
        if self.job(facility, reception) is None:
            return False
        for held in (self._jobs, self._heads, self.questions, self._answers):
            del held[reception]
        self._log.append([entry])
        return True

    def people(
        self,
        facility: FacilityCode,
        family: Family,
        selection: Selection,
        now_ms: int,
    ) -> list[PersonId]:
        low, high = selection.span
        cared = [one for one in self._eligibility.cared() if one.facility == facility]
        match family:
            case Family.HOME_VISITS:
                found = {
                    one.person
                    for one in cared
                    if one.ended is None
                    and one.since < high
                    and (selection.by is By.EXAMINATION or low <= one.since)
                }
            case Family.ONLINE:
                found = {
                    key.scope.person
                    for key in self._consents.every_key()
                    if key.scope.facility == facility
                    and key.scope.care is CareKind.ONLINE
                    and low <= key.scope.since < high
                    and (key.scope.until is None or key.scope.until > now_ms)
                }
            case _:
                found = {
                    one.person
                    for one in cared
                    if one.since < high and (one.ended is None or one.ended >= low)
                } | {
                    one.person
                    for one in self._consents.answered
                    if one.facility == facility
                    and one.decision is Decision.GRANTED
                    and low <= one.decided_at < high
                }
        return sorted(found)
