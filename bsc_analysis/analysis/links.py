"""Does one practice's leading KPI move before its lagging one? A test that holds on short, persistent, seasonal series.

Null hypothesis: the lagging KPI moves by its own past, its season, its trend and its declared breaks; the leading one
may answer it, and both may move together in the same period. The p-value is that of the largest |t| over all leads
tested, among pairs simulated under that null: one test per link. docs/calibration.md says how often it errs.

Sources: Toda & Yamamoto 1995 on why levels with pre-tests err; Davidson & MacKinnon 2004 on simulated nulls;
Kendall 1954 and Shaman & Stine 1988 on the bias of persistence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.lagged import Lagged
from bsc_analysis.analysis.null import fit_null
from bsc_analysis.analysis.terms import deterministic, season_of
from bsc_analysis.analysis.verdict import PROFILE, Verdict, judge

SHORT = 24  # periods up to which one own lag and two leads are all that can be estimated
LEAST_POINTS = 16
LEAST_FREEDOM = 4
LEVEL, POWER = 0.95, 0.8416  # of intervals; the normal quantile of a power of 80 %
ALIKE = 1e-8  # share of a series that must be its own, not its terms' or the other's

__all__ = ["judge", "test_link"]


def test_link(
    leading: pd.Series,
    lagging: pd.Series,
    *,
    within: int,
    expect: str | None = None,
    least: float | None = None,
    season: str | None = "auto",
    breaks: Iterable[pd.Period | str] = (),
    peers: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    draws: int = 999,
    seed: int = 0,
) -> Verdict:
    """The verdict on `leading` → `lagging` (each a Series on a PeriodIndex of one frequency; missing stays missing).

    `within`: the longest lead, in periods; at most 2 are tested up to 24 periods, else 4. `expect`: 'positive' or
    'negative'. `least`: the smallest effect that matters, in the lagging KPI's unit per unit of the leading one.
    `season`: 'auto' by frequency, or None. `breaks`: periods at which either series began anew. `peers`: other
    practices' leading and lagging KPI (periods × practices), whose mean of each period is taken off. `draws`: simulated
    pairs. What cannot be tested has p-values None and a `reason`.
    """
    blank = Verdict(expect=expect, least=least)
    pair = _pair(leading, lagging, peers)
    if isinstance(pair, str):
        return replace(blank, reason=pair)
    index, x, y = pair
    there = {"y": np.isfinite(y), "x": np.isfinite(x)}
    n = int((there["y"] & there["x"]).sum())
    blank = replace(blank, points=n)
    if n < LEAST_POINTS:
        return replace(blank, reason="too_few_points")
    if within < 1:
        return replace(blank, reason="window_too_short")
    terms = deterministic(index, season_of(index, season), breaks)
    ys, xs = np.nan_to_num(_scaled(y), nan=0.0)[None], np.nan_to_num(_scaled(x), nan=0.0)[None]
    leads = tuple(range(1, min(within, 2 if n <= SHORT else 4) + 1))
    if why := _degenerate(terms, there, ys, xs, leads):
        return replace(blank, reason=why)
    rng = np.random.default_rng(seed)
    most = 1 if n <= SHORT else 2
    orders = (_order("y", ys, xs, terms, there, most), _order("x", ys, xs, terms, there, most))
    return _tested(blank, rng, ys, xs, terms, there, orders, leads, draws, (_spread(y), _spread(x)))


def _pair(leading: pd.Series, lagging: pd.Series, peers) -> tuple[pd.PeriodIndex, np.ndarray, np.ndarray] | str:
    """Both series on one calendar without gaps, less their peers' mean; or why they cannot be compared."""
    for series in (leading, lagging):
        if not isinstance(series.index, pd.PeriodIndex):
            return "no_calendar"
        if series.index.has_duplicates:
            return "periods_twice"
    if leading.index.freqstr != lagging.index.freqstr:
        return "other_calendars"
    if not len(leading) or not len(lagging):
        return "too_few_points"
    if peers is not None:
        leading, lagging = (s - p.reindex(s.index).mean(axis=1) for s, p in zip((leading, lagging), peers, strict=True))
    first, last = (edge(s.index) for edge, s in ((min, leading), (max, leading)))
    first, last = max(first, min(lagging.index)), min(last, max(lagging.index))
    if first > last:
        return "too_few_points"
    index = pd.period_range(first, last, freq=leading.index.freq)
    x, y = (s.reindex(index).to_numpy(dtype=float, na_value=np.nan) for s in (leading, lagging))
    return index, np.where(np.isfinite(x), x, np.nan), np.where(np.isfinite(y), y, np.nan)


def _spread(values: np.ndarray) -> float:
    seen = values[np.isfinite(values)]
    return float(np.std(seen)) or 1.0


def _scaled(values: np.ndarray) -> np.ndarray:
    """About 0 and of unit spread: nothing but rounding depends on a KPI's unit."""
    return (values - np.nanmean(values)) / _spread(values)


