"""95 % intervals of single readings, vectorised: arrays in, (lower, upper) out, NaN where there is none.

They hold the counting error only: visits cluster by clinician and day, which widens the truth.
"""

from __future__ import annotations

import numpy as np

# scipy and statsmodels are imported where they are used: a report reads finished intervals and need not wait 0.8 s.
ALPHA = 0.05
Bounds = tuple[np.ndarray, np.ndarray]


def wilson(count: np.ndarray, n: np.ndarray, alpha: float = ALPHA) -> Bounds:
    """Wilson's interval of a proportion, as shares, wrong in `alpha` of cases. Source: Wilson 1927; statsmodels."""
    from statsmodels.stats.proportion import proportion_confint

    ok = n > 0
    lower, upper = np.full(len(n), np.nan), np.full(len(n), np.nan)
    if ok.any():
        lower[ok], upper[ok] = proportion_confint(count[ok], n[ok], alpha, method="wilson")
    return lower, upper


def poisson(count: np.ndarray, exposure: np.ndarray, alpha: float = ALPHA) -> Bounds:
    """Exact interval of a count per exposure, wrong in `alpha` of cases at most. Source: Garwood 1936."""
    from scipy import stats

    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(count > 0, stats.chi2.ppf(alpha / 2, 2 * count) / 2, 0.0) / exposure
        upper = stats.chi2.ppf(1 - alpha / 2, 2 * (count + 1)) / 2 / exposure
    return np.where(exposure > 0, lower, np.nan), np.where(exposure > 0, upper, np.nan)


def order_ranks(n: np.ndarray, q: float) -> Bounds:
    """Ranks (1-based) of the order statistics around the quantile `q`; NaN where n is too small for that rank.

    P(lower rank ≤ quantile < upper rank) ≥ 95 %. Source: Conover, Practical Nonparametric Statistics, 3.2.
    """
    from scipy import stats

    n = np.nan_to_num(np.asarray(n, dtype=float))
    lower = stats.binom.ppf(ALPHA / 2, n, q)
    upper = stats.binom.ppf(1 - ALPHA / 2, n, q) + 1
    return np.where(lower >= 1, lower, np.nan), np.where((upper <= n) & (n > 0), upper, np.nan)
