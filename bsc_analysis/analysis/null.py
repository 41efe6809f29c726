"""Pairs of series as they would come if the leading KPI's past said nothing about the lagging one.

y moves by its own past (and, if asked, by x of the same period); x by its own past and by y's, so that feedback is
allowed. Both keep their terms, their persistence and what moves both in the same period: residual pairs are drawn
together. Persistence is estimated too low in short series (Kendall 1954), so it is corrected by simulating the same
estimator on series of the same length, terms and gaps, and capped at a unit root.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bsc_analysis.analysis.lagged import Lagged

ROUNDS, DRAWS = 2, 60  # of the correction
BURN = 60  # periods run before those that are kept


@dataclass(frozen=True)
class Null:
    """y_t = Σ own y + same × x_t + e; x_t = Σ leading x + answer × y_{t−1} + u; `e` and `u` by period, as pairs."""

    own: np.ndarray
    same: float
    leading: np.ndarray
    answer: float
    e: np.ndarray
    u: np.ndarray
    periods: int

    def draw(self, rng: np.random.Generator, draws: int, apart: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Simulated y and x, draws × periods, without terms; `apart`: residuals are no pairs any more."""
        length = self.periods + BURN
        picked = rng.integers(0, len(self.e), (length, draws))
        e, u = self.e[picked], self.u[rng.integers(0, len(self.e), (length, draws)) if apart else picked]
        past = max(len(self.own), len(self.leading))
        y, x = np.zeros((length + past, draws)), np.zeros((length + past, draws))
        for t in range(past, length + past):
            x[t] = u[t - past] + self.answer * y[t - 1]
            for lag, by in enumerate(self.leading, start=1):
                x[t] += by * x[t - lag]
            y[t] = e[t - past] + self.same * x[t]
            for lag, by in enumerate(self.own, start=1):
                y[t] += by * y[t - lag]
        return y[-self.periods :].T, x[-self.periods :].T


def fit_null(
    rng: np.random.Generator,
    y: np.ndarray,
    x: np.ndarray,
    terms: np.ndarray,
    there: dict[str, np.ndarray],
    orders: tuple[int, int],
    same: bool,
) -> Null:
    """The null of one observed pair (each 1 × periods, 0 where missing); `orders`: own lags of y and of x, both ≥ 1."""
    of_y = Lagged("y", terms, there, tuple(range(1, orders[0] + 1)), (0,) if same else ())
    of_x = Lagged("x", terms, there, (1,), tuple(range(1, orders[1] + 1)))
    k = orders[0] + same

    def estimated(y: np.ndarray, x: np.ndarray) -> np.ndarray:
        return np.hstack([of_y.fit(y, x)[0], of_x.fit(y, x)[0]])

    def null(found: np.ndarray) -> Null:
        e, u = of_y.remainder(y, x, found[:k]), of_x.remainder(y, x, found[k:])
        both = ~np.isnan(e) & ~np.isnan(u)
        e, u = e[both], u[both]
        by_x = float(found[orders[0]]) if same else 0.0
        return Null(found[: orders[0]], by_x, found[k + 1 :], float(found[k]), e - e.mean(), u - u.mean(), len(terms))

    first = estimated(y, x)[0]
    found = _no_explosion(first, orders[0], same)
    for _ in range(ROUNDS):
        biased = estimated(*null(found).draw(rng, DRAWS)).mean(axis=0)
        found = _no_explosion(found + first - biased, orders[0], same)
    return null(found)


def _no_explosion(found: np.ndarray, own: int, same: bool) -> np.ndarray:
    """The coefficients with roots drawn back to the unit circle: lag i by radius⁻ⁱ."""
    k = own + same
    by_x = found[own] if same else 0.0
    lags = max(own, len(found) - k - 1)
    y_own, x_own = np.zeros(lags), np.zeros(lags)
    y_own[:own], x_own[: len(found) - k - 1] = found[:own], found[k + 1 :]
    answer = np.zeros(lags)
    answer[0] = found[k]
    companion = np.zeros((2 * lags, 2 * lags))
    for i in range(lags):  # x_t put into the equation of y_t
        companion[0, 2 * i : 2 * i + 2] = y_own[i] + by_x * answer[i], by_x * x_own[i]
        companion[1, 2 * i : 2 * i + 2] = answer[i], x_own[i]
    companion[2:, :-2] = np.eye(2 * lags - 2)
    radius = np.abs(np.linalg.eigvals(companion)).max()
    if radius <= 1:
        return found
    shrink = (1 / radius) ** np.arange(1, lags + 1)
    drawn = found.copy()
    drawn[:own] *= shrink[:own]
    drawn[k] *= shrink[0]
    drawn[k + 1 :] *= shrink[: len(found) - k - 1]
    return drawn
