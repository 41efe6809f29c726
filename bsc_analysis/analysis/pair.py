"""Two KPIs of one practice on one calendar; or why they cannot be tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.lagged import Lagged
from bsc_analysis.analysis.terms import ALIKE, deterministic, no_calendar, season_of

SHORT = 24  # points up to which one own lag and two leads are all that can be estimated
LEAST_POINTS = 16
LEAST_FREEDOM = 4

Peers = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class Pair:
    """y and x, 1 × periods, about 0 and of unit spread, 0 where missing; `there`: which periods are, by name; `terms`:
    periods × terms; `units`: what a unit of y and of x was."""

    y: np.ndarray
    x: np.ndarray
    there: dict[str, np.ndarray]
    terms: np.ndarray
    units: tuple[float, float]

    @property
    def points(self) -> int:
        """Periods in which both KPIs are there."""
        return int((self.there["y"] & self.there["x"]).sum())

    def turned(self) -> Pair:
        """The pair with the lagging KPI as the leading one."""
        there = {"y": self.there["x"], "x": self.there["y"]}
        return replace(self, y=self.x, x=self.y, there=there, units=self.units[::-1])

    def missing(self, name: str) -> np.ndarray:
        """A series by period, NaN where missing."""
        return np.where(self.there[name], (self.y if name == "y" else self.x)[0], np.nan)


def pair_of(
    leading: pd.Series,
    lagging: pd.Series,
    season: str | None,
    breaks: Iterable[pd.Period | str],
    peers: Peers | None,
) -> Pair | str:
    """The pair less its peers' mean of each period, on all periods from the first to the last; or why there is none."""
    leading, lagging = numbers("leading", leading, pd.Series), numbers("lagging", lagging, pd.Series)
    if peers is not None:
        of_x, of_y = peers
        peers = numbers("peers' leading", of_x, pd.DataFrame), numbers("peers' lagging", of_y, pd.DataFrame)
    calendars = [each.index for each in (leading, lagging, *(peers or ()))]
    if why := no_calendar(calendars):
        return why
    if not len(leading) or not len(lagging):
        return "too_few_points"
    whole = leading, lagging
    if peers is not None:  # each about its own level: who is missing now and then must not move the mean
        means = (p.sub(p.mean()).reindex(s.index).mean(axis=1) for s, p in zip(whole, peers, strict=True))
        leading, lagging = (s - mean for s, mean in zip(whole, means, strict=True))
    first, last = (edge(s.index) for edge, s in ((min, leading), (max, leading)))
    first, last = max(first, min(lagging.index)), min(last, max(lagging.index))
    if first > last:
        return "too_few_points"
    index = pd.period_range(first, last, freq=leading.index.freq)
    x, y = (s.reindex(index).to_numpy() for s in (leading, lagging))
    there = {"y": np.isfinite(y), "x": np.isfinite(x)}
    if (there["y"] & there["x"]).sum() < LEAST_POINTS:
        return "too_few_points"
    for series, raw, why in ((x, whole[0], "leading_constant"), (y, whole[1], "lagging_constant")):
        if np.nanvar(series) <= ALIKE * np.nanvar(raw):
            return why  # nothing but rounding is left beside the peers
    terms = deterministic(index, season_of(index, season), breaks)
    (y, of_y), (x, of_x) = (_scaled(np.where(there[name], v, np.nan)) for name, v in (("y", y), ("x", x)))
    return Pair(y[None], x[None], there, terms, (of_y, of_x))


def degenerate(pair: Pair, leads: tuple[int, ...]) -> str:
    """Why nothing can be tested; '' where it can."""
    y, x, terms, there = pair.y, pair.x, pair.terms, pair.there
    own = (1,) if pair.points <= SHORT else (1, 2)
    if Lagged("y", terms, there, own, (0, *leads)).freedom < LEAST_FREEDOM:
        return "too_few_points"
    for lead in (0, *leads):
        value, *past, leader = Lagged("y", terms, there, own, (lead,)).moves(y, x)
        if not (value and all(past)):
            return "lagging_constant"
        if not leader:
            return "leading_constant"
    if not Lagged("x", terms, there, (1,), (1,)).moves(y, x)[0]:
        return "leading_constant"
    both = Lagged("y", terms, there, (), (0,))
    alone = Lagged("y", terms, {**there, "y": there["y"] & there["x"]})
    left, whole = both.remainder(y, x, both.fit(y, x)[0][0]), alone.remainder(y, x, np.zeros(0))
    return "identical" if np.nansum(left**2) < ALIKE * np.nansum(whole**2) else ""


def _scaled(values: np.ndarray) -> tuple[np.ndarray, float]:
    """About 0 and of unit spread, 0 where missing, and the spread: nothing but rounding depends on a KPI's unit."""
    centred = values - np.nanmean(values)
    unit = float(np.nanstd(centred))
    return np.nan_to_num(centred / (unit or 1.0), nan=0.0), unit or 1.0
