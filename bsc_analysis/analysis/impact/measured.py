"""How often the methods of this package err on series and panels whose truth is known: what `make calibrate` asks.

Every function takes its number of repetitions and a seed, and returns rates: 'found' p at most 5 %, 'covered' the
planted effect in the interval, 'untold' no p at all (of all repetitions; the others of those told), and the same of a
method that must not be used.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.impact.compared import compared
from bsc_analysis.analysis.impact.effect import ALPHA, Effect
from bsc_analysis.analysis.impact.interrupted import interrupted
from bsc_analysis.analysis.impact.segmented import NORMAL, segmented
from bsc_analysis.analysis.impact.windows import Action, Trigger
from bsc_analysis.analysis.panel_ols import panel_ols

BURN, TRIES = 60, 10_000
SWING, RISE = 1.0, 1.0  # of a season; of a trend over the whole stretch
COUNT, ROUGH = 80, 0.15  # of events per period; their persistent swing beyond chance, on the log scale
AROUND = 6  # periods before and after that a hasty comparison uses


@dataclass(frozen=True)
class Series:
    """Months with trend and season and unit persistent noise; an action at place `at` moves them by `effect`.

    With `trigger` only series are kept in which it fires then (`first`: the action comes when it fires first from `at`
    on, as leaders do). `counts`: Poisson counts whose logs are such a series, times ROUGH.
    """

    periods: int = 36
    at: int = 24
    persistence: float = 0.6
    effect: float = 0.0
    counts: bool = False
    trigger: Trigger | None = None
    first: bool = False

    def drawn(self, rng: np.random.Generator) -> tuple[pd.Series, pd.Period]:
        """A series and the start of the action.

        Raises ValueError where the trigger never fires.
        """
        index, months = pd.period_range("2020-01", periods=self.periods, freq="M"), np.arange(self.periods)
        for _ in range(TRIES):
            values = persistent(rng, self.periods, 1, self.persistence)[:, 0]
            values += RISE * months / self.periods + SWING * np.sin(2 * np.pi * months / 12)
            start = self._start(values)
            if start is not None:
                values[start:] += self.effect
                if self.counts:
                    values = rng.poisson(COUNT * np.exp(ROUGH * values)).astype(float)
                return pd.Series(values, index), index[start]
        raise ValueError("the trigger never fires in such series")

    def _start(self, values: np.ndarray) -> int | None:
        if self.trigger is None:
            return self.at
        places = range(self.at, self.periods - AROUND) if self.first else (self.at,)
        return next((p for p in places if self.trigger.fired(values[p - self.trigger.periods : p])), None)


def series_rates(design: Series, repetitions: int, seed: int = 0, draws: int = 199) -> dict[str, float]:
    """Of one practice's series: ours; 'newey_west': segmented regression with its errors; 'before_after': Welch's test
    of half a year before against half a year after."""
    counts: dict[str, float] = defaultdict(float)
    for repetition in range(repetitions):
        rng = np.random.default_rng([seed, repetition])
        series, start = design.drawn(rng)
        found = interrupted(
            series, Action("a", start, trigger=design.trigger), counts=design.counts, draws=draws, seed=repetition
        )
        truth = np.exp(ROUGH * design.effect) if design.counts else design.effect
        place = series.index.get_loc(start)
        halves = series.iloc[place - AROUND : place], series.iloc[place : place + AROUND]
        plain = segmented(np.log(series + 0.5) if design.counts else series, start, waves=2, neighbours=4)
        level = plain.coefficients.loc["level"]
        beside = {
            "newey_west": float(abs(level["effect"]) > NORMAL * level["error"]),
            "before_after": float(stats.ttest_ind(*halves, equal_var=False).pvalue <= ALPHA),
        }
        _add(counts, _told(found, truth) | beside)
    return _rates(counts, repetitions, ("newey_west", "before_after"))


@dataclass(frozen=True)
class Panel:
    """Months of `practices`, of which `treated` act, from `first` on `apart` months after each other, or all at once;
    all share a random walk, and each has a level and persistent noise. From the start on the KPI moves by `effect`,
    and by `growth` more each month. `noisy`: how much further those that act swing. `trigger`: those act for which it
    fires, at the first month from `first` on in which it does, about their own level."""

    practices: int = 20
    treated: int = 5
    periods: int = 24
    first: int = 12
    apart: int = 1
    persistence: float = 0.6
    effect: float = 0.0
    growth: float = 0.0
    noisy: float = 1.0
    trigger: Trigger | None = None

    def drawn(self, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, Action], float]:
        """The panel, who acted when, and the mean effect over the practices and periods after their starts."""
        index = pd.period_range("2020-01", periods=self.periods, freq="M")
        names = [f"p{i:03}" for i in range(self.practices)]
        own = persistent(rng, self.periods, self.practices, self.persistence)
        starts = {i: self.first + i * self.apart for i in range(self.treated)}
        own[:, : self.treated] *= self.noisy
        if self.trigger is not None:
            starts = self._fired(own)
        since = np.full(own.shape, -1)
        for i, start in starts.items():
            since[:, i] = np.arange(self.periods) - start
        moved = np.where(since >= 0, self.effect + self.growth * np.maximum(since, 0), 0.0)
        levels = rng.normal(0, 2, self.practices) if self.trigger is None else 0.0
        shared = rng.standard_normal((self.periods, 1)).cumsum(axis=0) * (0.5 if self.trigger is None else 0.0)
        acts = {names[i]: Action("a", index[start], trigger=self.trigger) for i, start in starts.items()}
        truth = float(moved[since >= 0].mean()) if acts else 0.0
        return pd.DataFrame(own + moved + shared + levels, index, names), acts, truth

    def _fired(self, own: np.ndarray) -> dict[int, int]:
        told: dict[int, int] = {}
        assert self.trigger is not None
        for i in range(self.practices):
            for place in range(self.first, self.periods - AROUND):
                if len(told) < self.treated and self.trigger.fired(own[place - self.trigger.periods : place, i]):
                    told[i] = place
                    break
        return told


def panel_rates(design: Panel, repetitions: int, seed: int = 0, draws: int = 199) -> dict[str, float]:
    """Of a group: ours, its mean 'effect' and the 'truth'; 'two_way': a slope on "has acted" beside levels of practices
    and periods, errors by practice, and its mean 'two_way_effect'."""
    counts: dict[str, float] = defaultdict(float)
    for repetition in range(repetitions):
        frame, acts, truth = design.drawn(np.random.default_rng([seed, repetition]))
        found = compared(frame, acts, draws=draws, seed=repetition)
        plain = two_way(frame, acts)
        told = {"effect": float(np.nan_to_num(found.effect)), "truth": truth, "two_way_effect": plain[0]}
        _add(counts, _told(found, truth) | told | {"two_way": float(plain[1] <= ALPHA)})
    return _rates(counts, repetitions, ("two_way", "two_way_effect", "effect", "truth"))


def two_way(frame: pd.DataFrame, acts: dict[str, Action]) -> tuple[float, float]:
    """The slope on "has acted" of two-way fixed effects and its p with errors by practice, for comparison only."""
    after = {p: (frame.index >= acts[p].start).astype(float) if p in acts else 0.0 for p in frame.columns}
    found = panel_ols(frame, {"acts": pd.DataFrame(after, frame.index)})
    return (0.0, 1.0) if found.reason else (found.coefficients["acts"], found.p.loc["acts", "practice"])


def persistent(rng: np.random.Generator, periods: int, series: int, persistence: float) -> np.ndarray:
    """First-order autoregressions of unit variance, periods × series."""
    values = rng.standard_normal((periods + BURN, series)) * np.sqrt(1 - persistence**2)
    for t in range(1, periods + BURN):
        values[t] += persistence * values[t - 1]
    return values[BURN:]


def _told(found: Effect, truth: float) -> dict[str, float]:
    if found.p is None:
        return {"untold": 1.0}
    return {"found": float(found.p <= ALPHA), "covered": float(found.lower <= truth <= found.upper)}


def _add(counts: dict[str, float], told: dict[str, float]) -> None:
    for name, value in told.items():
        counts[name] += value


def _rates(counts: dict[str, float], repetitions: int, beside: tuple[str, ...]) -> dict[str, float]:
    told = max(repetitions - counts["untold"], 1)
    rates = {name: counts[name] / told for name in ("found", "covered")}
    return rates | {"untold": counts["untold"] / repetitions} | {name: counts[name] / repetitions for name in beside}
