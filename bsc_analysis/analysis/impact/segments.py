"""A series, its terms and its periods before and after an action, ready to be estimated; or why it cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import qr

from bsc_analysis.analysis.impact.effect import Effect
from bsc_analysis.analysis.impact.loglinear import log_linear
from bsc_analysis.analysis.impact.trigger import Rows
from bsc_analysis.analysis.impact.windows import Action, Trigger, windows
from bsc_analysis.analysis.terms import ALIKE, TINY, deterministic, no_calendar, season_of

LEAST_FREEDOM = 4
LEAST_EVENTS = 5  # before and after
SETTLED = 1e-10  # relative change of the deviance


@dataclass(frozen=True)
class Segments:
    """`values` by period of `index`, `exposed` what they are out of (1 each without); `terms`: periods × terms, the
    last `effects` of them the action's; `before`, `after`, `window`: masks of periods; `names` of the actions and the
    `trigger` of that window. `working`: by period, what is linear in the terms: a value is `centre` + `unit` × that,
    or e to that power; `mean`: the expected counts."""

    index: pd.PeriodIndex
    values: np.ndarray
    exposed: np.ndarray
    terms: np.ndarray
    effects: int
    before: np.ndarray
    after: np.ndarray
    window: np.ndarray
    names: tuple[str, ...]
    trigger: Trigger | None
    working: np.ndarray
    centre: float = 0.0
    unit: float = 1.0
    mean: np.ndarray | None = None

    @property
    def used(self) -> np.ndarray:
        return self.before | self.after

    @property
    def roots(self) -> np.ndarray:
        """Roots of the periods' weights."""
        return np.ones(len(self.index)) if self.mean is None else np.sqrt(self.mean)

    @property
    def rows(self) -> Rows:
        """The periods that the model is given: those used, and the trigger's window, which is held."""
        of = self.used | self.window
        return Rows(self.terms[of], np.flatnonzero(of), self.roots[of], self.window[of], self.after[of])

    @property
    def weighed(self) -> np.ndarray:
        """The working values of those rows times the roots of their weights."""
        return (self.roots * self.working)[self.used | self.window]

    @property
    def contrast(self) -> np.ndarray:
        """The mean effect over the periods after the action, as a combination of the coefficients."""
        told = np.zeros(self.terms.shape[1])
        told[-self.effects :] = self.terms[self.after, -self.effects :].mean(axis=0)
        return told

    def rule(self, trigger: Trigger) -> Trigger:
        """The trigger on the scale of what is estimated: counts per exposure by their logarithm."""
        beyond = trigger.beyond if self.mean is None else float(np.log(max(trigger.beyond, np.finfo(float).tiny)))
        return replace(trigger, beyond=(beyond - self.centre) / self.unit)


def segments_of(
    series: pd.Series,
    action: Action,
    others: Sequence[Action],
    counts: bool,
    exposure: pd.Series | None,
    beside: pd.DataFrame | None,
    season: str | None,
    slope: bool,
) -> Segments | Effect:
    """The series on a calendar without gaps; see interrupted."""
    told = [each for each in (series, exposure, beside) if each is not None]
    if why := no_calendar([each.index for each in told]):
        return Effect("", reason=why)
    if not series.notna().any():
        return Effect("", reason="no_data", names=(action.name,))
    index = pd.period_range(series.index.min(), series.index.max(), freq=series.index.freq)
    values = series.reindex(index).to_numpy()
    exposed = np.ones(len(index)) if exposure is None else exposure.reindex(index).to_numpy()
    covariates = np.zeros((len(index), 0)) if beside is None else beside.reindex(index).to_numpy()
    there = np.isfinite(values) & (exposed > 0) & np.isfinite(covariates).all(axis=1)
    if counts and (values[there] < 0).any():
        return Effect("", reason="negative_counts", names=(action.name,))
    seen = windows(index, action, others, there)
    blank = Effect("", names=seen.names, before=int(seen.before.sum()), after=int(seen.after.sum()))
    if seen.reason:
        return replace(blank, reason=seen.reason)
    used = seen.before | seen.after
    covariates = np.nan_to_num(covariates - covariates[used].mean(axis=0)) if covariates.shape[1] else covariates
    nuisance = np.column_stack([deterministic(index, season_of(index, season), seen.steps), covariates])
    since = np.arange(len(index)) - index.get_loc(seen.start)
    effects = np.column_stack([since >= 0, np.maximum(since, 0)][: 1 + slope]).astype(float)
    terms = np.column_stack([nuisance[:, _independent(nuisance[used])], effects])
    terms[nuisance[:, (nuisance[used] == 0).all(axis=0)].any(axis=1)] = np.nan  # months of which nothing is known
    if used.sum() - terms.shape[1] < LEAST_FREEDOM:
        return replace(blank, reason="too_few_points")
    if why := _alike(nuisance[used], effects[used]):
        return replace(blank, reason=why)
    masks = seen.before, seen.after, seen.window & np.isfinite(terms).all(axis=1)
    plain = Segments(index, values, exposed, terms, effects.shape[1], *masks, seen.names, seen.trigger, values)
    found = _of_counts(plain) if counts else _of_values(plain)
    return found if isinstance(found, Segments) else replace(blank, reason=found)


def _of_values(of: Segments) -> Segments | str:
    y, terms = of.values[of.used], of.terms[of.used]
    centre = float(y.mean())
    unit = float((y - centre).std())
    if unit <= ALIKE * np.abs(y).max():
        return "all_equal"
    left = y - centre - terms @ np.linalg.lstsq(terms, y - centre)[0]
    if left.std() <= ALIKE * unit:
        return "no_variation"
    return replace(of, working=(of.values - centre) / unit, centre=centre, unit=unit)


def _of_counts(of: Segments) -> Segments | str:
    """With the working response of a Poisson regression."""
    y, terms, exposed = of.values[of.used], of.terms[of.used], of.exposed[of.used]
    if (y == y[0]).all() and (exposed == exposed[0]).all():
        return "all_equal"
    cells = ((terms == 0) | (terms == 1)).all(axis=0)
    if min(of.values[of.before].sum(), of.values[of.after].sum()) < LEAST_EVENTS or (y @ terms[:, cells] == 0).any():
        return "too_few_events"
    found = log_linear(y, terms, exposed, settled=SETTLED)
    if not found.settled:
        return "too_few_events"
    if found.dispersion <= ALIKE:
        return "no_variation"
    logs = of.terms @ found.coefficients
    mean = np.where(of.exposed > 0, of.exposed, np.nan) * np.exp(logs)
    return replace(of, working=logs + (of.values - mean) / mean, mean=mean)


def _independent(terms: np.ndarray) -> np.ndarray:
    """Which columns make up all of them, in their order."""
    _, triangle, order = qr(terms, mode="economic", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    return np.sort(order[: int((sizes > TINY * sizes[0]).sum())])


def _alike(nuisance: np.ndarray, effects: np.ndarray) -> str:
    """Whether trend, season and the like look the same as the action's start in these periods."""
    kept = nuisance[:, _independent(nuisance)]
    left = effects - kept @ np.linalg.lstsq(kept, effects)[0]
    sizes = np.linalg.svd(left / np.maximum(np.linalg.norm(effects, axis=0), TINY), compute_uv=False)
    return "start_like_season" if sizes[-1] < np.sqrt(ALIKE) else ""
