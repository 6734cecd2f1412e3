"""The steps of the bench, and what they mean beside each other."""

from collections.abc import Callable
from dataclasses import dataclass

from provisioning.bench.ammunition import Ammunition, Echo, Verifications
from provisioning.bench.load import Readers, poisson, readers
from provisioning.bench.references import (
    commit_p99_ms,
    cpu_s,
    percentile,
    signatures_us,
)
from provisioning.bench.report import Row
from provisioning.bench.stage import Stage, echoes, processes, workers
from provisioning.bench.stock import Box, Question

NATION = 271
"""184,386,109 checks in April 2024, over 21 days of 9 hours."""
PEAK = 3 * NATION
WARM_UP = 400
WINDOW = 128
CALM_S = 1.0
CLOSED_LOOP_STOCK = 2500
"""Requests per second made ready for the closed loop; it ends early beyond that."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """What one step at one rate showed."""

    asked: int
    answered: int
    p50_ms: float
    p99_ms: float
    cpu_us: float
    """Of service and broker, per answer."""


@dataclass(slots=True)
class Bench:
    stage: Stage
    boxes: tuple[Box, ...]
    stock: tuple[Question, ...]
    seconds: float
    processes: int
    say: Say

    def rows(self) -> list[Row]:
        commit = commit_p99_ms(self.stage.folder)
        floor_us = signatures_us()
        commands = echoes(self.stage, self.processes)
        echo, ceiling = self._measure("echo", commands, Echo(self.stock))
        commands = workers(self.stage, self.processes)
        cloud, sustained = self._measure("cloud", commands, Verifications(self.stock))
        rows = [
            Row("fdatasync of 4 KiB, p99", commit, "ms"),
            Row("verify, sign, RSA verify", floor_us, "us CPU"),
        ]
        for rate in (NATION, PEAK):
            rows += _at(rate, echo[rate], cloud[rate], commit, floor_us)
        rows.append(Row("echo, closed loop", ceiling, "/s"))
        rows.append(Row("cloud, closed loop", sustained, "/s", ceiling))
        return rows

    def _measure(
        self, what: str, commands: list[list[str]], ammunition: Ammunition
    ) -> tuple[dict[int, Step], float]:
        log = self.stage.folder / f"{what}.log"
        names = [box.name for box in self.boxes]
        with (
            processes(commands, log) as pids,
            readers(names, self.stage.port) as generator,
        ):
            self.say(f"{what}: warm-up")
            warm = ammunition.shots([0.0] * WARM_UP)
            generator.closed_loop(iter(warm), 32, self.seconds)
            steps = {}
            for rate in (NATION, PEAK):
                self.say(f"{what}: {rate}/s for {self.seconds:g} s")
                generator.drain(CALM_S)
                steps[rate] = self._step(generator, ammunition, rate, pids)
            self.say(f"{what}: closed loop")
            generator.drain(CALM_S)
            return steps, self._closed(generator, ammunition)

    def _step(
        self, generator: Readers, ammunition: Ammunition, rate: int, pids: list[int]
    ) -> Step:
        shots = ammunition.shots(poisson(rate, self.seconds, seed=rate))
        everyone = [*pids, self.stage.broker]
        before = cpu_s(everyone)
        heard = generator.open_loop(shots)
        spent = cpu_s(everyone) - before
        latencies = ammunition.latencies_ms(shots, heard)
        return Step(
            len(shots),
            len(latencies),
            percentile(latencies, 0.5),
            percentile(latencies, 0.99),
            spent / max(1, len(latencies)) * 1e6,
        )

    def _closed(self, generator: Readers, ammunition: Ammunition) -> float:
        shots = iter(ammunition.rest())
        heard = generator.closed_loop(shots, WINDOW, self.seconds)
        if not heard:
            return 0.0
        # The first answers come in a burst with the first window.
        steady = [one for one in heard if one.after_s > heard[-1].after_s * 0.2]
        return len(steady) / (heard[-1].after_s - steady[0].after_s)


def stock_for(seconds: float) -> int:
    """How many requests all steps of one service need."""
    steps = sum(len(poisson(rate, seconds, seed=rate)) for rate in (NATION, PEAK))
    return WARM_UP + steps + int(seconds * CLOSED_LOOP_STOCK)


def _at(
    rate: int, echo: Step, cloud: Step, commit_ms: float, floor_us: float
) -> list[Row]:
    name = f"at {rate}/s"
    waiting = echo.p99_ms + 2 * commit_ms
    return [
        Row(f"{name}: answered", cloud.answered, "", cloud.asked),
        Row(f"{name}: echo p50", echo.p50_ms, "ms"),
        Row(f"{name}: echo p99", echo.p99_ms, "ms"),
        Row(f"{name}: cloud p50", cloud.p50_ms, "ms", echo.p50_ms),
        Row(f"{name}: cloud p99 / (echo + 2 commits)", cloud.p99_ms, "ms", waiting),
        Row(f"{name}: echo CPU", echo.cpu_us, "us CPU"),
        Row(
            f"{name}: cloud CPU / (echo + signatures)",
            cloud.cpu_us,
            "us CPU",
            echo.cpu_us + floor_us,
        ),
    ]
