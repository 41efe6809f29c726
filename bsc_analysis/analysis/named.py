"""Tests of one pair of series that other programs give, for analysts and for comparison.

No verdict rests on them: on short, persistent or seasonal series they find links that are not there, far more often
than they say (docs/calibration.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

LEAST_FREEDOM = 2
ALIKE = 1e-12
BAND = 1.96  # standard errors of a correlation that is 0


@dataclass(frozen=True)
class Named:
    """A test's statistic, its distribution under `null` and its p-value; None with a `reason`."""

    name: str
    null: str
    statistic: float = np.nan
    distribution: str = ""
    p: float | None = None
    f: float = np.nan
    freedom: tuple[int, int] = (0, 0)
    p_f: float | None = None
    points: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Prewhitened:
    """Correlations of a leading KPI, its own past filtered out, with a lagging one filtered alike.

    `correlations`: by periods that the lagging KPI follows (below 0: precedes); `band`: ± what chance reaches at one
    of them in 95 of 100 cases; `peak`: where the largest is; `filter`: coefficients of the leading KPI's own lags.
    """

    null: str = "the two series have nothing to do with each other at any lag"
    correlations: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    band: float = np.nan
    peak: int | None = None
    filter: tuple[float, ...] = ()
    points: int = 0
    reason: str = ""


def granger(leading: pd.Series, lagging: pd.Series, lags: int) -> Named:
    """F test that lags 1..`lags` of the leading series add nothing to as many of the lagging one (Granger 1969).

    As lmtest::grangertest in R. Supposes stationary series without season or trend.
    """
    blank = Named("Granger", f"lags 1 to {lags} of the leading series all have coefficient 0")
    return _added(blank, leading, lagging, lags, more=0, trend=False, chi=False)


def toda_yamamoto(
    leading: pd.Series, lagging: pd.Series, lags: int, integration: int = 1, trend: bool = False
) -> Named:
    """Wald test of lags 1..`lags` in levels, with `integration` more lags of both left untested (Toda & Yamamoto 1995).

    `statistic` and `p` by χ², which is too generous in short series; `f` and `p_f` by F.
    """
    told = f"lags 1 to {lags} of the leading series all have coefficient 0, in levels with {integration} more lags"
    return _added(Named("Toda–Yamamoto", told), leading, lagging, lags, integration, trend, chi=True)


def prewhitened(leading: pd.Series, lagging: pd.Series, order: int, most: int = 10) -> Prewhitened:
    """Cross-correlations up to `most` periods either way, after the leading series' own AR(`order`) has filtered both.

    The filter is fitted by least squares about the mean, as R's ar.ols. Needs series without gaps.
    Source: Box & Jenkins 1976, chapter 11.
    """
    pair = _pair(leading, lagging)
    if isinstance(pair, str):
        return Prewhitened(reason=pair)
    if pair.isna().any(axis=None):
        return Prewhitened(reason="gaps")
    n = len(pair) - order
    if n <= max(most + 1, 2 * order + LEAST_FREEDOM):
        return Prewhitened(points=len(pair), reason="too_few_points")
    x, y = (pair[name].to_numpy() - pair[name].mean() for name in ("x", "y"))
    by = np.column_stack([x[order - k : len(x) - k] for k in range(1, order + 1)]) if order else np.zeros((n, 0))
    found = np.linalg.lstsq(by, x[order:], rcond=None)[0]
    x, y = (v[order:] - sum(c * v[order - k : len(v) - k] for k, c in enumerate(found, start=1)) for v in (x, y))
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x**2).sum() * (y**2).sum()))
    at = range(-most, most + 1)
    told = [(x[max(0, -k) : n - max(0, k)] * y[max(0, k) : n - max(0, -k)]).sum() / size for k in at]
    correlations = pd.Series(told, index=pd.Index(at, name="lag"))
    return Prewhitened(
        correlations=correlations,
        band=BAND / np.sqrt(n),
        peak=int(correlations.abs().idxmax()),
        filter=tuple(float(c) for c in found),
        points=n,
    )


def _pair(leading: pd.Series, lagging: pd.Series) -> pd.DataFrame | str:
    """Both series as columns x and y on one calendar; or why they cannot be compared."""
    if leading.index.has_duplicates or lagging.index.has_duplicates:
        return "periods_twice"
    if type(leading.index) is not type(lagging.index) or leading.index.dtype != lagging.index.dtype:
        return "other_calendars"
    pair = pd.DataFrame({"x": leading, "y": lagging}, dtype=float)
    if isinstance(pair.index, pd.PeriodIndex) and len(pair):
        pair = pair.reindex(pd.period_range(pair.index.min(), pair.index.max(), freq=pair.index.freq))
    pair = pair.where(np.isfinite(pair)).loc[pair["x"].first_valid_index() : pair["x"].last_valid_index()]
    pair = pair.loc[pair["y"].first_valid_index() : pair["y"].last_valid_index()]
    for name, why in (("x", "leading_constant"), ("y", "lagging_constant")):
        if pair[name].notna().sum() < 2:
            return "too_few_points"
        if pair[name].std() <= ALIKE * pair[name].abs().max():
            return why
    return pair


def _added(blank: Named, leading: pd.Series, lagging: pd.Series, lags: int, more: int, trend: bool, chi: bool) -> Named:
    """Whether lags 1..`lags` of x add to all other regressors of y."""
    pair = _pair(leading, lagging)
    if isinstance(pair, str):
        return Named(blank.name, blank.null, reason=pair)
    y, x = pair["y"], pair["x"]
    parts = {"constant": pd.Series(1.0, pair.index)}
    if trend:
        parts["trend"] = pd.Series(np.arange(len(pair), dtype=float), pair.index)
    for k in range(1, lags + more + 1):
        parts |= {f"y{k}": y.shift(k), f"x{k}": x.shift(k)}
    rows = pd.DataFrame(parts).assign(told=y).dropna()
    whole, told = rows.drop(columns="told"), rows["told"]
    points = len(rows)
    if lags < 1 or points < whole.shape[1] + LEAST_FREEDOM:
        return Named(blank.name, blank.null, points=points, reason="too_few_points")
    if np.linalg.matrix_rank(whole / np.sqrt((whole**2).sum()).replace(0, 1)) < whole.shape[1]:
        return Named(blank.name, blank.null, points=points, reason="identical")
    full = sm.OLS(told, whole).fit()
    if full.ssr <= ALIKE * full.centered_tss:
        return Named(blank.name, blank.null, points=points, reason="identical")
    small = sm.OLS(told, whole.drop(columns=[f"x{k}" for k in range(1, lags + 1)])).fit()
    f, p_f, _ = (float(value) for value in full.compare_f_test(small))
    freedom = (lags, int(full.df_resid))
    by_f = f"F({lags}, {freedom[1]})"
    if not chi:
        return Named(blank.name, blank.null, f, by_f, p_f, f, freedom, p_f, points)
    p = float(stats.chi2.sf(lags * f, lags))
    return Named(blank.name, blank.null, lags * f, f"χ²({lags})", p, f, freedom, p_f, points)
