"""Regressions of one series on terms and on lags of itself and another, for many simulated pairs at once.

A pair is two arrays, draws × periods: `y`, the lagging KPI, and `x`, the leading one. Where a period is missing in the
data it is missing in every draw: rows are chosen once. Terms are taken out of everything first (Frisch–Waugh–Lovell).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bsc_analysis.analysis.terms import ALIKE, taken_out

TINY = 1e-10


@dataclass(frozen=True)
class Lagged:
    """`of` ('y' or 'x') on terms (periods × terms), its rows `y_lags` and `x_lags`; lag 0 is the same period.

    `there`: which periods are there, {'y': bool per period, 'x': …}.
    """

    of: str
    terms: np.ndarray
    there: dict[str, np.ndarray]
    y_lags: tuple[int, ...] = ()
    x_lags: tuple[int, ...] = ()

    @cached_property
    def rows(self) -> np.ndarray:
        """The periods whose value and regressors are all there."""
        n = len(self.terms)
        good = self.there[self.of].copy()
        for name, lags in (("y", self.y_lags), ("x", self.x_lags)):
            for lag in lags:
                good[:lag] = False
                good[lag:] &= self.there[name][: n - lag]
        return np.flatnonzero(good)

    @cached_property
    def _projection(self) -> tuple[np.ndarray, int]:
        """What takes the terms out of the rows, and how many of the terms are independent there."""
        return taken_out(self.terms[self.rows])

    @cached_property
    def freedom(self) -> int:
        """Rows less all that is estimated."""
        return len(self.rows) - self._projection[1] - len(self.y_lags) - len(self.x_lags)

    def _series(self, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The regressed series and the regressors, draws × (1 + regressors) × rows."""
        picked = [
            (y if self.of == "y" else x, 0),
            *((y, lag) for lag in self.y_lags),
            *((x, lag) for lag in self.x_lags),
        ]
        whole = len(self.rows) == self.rows[-1] - self.rows[0] + 1  # a slice is no copy
        rows = slice(self.rows[0], self.rows[-1] + 1) if whole else self.rows
        found = np.empty((len(y), len(picked), len(self.rows)))
        for i, (values, lag) in enumerate(picked):
            found[:, i] = values[:, slice(rows.start - lag, rows.stop - lag) if isinstance(rows, slice) else rows - lag]
        return found

    def fit(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coefficients (draws × regressors) and their covariances. Needs freedom > 0."""
        series = self._series(y, x)
        freed = series @ self._projection[0]
        products = freed @ freed.transpose(0, 2, 1)
        square, cross = products[:, 1:, 1:], products[:, 1:, 0]
        size = np.trace(square, axis1=1, axis2=2)[:, None, None]
        inverse = np.linalg.inv(square + TINY * size * np.eye(square.shape[1]))
        found = np.einsum("bij,bj->bi", inverse, cross)
        left = (products[:, 0, 0] - (found * cross).sum(axis=1)).clip(0)
        return found, inverse * (left / self.freedom)[:, None, None]

    def moves(self, y: np.ndarray, x: np.ndarray) -> list[bool]:
        """Whether the regressed series and each regressor of the first draw are more, on the rows, than the terms."""
        series = self._series(y[:1], x[:1])[0]
        freed = series @ self._projection[0]
        return list((freed**2).sum(axis=1) > ALIKE * np.maximum((series**2).sum(axis=1), ALIKE * len(self.rows)))

    def last(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Coefficient of the last regressor and its standard error, by draw."""
        found, spread = self.fit(y, x)
        return found[:, -1], np.sqrt(spread[:, -1, -1]).clip(1e-12)

    def remainder(self, y: np.ndarray, x: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
        """What the given coefficients leave of the first draw, by period; missing outside the rows."""
        freed = (self._series(y[:1], x[:1]) @ self._projection[0])[0]
        left = np.full(len(self.terms), np.nan)
        left[self.rows] = freed[0] - coefficients @ freed[1:]
        return left
