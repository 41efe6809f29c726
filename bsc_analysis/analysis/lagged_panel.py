"""Regressions pooled over practices, each with terms and a past of its own, for many simulated panels at once.

A panel is two arrays, practices × draws × periods: `y`, the lagging KPI, and `x`, the leading one. Of every practice
its terms and its own past are taken out first (Frisch–Waugh–Lovell); the slopes are common to all, their errors
clustered by practice (Arellano 1987). Where a period is missing in the data it is missing in every draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bsc_analysis.analysis.terms import taken_out

TINY = 1e-10


@dataclass(frozen=True)
class LaggedPanel:
    """`of` ('y' or 'x') on each practice's terms (practices × periods × terms) and the past of y at `own` lags, and on
    `by`, pairs of name and lag with one slope each for all practices; lag 0 is the same period.

    `there`: which periods are there, {'y': practices × periods, 'x': …}.
    """

    of: str
    terms: np.ndarray
    there: dict[str, np.ndarray]
    by: tuple[tuple[str, int], ...]
    own: tuple[int, ...] = ()

    @cached_property
    def rows(self) -> np.ndarray:
        """Practices × periods whose value and regressors are all there, of practices with any freedom left."""
        good = self.there[self.of].copy()
        for name, lag in (*(("y", lag) for lag in self.own), *self.by):
            good &= _before(self.there[name], lag)
        return good

    @cached_property
    def _projection(self) -> tuple[np.ndarray, np.ndarray]:
        """What takes the terms out, practices × periods × periods (one for all where all are alike), and what freedom
        each practice has left."""
        alike = (self.rows == self.rows[:1]).all() and (self.terms == self.terms[:1]).all()
        rows, terms = (self.rows[:1], self.terms[:1]) if alike else (self.rows, self.terms)
        if alike:
            out, taken = taken_out(terms[0] * rows[0][:, None])
            free = rows.sum(axis=1) - taken - len(self.own)
            return (out * rows[0])[None] * (free > 0)[:, None, None], np.broadcast_to(free, len(self.rows))
        left, sizes, _ = np.linalg.svd(terms * rows[:, :, None], full_matrices=False)
        basis = left * (sizes > TINY * sizes.max(axis=1, keepdims=True).clip(TINY))[:, None, :]
        taken = (sizes > TINY * sizes.max(axis=1, keepdims=True).clip(TINY)).sum(axis=1)
        free = rows.sum(axis=1) - taken - len(self.own)
        out = rows[:, :, None] * np.eye(rows.shape[1]) - basis @ basis.transpose(0, 2, 1)
        out *= (free > 0)[:, None, None]
        return out, np.broadcast_to(free, len(self.rows))

    @property
    def freedom(self) -> np.ndarray:
        """Rows of each practice less what is estimated for it alone; not above 0 where it tells nothing."""
        return self._projection[1]

    def products(self, y: np.ndarray, x: np.ndarray, square: bool = False) -> np.ndarray:
        """Sums of products of (value, regressors), practices × draws × (1 + slopes) × (1 + slopes), with the terms and
        the own past taken out; the value's own `square`, which no slope needs, only if asked."""
        out, _ = self._projection
        named = {"y": y, "x": x}
        series = [(named[self.of], 0), *((named[name], lag) for name, lag in self.by), *((y, lag) for lag in self.own)]
        size = len(series)
        found = np.zeros((size, size, *y.shape[:2]))
        for i in range(0 if square else 1, size):
            freed = _freed(*series[i], out)
            for j in range(i + 1):
                values, lag = series[j]
                kept = values.shape[-1] - lag
                found[i, j] = found[j, i] = np.einsum("ndt,ndt->nd", freed[..., lag:], values[..., :kept])
        found = found.transpose(2, 3, 0, 1)
        for k in range(size - 1, size - 1 - len(self.own), -1):
            pivot = found[:, :, k, k]
            scale = np.where(pivot > TINY, 1 / np.where(pivot > TINY, pivot, 1), 0)
            found = found - found[:, :, :, k, None] * (found[:, :, k, None, :] * scale[:, :, None, None])
        kept = 1 + len(self.by)
        return found[:, :, :kept, :kept]

    def fit(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Slopes (draws × slopes) and their clustered covariances."""
        return solve(self.products(y, x))

    def last(self, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Slope of the last regressor and its standard error, by draw."""
        found, spread = self.fit(y, x)
        return found[:, -1], np.sqrt(spread[:, -1, -1])

    def remainder(self, y: np.ndarray, x: np.ndarray, slopes: np.ndarray) -> np.ndarray:
        """What the given slopes leave of the first draw, practices × periods; missing outside the rows."""
        out, free = self._projection
        named = {"y": y[:, :1], "x": x[:, :1]}
        left = _freed(named[self.of], 0, out)
        for slope, (name, lag) in zip(slopes, self.by, strict=True):
            left = left - slope * _freed(named[name], lag, out)
        return np.where(self.rows & (free > 0)[:, None], left[:, 0], np.nan)


def solve(products: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and clustered covariances from practices' sums of products."""
    square, cross = products[:, :, 1:, 1:], products[:, :, 1:, 0]
    whole = square.sum(axis=0)
    size = np.trace(whole, axis1=1, axis2=2)[:, None, None]
    inverse = np.linalg.inv(whole + TINY * size * np.eye(whole.shape[1]) + 1e-300)
    found = np.einsum("dij,dj->di", inverse, cross.sum(axis=0))
    scores = cross - np.einsum("ndij,dj->ndi", square, found)
    n = len(products)
    meat = np.einsum("ndi,ndj->dij", scores, scores) * (n / max(n - 1, 1))
    return found, inverse @ meat @ inverse


def _before(there: np.ndarray, lag: int) -> np.ndarray:
    """Which periods have one that is there `lag` periods earlier."""
    found = np.zeros_like(there)
    found[:, lag:] = there[:, : there.shape[1] - lag]
    return found


def _freed(values: np.ndarray, lag: int, out: np.ndarray) -> np.ndarray:
    """The values `lag` periods earlier, practices × draws × periods, projected."""
    moved = np.zeros_like(out, dtype=values.dtype)
    moved[:, : out.shape[1] - lag] = out[:, lag:]
    if len(moved) == 1:
        return (values.reshape(-1, values.shape[-1]) @ moved[0]).reshape(values.shape)
    return values @ moved
