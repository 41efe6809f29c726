"""What a series does by itself after a rule made leaders act: it goes back to where it was.

Of the series' own model, without any effect, only such paths are drawn as meet the rule in the trigger's window. They
are drawn so, not waited for: one value of the window is drawn beyond the threshold and the rest of the path given that
value; of paths with several values beyond, as many are kept as make up for being drawn by each of them (Karp & Luby
1983). So rules that hardly ever fire cost no more than others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from bsc_analysis.analysis.impact.persistent import GRID, Persistent
from bsc_analysis.analysis.impact.windows import Trigger

FARTHEST = 30.0  # standard deviations beyond which a threshold is taken to lie at that


@dataclass(frozen=True)
class Rows:
    """What a model was given, by row: its terms before weighing, times, roots of weights, and which rows are the
    trigger's window and which come after the start."""

    terms: np.ndarray
    times: np.ndarray
    roots: np.ndarray
    window: np.ndarray
    after: np.ndarray


def fired_paths(
    rng: np.random.Generator, correlation: np.ndarray, at: np.ndarray, thresholds: np.ndarray, of: str
) -> np.ndarray:
    """Normal paths of unit variance with `correlation` (n × n), of which the values `at` (k places), any or their mean,
    lie above `thresholds` (draws × k): draws × n.
    """
    draws, n = len(thresholds), len(correlation)
    root = np.linalg.cholesky(correlation)
    if of == "mean":
        share = np.zeros(n)
        share[at] = 1 / len(at)
        along = correlation @ share
        spread = np.sqrt(share @ along)
        paths = rng.standard_normal((draws, n)) @ root.T
        wanted = _above(rng, thresholds.mean(axis=1) / spread) * spread
        return paths + (wanted - paths @ share)[:, None] * along / spread**2
    found = np.empty((draws, n))
    left = np.arange(draws)
    while len(left):
        beyond = np.clip(thresholds[left], -FARTHEST, FARTHEST)
        odds = ndtr(-beyond).cumsum(axis=1)
        which = (rng.random(len(left)) * odds[:, -1] > odds.T).sum(axis=0).clip(max=len(at) - 1)
        paths = rng.standard_normal((len(left), n)) @ root.T
        place, rows = at[which], np.arange(len(left))
        wanted = _above(rng, beyond[rows, which])
        paths += (wanted - paths[rows, place])[:, None] * correlation[place]
        kept = rng.random(len(left)) * np.maximum((paths[:, at] > beyond).sum(axis=1), 1) < 1
        found[left[kept]] = paths[kept]
        left = left[~kept]
    return found


def without_effect(
    model: Persistent,
    y: np.ndarray,
    rows: Rows,
    trigger: Trigger,
    contrast: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """Of `draws` series without an effect in which the rule fired: each one's probability, as the model tells it, that
    the effect is below 0; and the mean by which they lay higher after the start than in the window.

    `y`: what the model was given, by row; the threshold is in its unit.
    """
    weight, variance = model.weights(y[:, None])
    picked = rng.choice(len(GRID), draws, p=weight[:, 0])
    spread = np.sqrt(variance[picked, 0] * model.freedom / rng.chisquare(model.freedom, draws))
    at, apart = np.flatnonzero(rows.window), np.abs(rows.times[:, None] - rows.times[None])
    series = np.empty((len(y), draws))
    for one in np.unique(picked):
        of = np.flatnonzero(picked == one)
        chance = rng.standard_normal((len(of), len(contrast))) @ np.linalg.cholesky(model.spreads[one]).T
        means = (model.fits[one] @ y + spread[of, None] * chance) @ rows.terms[at].T
        beyond = trigger.sign * (trigger.beyond - means) * rows.roots[at] / spread[of, None]
        paths = fired_paths(rng, np.where(apart == 0, 1.0, GRID[one] ** apart), at, beyond, trigger.of)
        series[:, of] = trigger.sign * (spread[of, None] * paths).T
    values = series / rows.roots[:, None]
    return model.tests(series, contrast), float((values[rows.after].mean(axis=0) - values[at].mean(axis=0)).mean())


def _above(rng: np.random.Generator, threshold: np.ndarray) -> np.ndarray:
    """Standard normal values, each above its threshold."""
    share = ndtr(-np.clip(threshold, -FARTHEST, FARTHEST))
    return -ndtri(share * (1 - rng.random(threshold.shape)))
