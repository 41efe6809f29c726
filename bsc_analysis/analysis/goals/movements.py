"""The ways in which a KPI may move, how much each is believed beforehand, and what each says of the periods ahead.

A movement is a level, steps at declared breaks, a slope, a season and what wanders about them. Which of them holds is
weighed by the history itself. The weights beforehand are not a belief about practices: they were set so that intervals
cover as they say on made-up series of every kind (see calibrate/fans.py). Half of what wanders never comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

# How the rest wanders: (persistence, noise of single readings as a share of the innovations' variance) → weight.
WANDERING = {(-0.3, 0.0): 0.2, (0.0, 0.0): 0.1, (0.3, 0.0): 0.1, (0.6, 0.0): 0.08, (0.8, 0.0): 0.05,
             (0.9, 0.0): 0.03, (0.9995, 0.0): 0.4, (0.9995, 2.0): 0.02, (0.9995, 8.0): 0.02}  # fmt: skip
# (shape, size in SDs of the innovations) → weight: a wave through the year, or a level of its own for each month.
SEASONS = {("none", 0.0): 0.5, ("wave", 4.0): 0.4, ("levels", 1.0): 0.05, ("levels", 3.0): 0.05}
RISES = {2.0: 0.6, 6.0: 0.4}  # SD of the rise over the whole history, in SDs of what wanders without a slope
WANDERS_AT_MOST = 0.7  # persistence above which what wanders counts no wider, for RISES


@dataclass(frozen=True)
class Movements:
    """What each movement says of the periods ahead, given readings at some periods; arrays begin with the movement.

    With y the readings (n, by time): `weights`, logarithms; `rest` (n × n) with y'·rest·y what the movement leaves of
    y; `ahead` (steps × n) with ahead·y the periods ahead as expected; `spread` (steps × steps) lower triangular, their
    errors' square root per unit of innovation; `freedom`: readings less terms estimated.
    """

    weights: np.ndarray
    rest: np.ndarray
    ahead: np.ndarray
    spread: np.ndarray
    freedom: int


@lru_cache(maxsize=16)
def movements(seen: tuple[int, ...], steps: int, season: int, starts: tuple[int, ...]) -> Movements:
    """The movements of readings at the periods `seen` (from 0, ascending), `steps` periods beyond the last of them.

    `season`: periods in a year, 1 for none; `starts`: the periods at which a declared break begins.
    """
    at = np.array([*seen, *range(seen[-1] + 1, seen[-1] + 1 + steps)], dtype=float)
    terms = np.column_stack([np.ones(len(at)), *(at >= start for start in starts)])
    known = len(seen)
    shapes = [s for s in SEASONS if season > 1 or s[0] == "none"]
    found = []
    for (persistence, noise), shape, rise in product(WANDERING, shapes, RISES):
        covariance = _wandering(at, persistence) + noise * np.eye(len(at))
        covariance += _season(at, season, *shape) + _slope(at, known, persistence, rise)
        belief = WANDERING[persistence, noise] * SEASONS[shape] * RISES[rise]
        found.append(_said(covariance, terms, known, np.log(belief)))
    weights, rest, ahead, spread = map(np.array, zip(*found, strict=True))
    return Movements(weights, rest, ahead, spread, known - terms.shape[1])


def _wandering(at: np.ndarray, persistence: float) -> np.ndarray:
    """Covariance of a first-order autoregression with unit innovations."""
    apart = np.abs(at[:, None] - at)
    return np.sign(persistence) ** apart * np.abs(persistence) ** apart / (1 - persistence**2)


def _season(at: np.ndarray, season: int, shape: str, size: float) -> np.ndarray:
    apart = at[:, None] - at
    if shape == "wave":  # of any phase
        return size**2 * np.cos(2 * np.pi * apart / season)
    alike = (apart % season == 0) - 1 / season  # levels of a season that add up to nothing
    return size**2 * alike * (season / (season - 1) if season > 1 else 0.0)


def _slope(at: np.ndarray, known: int, persistence: float, rise: float) -> np.ndarray:
    length = at[known - 1] - at[0] + 1
    centred = (at - at[:known].mean()) / length
    size = rise / np.sqrt(1 - min(persistence, WANDERS_AT_MOST) ** 2)
    return size**2 * np.outer(centred, centred)


def _said(covariance: np.ndarray, terms: np.ndarray, known: int, belief: float) -> tuple:
    """Weight, rest, ahead and spread of one movement: generalised least squares with flat priors on the terms and on
    the logarithm of the size of all (Harville 1974; the predictive is a multivariate t)."""
    within, across, beyond = covariance[:known, :known], covariance[known:, :known], covariance[known:, known:]
    inverse = np.linalg.inv(within)
    weighted = terms[:known].T @ inverse
    of_terms = np.linalg.inv(weighted @ terms[:known])
    rest = inverse - weighted.T @ of_terms @ weighted
    left = terms[known:] - across @ weighted.T
    ahead = across @ rest + terms[known:] @ of_terms @ weighted
    errors = beyond - across @ inverse @ across.T + left @ of_terms @ left.T
    weight = belief + (np.linalg.slogdet(of_terms)[1] - np.linalg.slogdet(within)[1]) / 2
    return weight, rest, ahead, np.linalg.cholesky(errors)
