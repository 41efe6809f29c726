"""Tests of a whole group's link that other programs give, for analysts and for comparison.

No verdict rests on them: on persistent data, or where the lagging KPI answers back, they find links that are not there
in up to 100 of 100 groups (docs/calibration.md). Frames are period × practice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

LEAST_PRACTICES = 2
ALIKE, ROUNDING = 1e-12, 1e-10


@dataclass(frozen=True)
class DumitrescuHurlin:
    """The mean of the practices' Wald statistics, standardised for many periods (`zbar`) and for few (`ztilde`).

    `walds`: by practice, each χ² with `lags` degrees of freedom under `null`; p-values two-sided; None with a `reason`.
    """

    null: str = "the leading KPI's lags have coefficient 0 in every practice"
    lags: int = 1
    wbar: float = np.nan
    zbar: float = np.nan
    p_zbar: float | None = None
    ztilde: float = np.nan
    p_ztilde: float | None = None
    walds: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    practices: int = 0
    reason: str = ""


@dataclass(frozen=True)
class HalfPanelJackknife:
    """Pooled coefficients of the leading KPI's lags less the bias that halving the periods doubles.

    `plain`: before; `coefficients`: after; `covariance`: of them; `wald`: χ² with as many degrees of freedom as lags.
    """

    null: str = "the leading KPI's lags have coefficient 0 in every practice"
    coefficients: tuple[float, ...] = ()
    plain: tuple[float, ...] = ()
    covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    wald: float = np.nan
    p: float | None = None
    practices: int = 0
    reason: str = ""


def dumitrescu_hurlin(leading: pd.DataFrame, lagging: pd.DataFrame, lags: int = 1) -> DumitrescuHurlin:
    """Dumitrescu & Hurlin 2012, as plm::pgrangertest in R; practices with a gap are left out.

    Source: Economic Modelling 29, 1450–1460, equations 9 and 31.
    """
    both = _whole(leading, lagging, least=4 + 3 * lags)
    if isinstance(both, str):
        return DumitrescuHurlin(lags=lags, reason=both)
    x, y, names = both
    n, k, t = len(names), lags, x.shape[0] - lags
    walds = []
    for i in range(n):
        own, by, told = _lagged(x[:, i], y[:, i], lags)
        freed = _without(own, np.column_stack([told, by]))
        _, left, rank, _ = np.linalg.lstsq(freed[:, 1:], freed[:, 0], rcond=None)
        if rank < k or left.sum() <= ALIKE * (told**2).sum():
            return DumitrescuHurlin(lags=lags, practices=n, reason="identical")
        walds.append(((freed[:, 0] ** 2).sum() - left[0]) / left[0] * (t - 2 * k - 1))
    wbar = float(np.mean(walds))
    zbar = float(np.sqrt(n / (2 * k)) * (wbar - k))
    few = (t - 2 * k - 5) / (t - k - 3)
    ztilde = float(np.sqrt(n / (2 * k) * few) * ((t - 2 * k - 3) / (t - 2 * k - 1) * wbar - k)) if few > 0 else np.nan
    p_zbar, p_ztilde = (2 * float(stats.norm.sf(abs(z))) for z in (zbar, ztilde))
    by_practice = pd.Series(walds, index=names)
    return DumitrescuHurlin(
        DumitrescuHurlin.null, lags, wbar, zbar, p_zbar, ztilde, p_ztilde if few > 0 else None, by_practice, n
    )


def half_panel_jackknife(
    leading: pd.DataFrame, lagging: pd.DataFrame, lags: int = 1, robust: bool = False
) -> HalfPanelJackknife:
    """Juodis, Karavias & Sarafidis 2021, as Stata's xtgrangert; practices with a gap are left out.

    Own lags with a coefficient of each practice, the leading KPI's pooled; halves have their own first lags. `robust`:
    errors clustered by practice, else one variance for all. Source: Empirical Economics 60, 93–112.
    """
    both = _whole(leading, lagging, least=2 * (2 * lags + 2))
    if isinstance(both, str):
        return HalfPanelJackknife(reason=both)
    x, y, names = both
    n, length = len(names), x.shape[0]
    middle = length // 2
    parts = _freed(x, y, lags)
    whole, halves = _slope(parts), [_slope(_freed(x[of], y[of], lags)) for of in (slice(middle), slice(middle, None))]
    if whole is None or halves[0] is None or halves[1] is None:
        return HalfPanelJackknife(practices=n, reason="identical")
    found = 2 * whole - (halves[0] + halves[1]) / 2
    inverse = np.linalg.inv(sum(by.T @ by for by, _ in parts))
    left = [told - by @ whole for by, told in parts]
    freedom = n * (length - 1 - lags) - lags
    if robust:
        scores = np.array([by.T @ e for (by, _), e in zip(parts, left, strict=True)])
        covariance = inverse @ scores.T @ scores @ inverse * (n * length / freedom)
    else:
        covariance = inverse * sum(float(e @ e) for e in left) / freedom
    wald = float(found @ np.linalg.solve(covariance, found))
    p = float(stats.chi2.sf(wald, lags))
    return HalfPanelJackknife(HalfPanelJackknife.null, tuple(found), tuple(whole), covariance, wald, p, n)


def _whole(leading: pd.DataFrame, lagging: pd.DataFrame, least: int) -> tuple[np.ndarray, np.ndarray, list] | str:
    """The values of the practices without a gap in the periods that both frames hold, or why there are none."""
    if any(f.index.has_duplicates or f.columns.has_duplicates for f in (leading, lagging)):
        return "periods_twice"
    index = leading.index.intersection(lagging.index).sort_values()
    names = [name for name in lagging.columns if name in leading.columns]
    if len(index) < least:
        return "too_few_points"
    if isinstance(index, pd.PeriodIndex) and len(pd.period_range(index[0], index[-1], freq=index.freq)) > len(index):
        return "gaps"
    x, y = (frame.loc[index, names].to_numpy(dtype=float, na_value=np.nan) for frame in (leading, lagging))
    moves = [np.isfinite(v).all(axis=0) & (np.ptp(v, axis=0) > ALIKE * np.abs(v).max(axis=0)) for v in (x, y)]
    kept = moves[0] & moves[1]
    if kept.sum() < LEAST_PRACTICES:
        return "too_few_practices"
    return x[:, kept], y[:, kept], [name for name, keep in zip(names, kept, strict=True) if keep]


def _lagged(x: np.ndarray, y: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Constant and own lags, the leading KPI's lags, and the lagging KPI, by period."""
    n, at = len(y), range(1, lags + 1)
    own = np.column_stack([np.ones(n - lags), *(y[lags - k : n - k] for k in at)])
    return own, np.column_stack([x[lags - k : n - k] for k in at]), y[lags:]


def _without(own: np.ndarray, values: np.ndarray) -> np.ndarray:
    left = values - own @ np.linalg.lstsq(own, values, rcond=None)[0]
    return np.where((left**2).sum(axis=0) > (ROUNDING**2) * (values**2).sum(axis=0), left, 0.0)


def _freed(x: np.ndarray, y: np.ndarray, lags: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The leading KPI's lags and the lagging KPI of each practice, less the practice's constant and own lags."""
    found = []
    for i in range(x.shape[1]):
        own, by, told = _lagged(x[:, i], y[:, i], lags)
        freed = _without(own, np.column_stack([told, by]))
        found.append((freed[:, 1:], freed[:, 0]))
    return found


def _slope(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray | None:
    """Pooled least squares; None where the regressors do not move on their own."""
    by, told = (np.concatenate(each) for each in zip(*parts, strict=True))
    found, _, rank, sizes = np.linalg.lstsq(by, told, rcond=ALIKE)
    return found if rank == by.shape[1] and sizes[-1] > 0 else None
