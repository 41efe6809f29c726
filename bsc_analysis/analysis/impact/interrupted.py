"""One practice's series before and after an action: segmented regression with its counterfactual.

A constant, a trend, a season of any shape, steps at earlier actions, and the level from the action on, if asked with a
slope of its own. Errors remember the period before: see persistent. Counts (with or without exposure) have a log link
and the variance of an overdispersed Poisson count (McCullagh & Nelder 1989); without persistence their errors are
those of a quasi-Poisson regression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.impact.effect import ALPHA, AVERAGED, COUNTS, INTERRUPTED, PERIODS, SIMULATED, Effect
from bsc_analysis.analysis.impact.persistent import Persistent, two_sided
from bsc_analysis.analysis.impact.segments import Segments, segments_of
from bsc_analysis.analysis.impact.trigger import without_effect
from bsc_analysis.analysis.impact.windows import Action

DRAWS = 999


def interrupted(
    series: pd.Series,
    action: Action,
    others: Sequence[Action] = (),
    *,
    counts: bool = False,
    exposure: pd.Series | None = None,
    beside: pd.DataFrame | None = None,
    season: str | None = "auto",
    slope: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
) -> Effect:
    """The effect of `action` on a KPI's series (PeriodIndex, NaN where missing), in its unit; of `counts` a ratio.

    `others`: the other actions on the KPI; those within six months are part of one joint estimate. `exposure`: what the
    counts are out of. `beside`: series that the action cannot have moved (period × name), such as the KPI of peers.
    `season`: 'auto' or None. `slope`: whether the trend may change too. `draws`, `seed`: of what a trigger's rule does.

    Raises TypeError or ValueError where what is given is no series of numbers.
    """
    method = COUNTS if counts else INTERRUPTED
    series = numbers("series", series, pd.Series)
    if exposure is not None and not counts:
        raise ValueError("exposure is given of what are no counts; say counts=True, or give the rates alone")
    exposure = None if exposure is None else numbers("exposure", exposure, pd.Series)
    beside = None if beside is None else numbers("beside", beside, pd.DataFrame)
    of = segments_of(series, action, others, counts, exposure, beside, season, slope)
    if isinstance(of, Effect):
        return replace(of, method=method)
    rows, weighed, contrast = of.rows, of.weighed, of.contrast
    model = Persistent(rows.roots[:, None] * rows.terms, rows.times, rows.window)
    told = model.told(weighed, contrast[:, None])
    below = float(told.below(0.0)[0])
    turn = _exp if counts else np.asarray
    level, change = _parts(of, model, weighed)
    found = Effect(
        method,
        "ratio" if counts else "difference",
        float(turn(of.unit * told.mean[0])),
        p=two_sided(below),
        inference=AVERAGED,
        level=level,
        slope=change,
        persistence=model.persistence(weighed),
        names=of.names,
        before=int(of.before.sum()),
        after=int(of.after.sum()),
        periods=_periods(of, model, weighed, turn),
    )
    shares = ALPHA / 2, 1 - ALPHA / 2
    if of.trigger is not None and rows.window.any():
        rng = np.random.default_rng(seed)
        chance, drift = without_effect(model, weighed, rows, of.rule(of.trigger), contrast, draws, rng)
        rarer = 1 + min((chance <= below).sum(), (chance >= below).sum())
        found = replace(
            found,
            p=min(1.0, 2 * float(rarer) / (draws + 1)),
            inference=SIMULATED,
            drift=float(turn(of.unit * drift)),
            note="" if of.trigger.fired(of.values[of.window] / of.exposed[of.window]) else "trigger_not_met",
        )
        shares = tuple(np.quantile(chance, shares))
    lower, upper = (float(turn(of.unit * told.quantile(share)[0])) for share in shares)
    return replace(found, lower=lower, upper=upper)


def _parts(of: Segments, model: Persistent, weighed: np.ndarray) -> tuple[float, float]:
    """The change of level, and of slope, on the link's scale; NaN where the slope may not change."""
    if of.effects == 1:
        return np.nan, np.nan
    level, slope = of.unit * model.told(weighed, np.eye(of.terms.shape[1])[:, -2:]).mean
    return float(level), float(slope)


def _periods(of: Segments, model: Persistent, weighed: np.ndarray, turn: Callable) -> pd.DataFrame:
    """What was and what would have been, by period; bounds are those of single values."""
    without = of.terms.copy()
    without[:, -of.effects :] = 0
    fitted, expected = (model.told(weighed, terms.T) for terms in (of.terms, without))
    variance = model.variance(weighed)
    of_one = replace(expected, scale=np.sqrt(expected.scale**2 + variance[:, None] / of.roots**2))
    told = [fitted.mean, expected.mean, of_one.quantile(ALPHA / 2), of_one.quantile(1 - ALPHA / 2)]
    exposed = np.where(of.exposed > 0, of.exposed, np.nan)
    columns = [of.values, *(exposed * turn(of.centre + of.unit * each) for each in told), of.used]
    return pd.DataFrame(dict(zip(PERIODS, columns, strict=True)), index=of.index)


def _exp(logs: np.ndarray | float) -> np.ndarray:
    """e to that power, infinite where it is beyond all numbers."""
    with np.errstate(over="ignore"):
        return np.exp(logs)
