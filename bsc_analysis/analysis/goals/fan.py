"""Fans: where a KPI's own history says that its next readings will lie, with the doubt about how it moves in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import integer, numbers, start_of
from bsc_analysis.analysis.goals.movements import Movements, movements
from bsc_analysis.analysis.terms import ALIKE, no_calendar, season_of

LEAST = 8  # readings, or a year of them, and five more than terms to be estimated
SPARE = 5
REACH = 2  # a fan reaches ahead 1 / REACH of the periods that the history spans
LEVELS = (50, 80, 95)
DRAWS = 10_000


@dataclass(frozen=True)
class Fan:
    """The periods ahead of a history.

    `paths`: draws × periods ahead, of equal chance, in the KPI's unit and within its bounds.
    `points`: one row per period ahead: middle, and lower_50, upper_50 and so on for each of LEVELS, in %.
    `reason`: why there is none: 'no_readings', 'too_few_points' (fewer than `needed`), 'all_equal', 'too_far' (the
    history of `count` readings reaches `reach` periods ahead), 'deadline_passed' (nothing ahead is asked),
    'no_calendar', 'periods_twice'.
    """

    paths: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False, compare=False)
    points: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)
    reason: str = ""
    count: int = 0
    needed: int = LEAST
    reach: int = 0


def fan(
    values: pd.Series,
    steps: int,
    *,
    possible: tuple[float, float] = (-inf, inf),
    breaks: Iterable[pd.Period | str] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Fan:
    """The fan of `steps` periods beyond the last reading of `values` (PeriodIndex; missing stays missing).

    `possible`: the least and the greatest value that the KPI can have; what lies beyond is drawn as the bound itself,
    which leaves every interval's coverage as it is. `breaks`: periods in which a new level begins.
    Raises TypeError or ValueError where `values` or `steps` are not what they should be.
    """
    values, steps = numbers("values", values, pd.Series), integer("steps", steps)
    if why := no_calendar([values.index]):
        return Fan(reason=why)
    values = values.dropna().sort_index()
    if values.empty:
        return Fan(reason="no_readings")
    seen = (values.index.asi8 - values.index.asi8[0]).tolist()
    starts = _starts(values.index, breaks)
    season = season_of(values.index, "auto")
    needed, reach = max(LEAST, season, 1 + len(starts) + SPARE), (seen[-1] + 1) // REACH
    told = {"count": len(values), "needed": needed, "reach": reach}
    if len(values) < needed:
        return Fan(reason="too_few_points", **told)
    y, middle, scale = _scaled(values.to_numpy())
    if scale == 0 or _left(y, np.array(seen), starts) < ALIKE:
        return Fan(reason="all_equal", **told)
    if not 0 < steps <= reach:
        return Fan(reason="too_far" if steps > 0 else "deadline_passed", **told)
    moving = movements(tuple(seen), steps, season, starts)
    paths = np.clip(middle + scale * _drawn(moving, y, draws, seed), *possible)
    index = pd.period_range(values.index[-1] + 1, periods=steps, freq=values.index.freq)
    return Fan(paths, _points(paths, index), **told)


def _starts(index: pd.PeriodIndex, breaks: Iterable[pd.Period | str]) -> tuple[int, ...]:
    """The breaks between readings, as periods from the first one; two between the same readings are one."""
    firsts = (np.searchsorted(index.asi8, start_of(each, index).ordinal) for each in breaks)
    return tuple(sorted({int(index.asi8[i] - index.asi8[0]) for i in firsts if 0 < i < len(index)}))


def _scaled(y: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The values about 0 and of size 1, with what brings them back; a size of 0 where all are alike."""
    middle = float(y.mean())
    scale = float(np.abs(y - middle).max())
    if scale <= ALIKE * np.abs(y).max():
        return y * 0, middle, 0.0
    return (y - middle) / scale, middle, scale


def _left(y: np.ndarray, seen: np.ndarray, starts: tuple[int, ...]) -> float:
    """The largest departure from the level between breaks."""
    stretch = sum(((seen >= start).astype(int) for start in starts), np.zeros(len(y), dtype=int))
    return max(float(np.ptp(y[stretch == s])) for s in np.unique(stretch))


def _weighed(moving: Movements, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each movement's chance given the readings, and the sum of squares that it leaves of them."""
    rest = (moving.rest @ y) @ y
    logarithm = moving.weights - moving.freedom / 2 * np.log(rest)
    chance = np.exp(logarithm - logarithm.max())
    return chance / chance.sum(), rest


def _drawn(moving: Movements, y: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """Paths of the periods ahead: a movement by its chance, its size by χ², its errors together."""
    rng = np.random.default_rng(seed)
    chance, rest = _weighed(moving, y)
    which = np.sort(rng.choice(len(chance), size=draws, p=chance))
    size = np.sqrt(rest[which] / rng.chisquare(moving.freedom, draws))
    errors = rng.standard_normal((draws, moving.ahead.shape[1])) * size[:, None]
    ahead = moving.ahead @ y
    each, first = np.unique(which, return_index=True)
    parts = zip(each, np.split(errors, first[1:]), strict=True)
    return np.concatenate([ahead[g] + part @ moving.spread[g].T for g, part in parts])


def _points(paths: np.ndarray, index: pd.PeriodIndex) -> pd.DataFrame:
    edges = {"middle": 50.0}
    for level in LEVELS:
        edges |= {f"lower_{level}": 50 - level / 2, f"upper_{level}": 50 + level / 2}
    found = np.percentile(paths, list(edges.values()), axis=0)
    return pd.DataFrame(dict(zip(edges, found, strict=True)), index=index)
