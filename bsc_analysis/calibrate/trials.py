"""How often the other methods err: effects of actions, practices compared.

One trial is one design at one size, kept like a cell (see finished).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from bsc_analysis.analysis.impact.measured import Panel, Series, panel_rates, series_rates
from bsc_analysis.analysis.impact.windows import Trigger
from bsc_analysis.analysis.peer_trials import trial
from bsc_analysis.calibrate.cells import Bar

FALSE_EFFECT = Bar(highest=0.07)
BAD_QUARTER = Trigger("above", 1.0)  # leaders act when one of three months lies a standard deviation too high
REPETITIONS, MANY = 1000, 500
ONE, GROUP, PEERS = "one practice", "group", "peers"  # the kinds
FILES = {
    ONE: "analysis/impact/measured.py",
    GROUP: "analysis/impact/measured.py",
    PEERS: "analysis/peer_trials.py",
}


@dataclass(frozen=True)
class Trial:
    """`ask`: from repetitions and seed to rates, by measure; `bars`: by the measure's name."""

    kind: str
    name: str
    size: str
    ask: Callable[[int, int], dict[str, float]]
    repetitions: int = REPETITIONS
    bars: tuple[tuple[str, Bar], ...] = ()
    draws: int = 199

    @property
    def id(self) -> str:
        return f"{self.kind} / {self.name} / {self.size}"

    @property
    def seed(self) -> int:
        return int.from_bytes(hashlib.sha256(f"{self.name} / {self.size}".encode()).digest()[:4], "big")

    @property
    def file(self) -> str:
        """Where the code is that decides its numbers, beside this file and what that imports."""
        return FILES[self.kind]

    @property
    def seconds(self) -> float:
        """About how long it takes."""
        return self.repetitions * {ONE: 0.05, GROUP: 0.04, PEERS: 0.03}[self.kind]

    def answer(self) -> dict[str, float]:
        return self.ask(self.repetitions, self.seed)


def trials() -> list[Trial]:
    """Every trial of docs/calibration.md."""
    return [*_one(), *_group(), *_peers()]


def few(every: list[Trial]) -> list[Trial]:
    """One of each kind that costs little, in seconds."""
    names = {"season, trend, persistent 0.6", "5 of 40 act", "proportion, all alike"}
    sizes = {"36 months", "24 months", "12 practices"}
    return [replace(t, repetitions=40) for t in every if t.name in names and t.size in sizes]


def _one() -> Iterator[Trial]:
    false = (("found", FALSE_EFFECT),)
    for periods, at in ((24, 16), (36, 24), (60, 40)):
        size = f"{periods} months"
        for persistence in (0.0, 0.6):
            told = f"season, trend, persistent {persistence}"
            for name, design in {
                told: Series(periods, at, persistence),
                f"{told}, counts": Series(periods, at, persistence, counts=True),
                f"{told}, after a bad quarter": Series(periods, at, persistence, trigger=BAD_QUARTER),
            }.items():
                yield Trial(ONE, name, size, partial(_series, design), bars=false)
        yield Trial(ONE, "an effect of 3.5", size, partial(_series, Series(periods, at, effect=3.5)))


def _series(design: Series, repetitions: int, seed: int) -> dict[str, float]:
    return series_rates(design, repetitions, seed)


def _group() -> Iterator[Trial]:
    false, size = (("found", FALSE_EFFECT),), "24 months"
    nulls = {
        "1 of 20 acts": Panel(20, 1),
        "3 of 24 act, and swing three times as far": Panel(24, 3, noisy=3.0),
        "5 of 40 act": Panel(40, 5),
        "10 of 40 act, one a month": Panel(40, 10),
        "8 of 30 act at once": Panel(30, 8, apart=0),
        "5 of 40 act after a bad quarter": Panel(40, 5, trigger=BAD_QUARTER),
    }
    for name, design in nulls.items():
        yield Trial(GROUP, name, size, partial(_panel, design), bars=false)
    for name, design in {
        "5 of 40 act, with an effect of 1": Panel(40, 5, effect=1.0),
        "16 of 36 act, one a month, an effect that grows": Panel(36, 16, 24, 6, growth=0.2),
    }.items():
        yield Trial(GROUP, name, size, partial(_panel, design))


def _panel(design: Panel, repetitions: int, seed: int) -> dict[str, float]:
    return panel_rates(design, repetitions, seed)


def _peers() -> Iterator[Trial]:
    known = {"proportion": (0.2, 0.05), "rate": (0.05, 0.015), "mean": (4.0, 0.3)}
    for kind, (centre, spread) in known.items():
        for practices in (5, 12, 40):
            for name, apart in ((f"{kind}, all alike", 0.0), (f"{kind}, that differ", spread)):
                ask = partial(_peer, kind, practices, centre, apart)
                yield Trial(PEERS, name, f"{practices} practices", ask, MANY, draws=2000)


def _peer(kind, practices: int, centre: float, spread: float, repetitions: int, seed: int) -> dict[str, float]:
    found = trial(kind, practices=practices, centre=centre, spread=spread, repetitions=repetitions, seed=seed)
    return {name: value for name, value in vars(found).items() if value == value}
