"""The tests that must not be used: the p-values an analyst in a hurry would report for the same data.

One practice: Pearson's r with the best of lags 1–4; Granger's F with the smallest p of lags 1–4; least squares on the
period before. Group: the slope on the period before, in four usual panel regressions.
"""

from __future__ import annotations

import numpy as np
from scipy.special import fdtrc, stdtr

LAGS = (1, 2, 3, 4)
SINGLE = ("correlation, best lag", "Granger, best lag", "least squares")
GROUP = ("pooled", "fixed effects", "fixed effects, own lag", "two-way, own lag, clustered")
ROUNDS = 30  # of taking out practice and period means in turn; settled long before, also with a fifth missing


def single(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """The p-value of each naive test of x → y (one value per period, none missing)."""
    p = (
        min(_two_sided(*_correlation(x[:-lag], y[lag:])) for lag in LAGS),
        min(_granger(x, y, lag) for lag in LAGS),
        _two_sided(*_correlation(x[:-1], y[1:])),  # the t of a slope is that of its correlation
    )
    return dict(zip(SINGLE, p, strict=True))


def group(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """The p-value of each naive test of x → y (periods × practices, NaN where missing)."""
    by, own, told = x[:-1], y[:-1], y[1:]
    good = np.isfinite(by) & np.isfinite(own) & np.isfinite(told)
    period, practice = np.nonzero(good)
    rows = np.column_stack([told[good], by[good], own[good]])
    count = len(np.unique(practice))
    within, both = _less_means(rows, practice), _less_means(rows, practice, period)
    p = (
        _slope(rows[:, :2] - rows[:, :2].mean(axis=0), 1),
        _slope(within[:, :2], count),
        _slope(within, count),
        _clustered(both, practice),
    )
    return dict(zip(GROUP, p, strict=True))


def _two_sided(t: float, freedom: int) -> float:
    return float(2 * stdtr(freedom, -abs(t)))


def _correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Pearson's r as a t, and its degrees of freedom."""
    r = np.corrcoef(x, y)[0, 1]
    return r * np.sqrt((len(x) - 2) / (1 - r**2)), len(x) - 2


def _granger(x: np.ndarray, y: np.ndarray, lags: int) -> float:
    told = y[lags:]
    own = np.column_stack([np.ones(len(told)), *(y[lags - k : len(y) - k] for k in range(1, lags + 1))])
    full = np.column_stack([own, *(x[lags - k : len(x) - k] for k in range(1, lags + 1))])
    without, left = (((told - m @ np.linalg.lstsq(m, told)[0]) ** 2).sum() for m in (own, full))
    freedom = len(told) - full.shape[1]
    return float(fdtrc(lags, freedom, (without - left) / lags / (left / freedom)))


def _less_means(rows: np.ndarray, *groups: np.ndarray) -> np.ndarray:
    for _ in range(ROUNDS if len(groups) > 1 else 1):
        for of in groups:
            sums = np.column_stack([np.bincount(of, column) for column in rows.T])
            rows = rows - (sums / np.maximum(np.bincount(of), 1)[:, None])[of]
    return rows


def _fitted(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients of the first column on the others, the inverse of their cross-product, and what is left."""
    inverse = np.linalg.inv(rows[:, 1:].T @ rows[:, 1:])
    found = inverse @ rows[:, 1:].T @ rows[:, 0]
    return found, inverse, rows[:, 0] - rows[:, 1:] @ found


def _slope(rows: np.ndarray, means: int) -> float:
    found, inverse, left = _fitted(rows)
    freedom = len(rows) - means - len(found)
    return _two_sided(found[0] / np.sqrt(inverse[0, 0] * (left**2).sum() / freedom), freedom)


def _clustered(rows: np.ndarray, practice: np.ndarray) -> float:
    found, inverse, left = _fitted(rows)
    scores = np.column_stack([np.bincount(practice, left * column) for column in rows[:, 1:].T])
    count = len(np.unique(practice))
    spread = inverse @ scores.T @ scores @ inverse * count / (count - 1)
    return _two_sided(found[0] / np.sqrt(spread[0, 0]), count - 1)
