"""Panels as they would come if the leading KPI's past said nothing about the lagging one.

One restricted VAR(1) for all practices with feedback: y moves by its own past (and, if asked, by x of the same period),
x by its own past and by y's. Each practice keeps its own spread, pairs of residuals are drawn together from all, and
period means are taken off simulated panels as they are off the real one. The estimates' bias in short panels (Nickell
1981) is corrected by simulating the same estimator on panels of the same shape, and roots are capped at one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.linalg import solve_discrete_lyapunov
from scipy.optimize import brentq
from scipy.special import digamma, polygamma

from bsc_analysis.analysis.lagged_panel import LaggedPanel

ROUNDS, FEW, PANELS, PANELS_OF_FEW = 4, 40, 12, 40  # of the correction; up to FEW practices more panels
SCATTERED = 100  # panels that tell how estimates follow what they estimate
STILL = 0.99
BURN, STARTS = 16, 50  # periods run before those that are kept, in so many runs
CHUNK = 500_000


@dataclass(frozen=True)
class Means:
    """Takes off what practices of a period have in common: `bases`, per series one practices × groups matrix a period
    with orthonormal columns."""

    bases: dict[str, np.ndarray]  # name → periods × practices × groups
    there: dict[str, np.ndarray]

    def ranks(self, name: str) -> np.ndarray:
        """How much is taken off in each period."""
        return (np.abs(self.bases[name]).max(axis=1) > 0).sum(axis=1)

    def off(self, name: str, values: np.ndarray) -> np.ndarray:
        """Values (periods × practices × draws) less their period means; 0 where missing."""
        basis, there = self.bases[name].astype(values.dtype), self.there[name].T[:, :, None]
        if not there.all():
            values = values * there
        return values - basis @ (basis.transpose(0, 2, 1) @ values)  # the bases are 0 where missing, too


@dataclass(frozen=True)
class PanelModel:
    """y_t = own × y_{t−1} + Σ by_x[k] × x_{t−k} + e, k = 0, 1 …; x_t = leading × x_{t−1} + answer × y_{t−1} + u.

    `pairs`: residuals of unit spread, pairs × 2; `spreads`: practices × 2; `doubt`: covariances of the coefficients
    as estimated, in their order here, if asked for.
    """

    own: float
    by_x: np.ndarray
    leading: float
    answer: float
    pairs: np.ndarray
    spreads: np.ndarray
    means: Means
    doubt: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def coefficients(self) -> np.ndarray:
        """own, by_x by lag, leading and answer."""
        return np.array([self.own, *self.by_x, self.leading, self.answer])

    @property
    def null(self) -> PanelModel:
        """The same without what x's past does to y."""
        return replace(self, by_x=self.by_x[:1])

    def draw(
        self, rng: np.random.Generator, draws: int, apart: bool = False, moved: np.ndarray | None = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Simulated y and x, practices × draws × periods, some draws at a time, each going on from where one of a few
        long runs of its practice has come; `apart`: residuals are no pairs; `moved`: draws × coefficients, if each
        panel has its own."""
        periods, practices = self.means.there["y"].T.shape
        step, runs = max(1, CHUNK // (periods * practices)), min(STARTS, draws)
        past = np.zeros((self._past, 2, practices, runs), dtype=np.float32)  # as good as need be, and twice as quick
        one = self.coefficients.astype(past.dtype)
        starts = self._run(rng, past, BURN, apart, one)[-self._past :]
        for begin in range(0, draws, step):
            chosen = rng.integers(0, runs, (1, 1, practices, min(step, draws - begin)))
            by = one if moved is None else moved[begin : begin + step].T.astype(past.dtype)
            run = self._run(rng, np.take_along_axis(starts, chosen, axis=3), periods, apart, by)[self._past :]
            y, x = (self.means.off(name, run[:, i]).transpose(1, 2, 0) for i, name in enumerate("yx"))
            yield np.ascontiguousarray(y), np.ascontiguousarray(x)

    def slopes(self, leads: tuple[int, ...]) -> np.ndarray:
        """The slope of y on each lead of x alone, beside y's last value, in panels without end."""
        step = STILL * _step(self.own, self.by_x, self.leading, self.answer)  # a unit root has no such panel
        e, u = self.pairs.T
        now = self.by_x[0] if len(self.by_x) else 0.0
        shock = np.zeros((len(step), len(e)))
        shock[0], shock[1] = (
            e * self.spreads[:, 0].mean() + now * u * self.spreads[:, 1].mean(),
            u * self.spreads[:, 1].mean(),
        )
        spread = solve_discrete_lyapunov(step, np.cov(shock))
        found = [[0, lead] for lead in leads]
        return np.array([np.linalg.lstsq(spread[np.ix_(at, at)], spread[at] @ step[0])[0][1] for at in found])

    def turned(self, leads: tuple[int, ...]) -> np.ndarray:
        """What a unit more of each coefficient adds to the slopes: coefficients × leads."""
        by, at = 1e-4 * np.eye(len(self.coefficients)), self.slopes(leads)
        return np.array([(self._with(self.coefficients + each).slopes(leads) - at) / 1e-4 for each in by])

    def scattered(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Coefficients as far off as estimates may be, draws × coefficients, with roots within the unit circle."""
        off = rng.standard_normal((draws, len(self.coefficients))) @ _root(self.doubt)
        lags = tuple(range(len(self.by_x)))
        return np.array([_capped(self.coefficients + each, lags) for each in off])

    def _with(self, coefficients: np.ndarray) -> PanelModel:
        own, *by_x, leading, answer = coefficients
        return replace(self, own=own, by_x=np.array(by_x), leading=leading, answer=answer)

    @property
    def _past(self) -> int:
        return max(1, len(self.by_x) - 1)

    def _run(
        self, rng: np.random.Generator, past: np.ndarray, periods: int, apart: bool, coefficients: np.ndarray
    ) -> np.ndarray:
        """The past and the next periods of y and x, periods × 2 × practices × draws."""
        of_e, of_u = (np.ascontiguousarray(part, dtype=past.dtype) for part in self.pairs.T)
        by_e, by_u = self.spreads.astype(past.dtype).T[:, :, None]
        before, shape = len(past), (periods, *past.shape[2:])
        found = np.concatenate([past, np.empty((periods, *past.shape[1:]), dtype=past.dtype)])
        picked = rng.integers(0, len(of_e), shape, dtype=np.uint32)
        found[before:, 0] = of_e[picked] * by_e
        picked = rng.integers(0, len(of_e), shape, dtype=np.uint32) if apart else picked
        found[before:, 1] = of_u[picked] * by_u
        own, *by_x, leading, answer = coefficients
        for t in range(before, before + periods):
            (last_y, last_x), (y, x) = found[t - 1], found[t]
            x += leading * last_x + answer * last_y
            y += own * last_y
            for lag, slope in enumerate(by_x):
                y += slope * found[t - lag, 1]
        return found


def fit_panel(
    rng: np.random.Generator,
    y: np.ndarray,
    x: np.ndarray,
    terms: np.ndarray,
    means: Means,
    lags: tuple[int, ...],
    doubted: bool = False,
) -> PanelModel:
    """The model of one panel (practices × 1 × periods), corrected for the bias of short panels; `lags`: of x, by which
    y is moved beside its own past (0: the same period); `doubted`: with the `doubt` of it, for lags 0, 1 … in a row."""
    there = means.there
    of_y = LaggedPanel("y", terms, there, (("y", 1), *(("x", lag) for lag in lags)))
    of_x = LaggedPanel("x", terms, there, (("x", 1), ("y", 1)))
    k = 1 + len(lags)

    def estimated(ys: np.ndarray, xs: np.ndarray) -> np.ndarray:
        return np.concatenate([of_y.fit(ys, xs)[0], of_x.fit(ys, xs)[0]], axis=1)

    def model(found: np.ndarray) -> PanelModel:
        e, u = of_y.remainder(y, x, found[:k]), of_x.remainder(y, x, found[k:])
        spreads = np.column_stack([_spread(e, of_y.freedom), _spread(u, of_x.freedom)])
        both = np.isfinite(e) & np.isfinite(u)
        pairs = np.stack([e, u], axis=2)[both] / np.repeat(spreads, both.sum(axis=1), axis=0)
        pairs -= pairs.mean(axis=0)
        pairs /= pairs.std(axis=0).clip(1e-12)
        return PanelModel(found[0], _by_lag(found[1:k], lags), found[k], found[k + 1], pairs, spreads, means)

    first = estimated(y, x)[0]
    found = _capped(first, lags)
    panels = PANELS_OF_FEW if len(y) <= FEW else PANELS
    apart = []
    for _ in range(ROUNDS):
        drawn = np.concatenate([estimated(*some) for some in model(found).draw(rng, panels)])
        apart.append(drawn - drawn.mean(axis=0))
        found = _capped(found + first - drawn.mean(axis=0), lags)
    if not doubted:
        return model(found)
    raw = replace(model(found), doubt=np.cov(np.concatenate(apart).T))
    moved = raw.scattered(rng, SCATTERED)
    drawn = np.concatenate([estimated(*some) for some in raw.draw(rng, SCATTERED, moved=moved)])
    back = _inverse(by_each(moved - found, drawn)[1:].T)  # what corrects the bias adds to the doubt
    return replace(raw, doubt=back @ raw.doubt @ back.T)


def by_each(moved: np.ndarray, found: np.ndarray) -> np.ndarray:
    """What is found (draws × values) where nothing is moved, and what a unit more of each coefficient adds to it:
    (1 + coefficients) × values; `moved`: draws × coefficients."""
    return np.linalg.lstsq(np.column_stack([np.ones(len(moved)), moved]), found)[0]


def _inverse(turn: np.ndarray) -> np.ndarray:
    """The inverse of what hardly shrinks: by no more than half, whatever chance says."""
    left, sizes, right = np.linalg.svd(turn)
    return (right.T / sizes.clip(0.5)) @ left.T


def _spread(left: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Each practice's residual spread, drawn towards that of all as far as chance explains how they differ (Smyth
    2004, Statistical Applications in Genetics and Molecular Biology 3/1, with one freedom for all)."""
    squares, free = np.nansum(left**2, axis=1), free.clip(1)
    whole = squares.sum() / free.sum()
    logs = np.log((squares / free).clip(1e-12 * whole)) - digamma(free / 2) + np.log(free / 2)
    beyond = logs.var(ddof=1) - polygamma(1, free / 2).mean()
    if beyond < 1e-4:
        return np.full(len(left), np.sqrt(whole))
    borrowed = 2 * brentq(lambda half: polygamma(1, half) - beyond, 1e-4, 1e5)
    prior = np.exp(logs.mean() + digamma(borrowed / 2) - np.log(borrowed / 2))
    return np.sqrt((squares + borrowed * prior) / (free + borrowed)).clip(1e-12)


def _root(doubt: np.ndarray) -> np.ndarray:
    """What turns independent noise into noise of these covariances."""
    sizes, to = np.linalg.eigh(doubt)
    return np.sqrt(sizes.clip(0))[:, None] * to.T


def _by_lag(slopes: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """The slopes at lags 0, 1 … up to the longest; 0 at those that are not among `lags`."""
    found = np.zeros(max(lags, default=-1) + 1)
    found[list(lags)] = slopes
    return found


def _capped(found: np.ndarray, lags: tuple[int, ...]) -> np.ndarray:
    """The coefficients with roots drawn back to the unit circle: lag i by radius⁻ⁱ."""
    step = _step(found[0], _by_lag(found[1:-2], lags), *found[-2:])
    radius = np.abs(np.linalg.eigvals(step)).max()
    return found / radius ** np.array([1, *lags, 1, 1]) if radius > 1 else found


def _step(own: float, by_x: np.ndarray, leading: float, answer: float) -> np.ndarray:
    """What takes (y, x, x one period ago, …) to the next period's, with x of the same period put into y's equation."""
    step = np.zeros((max(2, len(by_x)),) * 2)
    now = by_x[0] if len(by_x) else 0.0
    step[0, :2], step[1, :2] = (own + now * answer, now * leading), (answer, leading)
    step[0, 1 : len(by_x)] += by_x[1:]
    step[2:, 1:-1] += np.eye(len(step) - 2)
    return step
