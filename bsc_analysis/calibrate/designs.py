"""Pairs of KPIs whose truth is known: nulls, in which the leading KPI says nothing ahead, and planted effects.

A design is a function of a generator, a calendar (PeriodIndex) and the number of practices that returns `Drawn`. With
one practice it is that of a single link, with many that of a group. Innovations have unit variance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.terms import season_of

BURN = 60
RISE = 4.0  # of a trend over the whole stretch
SWING = 1.5  # of a season
STEP = 3.0
PEERS = 11


@dataclass(frozen=True)
class Drawn:
    """Leading and lagging KPI, periods × practices; `told`: what a test is told of them; `effects`: planted, by lag."""

    x: np.ndarray
    y: np.ndarray
    told: dict[str, Any] = field(default_factory=dict)
    effects: dict[int, float] = field(default_factory=dict)


Design = Callable[..., Drawn]


def follow(shocks: np.ndarray, persistence: float | np.ndarray) -> np.ndarray:
    """First-order autoregressions driven by `shocks` (periods × practices), their first BURN periods left out."""
    values = shocks.copy()
    for t in range(1, len(shocks)):
        values[t] += persistence * values[t - 1]
    return values[BURN:]


def shocks(rng: np.random.Generator, index: pd.PeriodIndex, practices: int, correlation: float = 0.0) -> tuple:
    """Unit normal shocks of x and of y with a correlation between those of one period, burn-in included."""
    of_x, own = rng.standard_normal((2, len(index) + BURN, practices))
    return of_x, correlation * of_x + np.sqrt(1 - correlation**2) * own


def place(index: pd.PeriodIndex) -> tuple[np.ndarray, int]:
    """Each period's place in its year from 0, and how many there are."""
    count = season_of(index, "auto")
    return np.asarray(index.month - 1 if count == 12 else index.quarter - 1 if count == 4 else index.month * 0), count


def autoregressive(rng, index, practices, persistence: float = 0.6, correlation: float = 0.0) -> Drawn:
    of_x, of_y = shocks(rng, index, practices, correlation)
    return Drawn(follow(of_x, persistence), follow(of_y, persistence))


def random_walks(rng, index, practices) -> Drawn:
    x, y = rng.standard_normal((2, len(index), practices)).cumsum(axis=1)
    return Drawn(x, y)


def shared_trend(rng, index, practices) -> Drawn:
    return plus(autoregressive(rng, index, practices, 0.0), rise(index))


def shared_season(rng, index, practices) -> Drawn:
    """A smooth wave in both KPIs."""
    return plus(autoregressive(rng, index, practices, 0.0), wave(index))


def irregular_season(rng, index, practices) -> Drawn:
    """A level of its own for each month of the year, in both KPIs."""
    at, count = place(index)
    return plus(autoregressive(rng, index, practices, 0.0), SWING * rng.standard_normal((count, 1))[at])


def reverse_only(rng, index, practices) -> Drawn:
    """The lagging KPI moves the leading one a period later, and nothing else."""
    turned = planted(rng, index, practices, 0.5)
    return Drawn(x=turned.y, y=turned.x)


def all_at_once(rng, index, practices) -> Drawn:
    """Trend, season and persistence in both, and shocks that hit both in one period."""
    return plus(autoregressive(rng, index, practices, 0.6, 0.5), rise(index) + wave(index))


def heavy_tails(rng, index, practices) -> Drawn:
    of_x, of_y = rng.standard_t(3, (2, len(index) + BURN, practices)) / np.sqrt(3)
    return Drawn(follow(of_x, 0.6), follow(of_y, 0.6))


def declared_step(rng, index, practices) -> Drawn:
    """Both KPIs begin anew at one date, which the test is told."""
    at = len(index) // 2
    drawn = plus(autoregressive(rng, index, practices), STEP * (np.arange(len(index)) >= at)[:, None])
    return Drawn(drawn.x, drawn.y, {"breaks": [index[at]]})


def moving_average(rng, index, practices) -> Drawn:
    x, y = (each[BURN:] + 0.6 * each[BURN - 1 : -1] for each in shocks(rng, index, practices))
    return Drawn(x, y)


def same_period(rng, index, practices, persistence: float = 0.6) -> Drawn:
    """The lagging KPI answers the leading one within the period: its past forecasts, but does not lead."""
    u, e = shocks(rng, index, practices)
    x = follow(u, persistence)
    e[BURN:] += 0.5 * x
    return Drawn(x, follow(e, 0.5))


def planted(rng, index, practices, slope: float, lag: int = 1, leading: float = 0.6) -> Drawn:
    """x autoregressive by `leading`, y by .5; x moves y by `slope` per unit, `lag` periods later."""
    u, e = shocks(rng, index, practices)
    x = follow(np.vstack([rng.standard_normal((BURN, practices)), u]), leading)  # from before the burn-in of y
    e[lag:] += slope * x[:-lag]
    return Drawn(x[BURN:], follow(e, 0.5), effects={lag: slope})


def among_peers(rng, index, practices, slope: float, common: float = 2 / 3) -> Drawn:
    """A planted effect; a share `common` of what else moves y moves all peers alike. The test is told the peers."""
    alone = planted(rng, index, practices + PEERS, slope / np.sqrt(1 - common))
    shared = follow(rng.standard_normal((len(index) + BURN, 1)), 0.5)
    y = np.sqrt(1 - common) * alone.y + np.sqrt(common) * shared
    peers = tuple(pd.DataFrame(each[:, practices:], index) for each in (alone.x, y))
    return Drawn(alone.x[:, :practices], y[:, :practices], {"peers": peers}, {1: slope})


def slope_of(partial_r2: float, leading: float = 0.6, lagging: float = 0.5) -> float:
    """The slope at which x one period before explains this share of what y's own past leaves of `planted`."""
    spread, slope = 1 / (1 - leading**2), 0.0
    for _ in range(200):
        both = slope * leading * spread / (1 - lagging * leading)  # of x and y of one period
        of_y = (slope**2 * spread + 1 + 2 * lagging * slope * both) / (1 - lagging**2)
        slope = float(np.sqrt(partial_r2 / (1 - partial_r2) / (spread - both**2 / of_y)))
    return slope


def plus(drawn: Drawn, shared: np.ndarray, **told: Any) -> Drawn:
    return Drawn(drawn.x + shared, drawn.y + shared, told)


def rise(index: pd.PeriodIndex) -> np.ndarray:
    return np.linspace(0.0, RISE, len(index))[:, None]


def wave(index: pd.PeriodIndex) -> np.ndarray:
    at, count = place(index)
    return SWING * np.sqrt(2) * np.cos(2 * np.pi * at / count)[:, None] * (count > 1)


NULLS: dict[str, Design] = {
    "white noise": partial(autoregressive, persistence=0.0),
    "persistent .6": autoregressive,
    "persistent .9": partial(autoregressive, persistence=0.9),
    "random walks": random_walks,
    "shared trend": shared_trend,
    "shared season": shared_season,
    "irregular season": irregular_season,
    "shocks in common": partial(autoregressive, correlation=0.7),
    "lagging moves leading": reverse_only,
    "trend, season, shocks": all_at_once,
    "heavy tails": heavy_tails,
    "declared step": declared_step,
    "moving average": moving_average,
}
SAME_PERIOD: dict[str, Design] = {
    "same period, x .6": same_period,
    "same period, x .9": partial(same_period, persistence=0.9),
}
TOGETHER = {"shocks in common", "trend, season, shocks", *SAME_PERIOD}  # both do move in one period
