"""Pairs of series as they would come if the leading KPI's past said nothing about the lagging one.

y moves by its own past (and, if asked, by x of the same period); x by its own past and by y's, so that feedback is
allowed. Both keep their terms, their persistence and what moves both in the same period: residual pairs are drawn
together. Persistence is estimated too low in short series (Kendall 1954), so it is corrected by simulating the same
estimator on series of the same length, terms and gaps, and capped at a unit root.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bsc_analysis.analysis.lagged import Lagged

ROUNDS, DRAWS = 2, 60  # of the correction
BURN, STARTS = 20, 50  # periods run before those that are kept, in so many runs


@dataclass(frozen=True)
class Null:
    """y_t = Σ own y + Σ by_x[k] × x_{t−k} + e; x_t = Σ leading x + answer × y_{t−1} + u; `e` and `u` by period, as
    pairs. Of a null `by_x` has no more than lag 0."""

    own: np.ndarray
    by_x: np.ndarray
    leading: np.ndarray
    answer: float
    e: np.ndarray
    u: np.ndarray
    periods: int

    def draw(self, rng: np.random.Generator, draws: int, apart: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Simulated y and x, draws × periods, without terms, each going on from where one of a few long runs has come;
        `apart`: residuals are no pairs any more."""
        past = np.zeros(
            (max(len(self.own), len(self.leading), len(self.by_x)), 2, min(STARTS, draws)), dtype=np.float32
        )
        starts = self._run(rng, past, BURN, apart)[-len(past) :]
        run = self._run(rng, starts[:, :, rng.integers(0, past.shape[2], draws)], self.periods, apart)[len(past) :]
        return run[:, 0].T, run[:, 1].T

    def _run(self, rng: np.random.Generator, past: np.ndarray, periods: int, apart: bool) -> np.ndarray:
        """The past and the next periods of y and x, periods × 2 × draws."""
        before, draws = len(past), past.shape[2]
        found = np.concatenate([past, np.empty((periods, 2, draws), dtype=past.dtype)])
        picked = rng.integers(0, len(self.e), (periods, draws), dtype=np.uint32)
        found[before:, 0] = self.e.astype(past.dtype)[picked]
        picked = rng.integers(0, len(self.e), (periods, draws), dtype=np.uint32) if apart else picked
        found[before:, 1] = self.u.astype(past.dtype)[picked]
        for t in range(before, before + periods):
            y, x = found[t]
            x += self.answer * found[t - 1, 0]
            for lag, by in enumerate(self.leading, start=1):
                x += by * found[t - lag, 1]
            for lag, by in enumerate(self.by_x):
                y += by * found[t - lag, 1]
            for lag, by in enumerate(self.own, start=1):
                y += by * found[t - lag, 0]
        return found


def fit_null(
    rng: np.random.Generator,
    y: np.ndarray,
    x: np.ndarray,
    terms: np.ndarray,
    there: dict[str, np.ndarray],
    orders: tuple[int, int],
    lags: tuple[int, ...] = (),
) -> Null:
    """The null of one observed pair (each 1 × periods, 0 where missing); `orders`: own lags of y and of x, both ≥ 1.

    `lags`: of x, by which y is moved beside its own past; of these the null keeps lag 0. Its slope is estimated with
    the others in the regression: else it would take what is theirs, and what leads would look like such a null.
    """
    of_y = Lagged("y", terms, there, tuple(range(1, orders[0] + 1)), lags)
    of_x = Lagged("x", terms, there, (1,), tuple(range(1, orders[1] + 1)))
    k = orders[0] + len(lags)

    def estimated(y: np.ndarray, x: np.ndarray) -> np.ndarray:
        return np.hstack([of_y.fit(y, x)[0], of_x.fit(y, x)[0]])

    def moved(found: np.ndarray) -> Null:
        e, u = of_y.remainder(y, x, found[:k]), of_x.remainder(y, x, found[k:])
        both = ~np.isnan(e) & ~np.isnan(u)
        e, u = e[both], u[both]
        by_x = _by_lag(found[orders[0] : k], lags)
        return Null(found[: orders[0]], by_x, found[k + 1 :], float(found[k]), e - e.mean(), u - u.mean(), len(terms))

    first = estimated(y, x)[0]
    found = _no_explosion(first, orders[0], lags)
    for _ in range(ROUNDS):
        biased = estimated(*moved(found).draw(rng, DRAWS)).mean(axis=0)
        found = _no_explosion(found + first - biased, orders[0], lags)
    whole = moved(found)
    return replace(whole, by_x=whole.by_x[:1])


def _by_lag(slopes: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """The slopes at lags 0, 1 … up to the longest; 0 at those that are not among `lags`."""
    found = np.zeros(max(lags, default=-1) + 1)
    found[list(lags)] = slopes
    return found


def _no_explosion(found: np.ndarray, own: int, lags: tuple[int, ...]) -> np.ndarray:
    """The coefficients with roots drawn back to the unit circle: lag i by radius⁻ⁱ."""
    k = own + len(lags)
    by_x = _by_lag(found[own:k], lags)
    now = by_x[0] if len(by_x) else 0.0
    size = max(own, len(found) - k - 1, len(by_x) - 1)
    padded = [np.pad(part, (0, size - len(part))) for part in (found[:own], by_x[1:], found[k + 1 :], found[k : k + 1])]
    step = np.zeros((2 * size, 2 * size))
    for i, (of_own, of_x, leading, answer) in enumerate(zip(*padded, strict=True)):  # x_t put into y's equation
        step[0, 2 * i : 2 * i + 2] = of_own + now * answer, of_x + now * leading
        step[1, 2 * i : 2 * i + 2] = answer, leading
    step[2:, :-2] = np.eye(2 * size - 2)
    radius = np.abs(np.linalg.eigvals(step)).max()
    orders = np.array([*range(1, own + 1), *lags, 1, *range(1, len(found) - k)])
    return found / radius**orders if radius > 1 else found
