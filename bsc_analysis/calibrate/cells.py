"""What is asked of which design at which size, how often, and the bar that the answer must meet.

A cell is one design at one size under one question. Its seed comes from the names of design and size alone, so that
every method meets the same data, and more repetitions begin with the same ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis import demo
from bsc_analysis.analysis.goals.fan import REACH
from bsc_analysis.calibrate.designs import (
    NULLS,
    SAME_PERIOD,
    Design,
    among_peers,
    autoregressive,
    planted,
    slope_of,
)
from bsc_analysis.calibrate.fans import DESIGNS as FANS
from bsc_analysis.calibrate.fans import HIGHEST, HORIZONS, LOWEST, TRIED
from bsc_analysis.calibrate.fans import REPETITIONS as FAN_REPETITIONS
from bsc_analysis.calibrate.group_designs import GROUP_NULLS, SEASONAL

SINGLE_SIZE, GROUP_SIZE, MEAN_SIZE = 0.07, 0.08, 0.06  # bars of false findings
COVERAGE = (0.93, 0.98)
FOUND, RIGHT_LAG = 0.90, 0.80  # of effects twice the smallest that can be found
LENGTHS = {"M": "months", "Q": "quarters", "Y": "years"}
FAN_LENGTHS = (12, 24, 36, 60)  # months
ERRORS = 2  # standard errors of the bar that a cell may lie beyond it


@dataclass(frozen=True)
class Size:
    """Periods of one frequency ('M', 'Q', 'Y'), and how many practices."""

    periods: int
    frequency: str
    practices: int = 1

    @property
    def index(self) -> pd.PeriodIndex:
        return pd.period_range("2010-01", periods=self.periods, freq=self.frequency)

    def __str__(self) -> str:
        length = f"{self.periods} {LENGTHS[self.frequency]}"
        return length if self.practices == 1 else f"{self.practices} practices, {length}"


@dataclass(frozen=True)
class Bar:
    """Rates that are good enough: `lowest` to `highest`, give or take chance."""

    lowest: float = 0.0
    highest: float = 1.0

    def missed(self, rate: float, repetitions: int) -> bool:
        """Whether the rate lies beyond an edge by more than ERRORS standard errors of the edge."""
        low, high = (ERRORS * np.sqrt(edge * (1 - edge) / repetitions) for edge in (self.lowest, self.highest))
        return rate < self.lowest - low or rate > self.highest + high


@dataclass(frozen=True)
class Cell:
    """`asks`: 'test', 'naive', 'coverage' or 'twice' (see measure), 'fan' (see fan_cells) or 'demo' (see demo_group);
    `bars`: by the measure's name."""

    asks: str
    name: str
    design: Callable[..., Any]  # a Design; of 'demo': what writes the exports into a folder, from the seed
    size: Size
    repetitions: int
    draws: int = 0
    within: int = 4
    bars: tuple[tuple[str, Bar], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.asks} / {self.name} / {self.size}"

    @property
    def seed(self) -> int:
        """Repetition i draws from numpy's default_rng([seed, i]); the demo group is made from the one in its name."""
        if self.asks == "demo":
            return int(self.name.removeprefix(DEMO_SEED))
        return int.from_bytes(hashlib.sha256(f"{self.name} / {self.size}".encode()).digest()[:8], "big")


SINGLE_SIZES = (Size(16, "Q"), Size(24, "M"), Size(36, "M"), Size(60, "M"))
REPORT_DRAWS = 999  # as in a report: fewer find fewer effects
SINGLES, SINGLE_DRAWS = 2000, 199
GROUPS, MANY_GROUPS, GROUP_DRAWS = 1000, 300, 199
MANY_DRAWS = 99  # where 200 practices have no link: as good for a rate at 5 %, in two thirds of the time
PARTIAL_R2 = (0.1, 0.2, 0.3)
POWER = {24: (0.10, 0.15, 0.24), 36: (0.15, 0.30, 0.45), 60: (0.34, 0.71, 0.92)}
PEER_POWER = {24: (0.18, 0.40, 0.59), 36: (0.25, 0.46, 0.75), 60: (0.44, 0.84, 0.97)}
LESS = 0.02  # that power may lie below these figures
DEMO_SEED, DEMO_SEEDS = "seed ", range(1, 21)
GROUP_POWER = (  # practices, years, slope, within, bar
    (20, 12, 0.2, 1, 0.38),
    (20, 12, 0.2, 2, 0.30),
    (200, 12, 0.1, 2, 0.68),
    (200, 8, 0.2, 2, 0.60),
)


def group_sizes(name: str) -> list[Size]:
    """8 and 12 years, 24 months; designs with a season have quarters for the years, or none where 8 are too few."""
    seasonal = name in SEASONAL
    yearly = name in ("two specialties", "trend, season, shocks")  # which are more than a season
    lengths = [*([(8, "Y")] if yearly or not seasonal else []), (12, "Q" if seasonal else "Y"), (24, "M")]
    return [Size(*length, practices) for practices in (8, 20, 200) for length in lengths]


def cells() -> list[Cell]:
    """Every cell of docs/calibration.md; those of single links first."""
    return [*_single(), *_group(), *fans(), *demo_group()]


