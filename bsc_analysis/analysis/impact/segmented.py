"""Segmented regressions as other programs give them, for analysts and for comparison.

No verdict rests on them: their errors know nothing, or too little, of what one period leaves to the next
(interrupted does).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from bsc_analysis.analysis.given import numbers, start_of
from bsc_analysis.analysis.impact.loglinear import log_linear
from bsc_analysis.analysis.terms import SEASONS, no_calendar

NORMAL = float(stats.norm.ppf(0.975))
COLUMNS = ["effect", "error", "lower", "upper"]


@dataclass(frozen=True)
class Segmented:
    """`coefficients`: constant, level, trend, slope, waves × effect, error, lower, upper (95 %, normal); of counts on
    the log scale. `dispersion`, `deviance` and `freedom` of the fit; `points` used."""

    coefficients: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS, dtype=float))
    dispersion: float = np.nan
    deviance: float = np.nan
    freedom: int = 0
    points: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Ahead:
    """Means over the periods from the start on: what was, what least squares on the periods before expected of the
    covariates, and the difference."""

    actual: float = np.nan
    counterfactual: float = np.nan
    effect: float = np.nan
    reason: str = ""


def segmented(
    series: pd.Series,
    start: pd.Period | str,
    *,
    exposure: pd.Series | None = None,
    counts: bool = False,
    dispersed: bool = False,
    waves: int = 0,
    slope: bool = False,
    neighbours: int | None = None,
) -> Segmented:
    """The change of level at `start`, beside a trend by period; periods with anything missing are left out.

    `counts`: Poisson's regression, of `exposure`; `dispersed`: with quasi-Poisson errors. Else least squares, errors
    with `neighbours` robust to as many periods before (Newey & West 1987, no correction for short series). `waves`:
    pairs of a year's harmonics; `slope`: whether the trend may change too.
    """
    series = numbers("series", series, pd.Series)
    out_of = pd.Series(1.0, series.index) if exposure is None else numbers("exposure", exposure, pd.Series)
    if why := no_calendar([series.index, out_of.index]):
        return Segmented(reason=why)
    index = series.index
    out_of = out_of.reindex(index)
    frame = _terms(index, start_of(start, index), slope, waves)
    used = (series.notna() & (out_of > 0)).to_numpy()
    y, terms, exposed = series.to_numpy()[used], frame.to_numpy()[used], out_of.to_numpy()[used]
    if len(y) <= terms.shape[1] or np.linalg.matrix_rank(terms) < terms.shape[1]:
        return Segmented(points=len(y), reason="too_few_points")
    if counts:
        if (y < 0).any():
            return Segmented(points=len(y), reason="negative_counts")
        fit = log_linear(y, terms, exposed)
        if not fit.settled:
            return Segmented(points=len(y), reason="too_few_events")
        errors = np.sqrt(np.diag(fit.spread) * (fit.dispersion if dispersed else 1.0))
        told = fit.coefficients, fit.dispersion, fit.deviance, fit.freedom
    else:
        plain = sm.OLS(y, terms).fit()
        robust = neighbours is not None
        errors = plain.get_robustcov_results("HAC", maxlags=neighbours).bse if robust else plain.bse
        told = plain.params, plain.scale, plain.ssr, int(plain.df_resid)
    values = np.column_stack([told[0], errors, told[0] - NORMAL * errors, told[0] + NORMAL * errors])
    return Segmented(pd.DataFrame(values, frame.columns, COLUMNS), *told[1:], len(y))


def added(less: Segmented, more: Segmented) -> tuple[float, float]:
    """F and p of what the terms of `more` add to those of `less`, by the dispersion of `more`."""
    terms = less.freedom - more.freedom
    f = (less.deviance - more.deviance) / terms / more.dispersion
    return float(f), float(stats.f.sf(f, terms, more.freedom))


def ahead(series: pd.Series, by: pd.DataFrame, start: object) -> Ahead:
    """What `series` was from `start` on against what `by` (period × covariate), fitted before it, expected."""
    whole = pd.concat([numbers("series", series, pd.Series).rename(""), numbers("by", by, pd.DataFrame)], axis=1)
    whole = whole.dropna()
    before, after = whole[whole.index < start], whole[whole.index >= start]
    if len(before) <= whole.shape[1] or not len(after):
        return Ahead(reason="too_few_before" if len(after) else "after_data")
    terms = sm.add_constant(before.iloc[:, 1:].to_numpy(), has_constant="add")
    if np.linalg.matrix_rank(terms) < terms.shape[1]:
        return Ahead(reason="regressors_alike")
    fitted = sm.OLS(before.iloc[:, 0].to_numpy(), terms).fit()
    expected = float(fitted.predict(sm.add_constant(after.iloc[:, 1:].to_numpy(), has_constant="add")).mean())
    actual = float(after.iloc[:, 0].mean())
    return Ahead(actual, expected, actual - expected)


def _terms(index: pd.PeriodIndex, start: pd.Period, slope: bool, waves: int) -> pd.DataFrame:
    """Constant, level, trend (1, 2, …), slope, waves by the place in the year."""
    place = np.asarray(index.month if index.freqstr[0] == "M" else index.quarter)
    since = np.array([(each - start).n for each in index])
    terms = {"constant": np.ones(len(index)), "level": (since >= 0) * 1.0, "trend": np.arange(1.0, len(index) + 1)}
    if slope:
        terms["slope"] = np.maximum(since + 1, 0) * 1.0
    for k in range(1, waves + 1):
        angle = 2 * np.pi * k * place / SEASONS[index.freqstr[0]]
        terms |= {f"sine {k}": np.sin(angle), f"cosine {k}": np.cos(angle)}
    return pd.DataFrame(terms, index)
