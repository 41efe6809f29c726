"""How often a fan's intervals hold the reading that came, on made-up series of known kinds: design × length × horizon.

Also on series that somebody gives: each is forecast from its first part, and held against the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from bsc_analysis.analysis.goals.fan import LEVELS, Fan, fan
from bsc_analysis.calibrate.designs import BURN, RISE, SWING, follow, place, wave

Series = Callable[[np.random.Generator, pd.PeriodIndex, int], np.ndarray]
LENGTHS, HORIZONS = (12, 18, 24, 36, 48, 60), (1, 3, 6, 12)
REPETITIONS = 1000
LOWEST, HIGHEST = 0.76, 0.84  # bars of intervals of 80 %
TRIED = 2000  # paths of a fan: an interval's ends then have an error of about half a percent


def persistent(rng: np.random.Generator, index: pd.PeriodIndex, known: int, persistence: float = 0.0) -> np.ndarray:
    return follow(rng.standard_normal(len(index) + BURN), persistence)


def wandering(rng: np.random.Generator, index: pd.PeriodIndex, known: int, drift: float = 0.0) -> np.ndarray:
    return (rng.standard_normal(len(index)) + drift).cumsum()


def trending(rng: np.random.Generator, index: pd.PeriodIndex, known: int, persistence: float = 0.0) -> np.ndarray:
    """A rise of RISE over what is known, which goes on."""
    return persistent(rng, index, known, persistence) + RISE * np.arange(len(index)) / (known - 1)


def seasonal(rng: np.random.Generator, index: pd.PeriodIndex, known: int, persistence: float = 0.0) -> np.ndarray:
    return persistent(rng, index, known, persistence) + wave(index)[:, 0]


def uneven_season(rng: np.random.Generator, index: pd.PeriodIndex, known: int) -> np.ndarray:
    """A level of its own for each month of the year."""
    at, count = place(index)
    return persistent(rng, index, known) + SWING * rng.standard_normal(count)[at]


def both(rng: np.random.Generator, index: pd.PeriodIndex, known: int) -> np.ndarray:
    return trending(rng, index, known, 0.6) + wave(index)[:, 0]


def noisy_level(rng: np.random.Generator, index: pd.PeriodIndex, known: int) -> np.ndarray:
    """A level that wanders, read with error: a KPI of a small practice."""
    return 0.5 * wandering(rng, index, known) + rng.standard_normal(len(index))


def share_of_few(rng: np.random.Generator, index: pd.PeriodIndex, known: int) -> np.ndarray:
    """A share of 60 cases a month, in %, about 5 %: many months lie near its bound."""
    chance = 1 / (1 + np.exp(3 - 0.2 * persistent(rng, index, known, 0.6)))
    return rng.binomial(60, chance) / 0.6


DESIGNS: dict[str, Series] = {
    "independent": persistent,
    "persistent .6": partial(persistent, persistence=0.6),
    "persistent .9": partial(persistent, persistence=0.9),
    "random walk": wandering,
    "random walk with drift": partial(wandering, drift=0.3),
    "trend": trending,
    "trend, persistent .6": partial(trending, persistence=0.6),
    "season": seasonal,
    "season, persistent .6": partial(seasonal, persistence=0.6),
    "uneven season": uneven_season,
    "trend, season, persistent .6": both,
    "level read with error": noisy_level,
    "share of few cases": share_of_few,
}
BOUNDED = {"share of few cases": (0.0, 100.0)}


def coverage(
    designs: Mapping[str, Series] = DESIGNS,
    lengths: Iterable[int] = LENGTHS,
    horizons: Iterable[int] = HORIZONS,
    repetitions: int = REPETITIONS,
    forecast: Callable[..., Fan] = fan,
) -> pd.DataFrame:
    """Rows of design, length and horizon: how many of the repetitions each interval held ('held_50' …), and of how many
    (`repetitions`); horizons that a fan of that length does not reach are left out.

    A repetition draws from a seed of its own, that of the cell of this name and size (cells.Cell.seed): more of them
    begin with the same.
    """
    rows = [
        _cell(name, design, length, tuple(horizons), repetitions, forecast)
        for name, design in designs.items()
        for length in lengths
    ]
    return pd.concat(rows, ignore_index=True)


def held_back(series: Mapping[str, pd.Series], horizons: Iterable[int] = HORIZONS, **told) -> pd.DataFrame:
    """Rows of horizon: how many readings each interval held, over the fans from every period of the series from which
    there is a fan and a reading so far ahead; `told` goes to fan. Fans of one series overlap: read them as one."""
    steps, rows = tuple(horizons), []
    for values in series.values():
        for end in np.flatnonzero(values.notna()) + 1:
            rows += _held(values.iloc[:end], values.iloc[end:], steps, fan, told)
    return _counted(pd.DataFrame(rows), ["horizon"]) if rows else pd.DataFrame()


def bar_missed(cell: pd.Series) -> bool:
    """Whether a cell's intervals of 80 % lie beyond the bar by more than two of its standard errors."""
    share, errors = cell["held_80"] / cell["repetitions"], 2 * np.sqrt(0.8 * 0.2 / cell["repetitions"])
    return bool(share < LOWEST - errors or share > HIGHEST + errors)


def _cell(
    name: str, design: Series, length: int, horizons: tuple[int, ...], repetitions: int, forecast: Callable[..., Fan]
) -> pd.DataFrame:
    seed = int.from_bytes(hashlib.sha256(f"{name} / {length} months".encode()).digest()[:8], "big")
    index = pd.period_range("2010-01", periods=length + max(horizons), freq="M")
    told = {"possible": BOUNDED[name]} if name in BOUNDED else {}
    rows = []
    for repetition in range(repetitions):
        values = pd.Series(design(np.random.default_rng([seed, repetition]), index, length), index)
        rows += _held(values.iloc[:length], values.iloc[length:], horizons, forecast, told)
    counted = _counted(pd.DataFrame(rows), ["horizon"])
    return counted.assign(design=name, length=length)[["design", "length", *counted.columns]]


def _held(
    known: pd.Series, came: pd.Series, horizons: tuple[int, ...], forecast: Callable[..., Fan], told: dict
) -> list[dict]:
    """For each horizon that the fan reaches and a reading came of: whether each interval holds it."""
    steps = [h for h in horizons if h <= min(len(known) // 2, len(came)) and not np.isnan(came.iloc[h - 1])]
    points = forecast(known, steps[-1], draws=TRIED, **told).points if steps else pd.DataFrame()
    if points.empty:
        return []
    rows = []
    for step in steps:
        at, value = points.iloc[step - 1], came.iloc[step - 1]
        held = {f"held_{level}": at[f"lower_{level}"] <= value <= at[f"upper_{level}"] for level in LEVELS}
        rows.append({"horizon": step, **held})
    return rows


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    held = [f"held_{level}" for level in LEVELS]
    found = rows.groupby(by)[held].sum().astype(int)
    return found.assign(repetitions=rows.groupby(by).size()).reset_index()