def _degenerate(terms: np.ndarray, there: dict, y: np.ndarray, x: np.ndarray, leads: tuple[int, ...]) -> str:
    """Why nothing can be tested; '' where it can."""
    if Lagged("y", terms, there, (1, 2), (0, leads[-1])).freedom < LEAST_FREEDOM:
        return "too_few_points"
    for of, values, why in (("y", y, "lagging_constant"), ("x", x, "leading_constant")):
        rows = Lagged(of, terms, there)
        if (rows.remainder(y, x, np.zeros(0))[rows.rows] ** 2).mean() < ALIKE * max(values.var(), ALIKE):
            return why
    both = Lagged("y", terms, there, (), (0,))
    alone = Lagged("y", terms, {**there, "y": there["y"] & there["x"]})
    left, whole = both.remainder(y, x, both.fit(y, x)[0][0]), alone.remainder(y, x, np.zeros(0))
    return "identical" if np.nansum(left**2) < ALIKE * np.nansum(whole**2) else ""


def _order(of: str, y: np.ndarray, x: np.ndarray, terms: np.ndarray, there: dict, most: int) -> int:
    """Own lags, 1 to `most`, by BIC under the null, all judged on the rows of the longest."""
    models = []
    for order in range(1, most + 1):
        own = tuple(range(1, order + 1))
        models.append(Lagged("y", terms, there, own) if of == "y" else Lagged("x", terms, there, (1,), own))
    rows = models[-1].rows
    left = [m.remainder(y, x, m.fit(y, x)[0][0])[rows] for m in models]
    bic = [len(rows) * np.log((e**2).mean()) + order * np.log(len(rows)) for order, e in enumerate(left, start=1)]
    return int(np.argmin(bic)) + 1


def _tested(
    blank: Verdict,
    rng: np.random.Generator,
    y: np.ndarray,
    x: np.ndarray,
    terms: np.ndarray,
    there: dict,
    orders: tuple[int, int],
    leads: tuple[int, ...],
    draws: int,
    spreads: tuple[float, float],
) -> Verdict:
    """The verdict of a pair that can be tested; `spreads` of y and x bring a scaled effect to the KPIs' units."""
    unit = spreads[0] / spreads[1]
    own = tuple(range(1, orders[0] + 1))
    forecasts, beyond = ([Lagged("y", terms, there, own, (*by, k)) for k in leads] for by in ((), (0,)))
    together, joint = Lagged("y", terms, there, own, (0,)), Lagged("y", terms, there, own, leads)
    null = fit_null(rng, y, x, terms, there, orders)
    moved = fit_null(rng, y, x, terms, there, orders, (0, *leads))
    largest = _largest(forecasts, *null.draw(rng, draws))
    p_forecasts = _p(_largest(forecasts, y, x)[0], largest)
    p_beyond = _p(_largest(beyond, y, x)[0], _largest(beyond, *moved.draw(rng, draws)))
    p_same = _p(_largest([together], y, x)[0], _largest([together], *null.draw(rng, draws, apart=True)))
    estimate, error = np.array([m.last(y, x) for m in forecasts])[:, :, 0].T
    reach = float(np.quantile(largest, LEVEL))
    at = int(np.abs(estimate / error).argmax())
    profile = pd.DataFrame({"estimate": estimate, "lower": estimate - reach * error, "upper": estimate + reach * error})
    profile = (profile * unit).assign(lag=leads)[PROFILE]
    chosen = profile.iloc[at]
    own_movement = Lagged("x", terms, there).remainder(y, x, np.zeros(0))
    return replace(
        blank,
        p_forecasts=p_forecasts,
        # Where both answer one cause in the same period, x of that period held fast lends x's past a part (13–31 %
        # of such pairs would lead): what does not help to forecast does not lead.
        p_leads=max(p_forecasts, p_beyond),
        p_same_period=p_same,
        effect=float(chosen["estimate"]),
        per_sd=float(chosen["estimate"] * np.sqrt(np.nanmean(own_movement**2)) * spreads[1]),
        interval=(float(chosen["lower"]), float(chosen["upper"])),
        cumulative=float(joint.fit(y, x)[0][0, len(own) :].sum() * unit) if joint.freedom > 0 else np.nan,
        shrunken=float(chosen["estimate"] * max(0.0, 1 - (error[at] / estimate[at]) ** 2)),
        same_period=float(together.last(y, x)[0][0] * unit),
        lag=leads[at],
        lags_tested=leads,
        profile=profile,
        smallest_effect=float((reach + POWER) * error[at] * unit),
    )


def _largest(models: list[Lagged], y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The largest |t| of the models' last regressors, by draw."""
    return np.max([np.abs(np.divide(*model.last(y, x))) for model in models], axis=0)


def _p(seen: float, drawn: np.ndarray) -> float:
    return float((1 + (drawn >= seen).sum()) / (len(drawn) + 1))