def fans() -> list[Cell]:
    """Goals' forecasts: whether intervals of 80 % hold the reading that comes, at each horizon that a fan reaches."""
    bar, found = Bar(LOWEST, HIGHEST), []
    for name, design in FANS.items():
        for length in FAN_LENGTHS:
            bars = tuple((f"held_80_{ahead}", bar) for ahead in HORIZONS if ahead <= length // REACH)
            found.append(Cell("fan", name, design, Size(length, "M"), FAN_REPETITIONS, TRIED, 0, bars))
    return found


def demo_group() -> list[Cell]:
    """The demo group made from twenty seeds; its links have the window that its params give them."""
    size = Size(36, "M", 12)
    return [Cell("demo", f"{DEMO_SEED}{n}", demo.write, size, 1, REPORT_DRAWS) for n in DEMO_SEEDS]


def slice_of(every: list[Cell]) -> list[Cell]:
    """A few cells with few repetitions, which take minutes: one null of each kind, one planted effect, all methods."""
    names = {"white noise", "persistent .9", "random walks", "shared trend", "shared season", "two specialties"}
    sizes = {"24 months", "60 months", "8 practices, 12 years", "20 practices, 24 months", "200 practices, 8 years"}
    few = [c for c in every if c.name in names and str(c.size) in sizes]
    few += [c for c in every if c.name.startswith("partial R² .2, within 4") and str(c.size) in sizes]
    few += [c for c in every if c.name == "slope 0.2, within 2"]
    return [
        replace(c, repetitions=(200 if c.size.practices == 1 else 100 if c.size.practices < 200 else 30)) for c in few
    ]


def _single() -> Iterator[Cell]:
    size_bars = (("p_forecasts", Bar(highest=SINGLE_SIZE)), ("p_leads", Bar(highest=SINGLE_SIZE)))
    for asks, draws in (("test", SINGLE_DRAWS), ("naive", 0)):
        for name, design in {**NULLS, **SAME_PERIOD}.items():
            bars = size_bars if name in NULLS else size_bars[1:]
            for size in SINGLE_SIZES:
                yield Cell(asks, name, design, size, SINGLES, draws, bars=bars if draws else ())
    for size in SINGLE_SIZES[1:]:
        for of, r2 in enumerate(PARTIAL_R2):
            slope, least, peers = slope_of(r2), POWER[size.periods][of], PEER_POWER[size.periods][of]
            for within in (1, 4):
                name, bar = f"partial R² {r2:.1f}, within {within}".replace("0.", "."), Bar(lowest=least - LESS)
                design = partial(planted, slope=slope)
                yield Cell("test", name, design, size, SINGLES, REPORT_DRAWS, within, (("p_forecasts", bar),))
            name, bar = f"partial R² {r2:.1f}, peers, within 4".replace("0.", "."), Bar(lowest=peers - LESS)
            design = partial(among_peers, slope=slope)
            yield Cell("test", name, design, size, SINGLES, REPORT_DRAWS, bars=(("p_forecasts", bar),))
    yield from _intervals(SINGLE_SIZES[1:], SINGLES, SINGLE_DRAWS)


def _group() -> Iterator[Cell]:
    size_bars = (("p_forecasts", Bar(highest=GROUP_SIZE)), ("p_leads", Bar(highest=GROUP_SIZE)))
    for asks, draws in (("test", GROUP_DRAWS), ("naive", 0)):
        for name, design in {**GROUP_NULLS, **SAME_PERIOD}.items():
            bars = size_bars if name in GROUP_NULLS else size_bars[1:]
            for size in group_sizes(name):
                few = min(draws, MANY_DRAWS) if size.practices >= 200 else draws
                yield Cell(asks, name, design, size, _times(size), few, bars=bars if draws else ())
    for practices, years, slope, within, least in GROUP_POWER:
        size, bar = Size(years, "Y", practices), (("p_forecasts", Bar(lowest=least)),)
        design = partial(planted, slope=slope)
        yield Cell("test", f"slope {slope}, within {within}", design, size, _times(size), GROUP_DRAWS, within, bar)
    yield from _intervals([Size(12, "Y", 20), Size(24, "M", 20), Size(12, "Y", 200)], GROUPS, GROUP_DRAWS)


def _intervals(sizes, repetitions: int, draws: int) -> Iterator[Cell]:
    """Coverage, with and without an effect; and effects twice the smallest that can be found."""
    cover = tuple((name, Bar(*COVERAGE)) for name in ("all_lags", "chosen_lag"))
    known: dict[str, Design] = {
        "no effect, x .0": partial(autoregressive, persistence=0.0),
        "no effect, x .6": autoregressive,
        "effect .4 after 1, x .0": partial(planted, slope=0.4, leading=0.0),
        "effect .4 after 2, x .0": partial(planted, slope=0.4, lag=2, leading=0.0),
    }
    bars = (("found", Bar(lowest=FOUND)), ("right_lag", Bar(lowest=RIGHT_LAG)))
    for size in sizes:
        times = min(repetitions, _times(size))
        for name, design in known.items():
            yield Cell("coverage", name, design, size, times, draws, bars=cover)
        yield Cell(
            "coverage", "effect .4 after 1, x .6, within 1", partial(planted, slope=0.4), size, times, draws, 1, cover
        )
        for lag in (1, 2):
            design = partial(planted, lag=lag)  # measure gives the slope
            yield Cell("twice", f"twice the smallest, after {lag}", design, size, times // 2, draws, bars=bars)


def _times(size: Size) -> int:
    return SINGLES if size.practices == 1 else GROUPS if size.practices < 200 else MANY_GROUPS
