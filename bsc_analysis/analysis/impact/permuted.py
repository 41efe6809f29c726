"""What a comparison would have found had the starts fallen on other practices: p-values and simultaneous intervals.

Which practice has which start is drawn anew, all assignments where they are few (randomisation inference, Fisher
1935). The statistic is the effect over an error told by each practice's own spread, so that noisy practices may act.
With one practice that acts and 19 that do not, the smallest p is 1/20: with fewer nothing can be told at 5 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from bsc_analysis.analysis.impact.adoption import Adoption, Comparison, compare
from bsc_analysis.analysis.impact.effect import ALPHA

TIES = 1e-9  # relative difference up to which two statistics count as the same


@dataclass(frozen=True)
class Permuted:
    """`p` of no effect at all; `least_p` that could have come out; `lower`, `upper` of the effect; `bounds`: by
    comparison's `since`, how far its simultaneous intervals reach to either side; `p_before`: of no difference before
    the start, None where there is nothing to see."""

    p: float
    least_p: float
    lower: float
    upper: float
    bounds: np.ndarray
    p_before: float | None


def permuted(of: Adoption, drift: float, draws: int, seed: int) -> Permuted:
    """How what is seen stands among other assignments of the starts; `drift` is taken off its effect first."""
    every = assignments(of)
    whole = every <= draws + 1
    orders = _all(of) if whole else _some(len(of.starts), draws, seed)
    seen, null = compare(of), compare(of, orders)
    effect, error = seen.effect[0] - drift, seen.error[0]
    after = np.arange(len(of.values))[:, None] >= of.starts
    left = compare(replace(of, values=of.values - np.where(after, seen.effect[0], 0.0)), orders)
    reach = error * _critical(_sizes(left), whole)
    table = _along(left, seen)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.nansum(table**2, axis=0) / np.isfinite(table).sum(axis=0))
        table = np.abs(table / np.where(spread > 0, spread, np.nan))
    told = np.nan_to_num(table)
    before = (seen.since < 0) & (spread > 0)
    ours = np.abs(seen.events[0][before] / spread[before]).max(initial=0.0)
    return Permuted(
        _share(_sizes(null), abs(effect) / error, whole),
        1 / every if whole else 1 / (draws + 1),
        effect - reach,
        effect + reach,
        _critical(told.max(axis=1), whole) * np.where(spread > 0, spread, np.nan),
        _share(told[:, before].max(axis=1), ours, whole) if before.any() else None,
    )


def assignments(of: Adoption) -> int:
    """In how many ways the starts can fall on the practices."""
    _, sizes = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_counts=True)
    ways = factorial(len(of.starts))
    for size in sizes:
        ways //= factorial(int(size))
    return ways


def _some(practices: int, draws: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.permuted(np.tile(np.arange(practices), (draws, 1)), axis=1)


def _all(of: Adoption) -> np.ndarray:
    """Every assignment, as orders of the practices' starts; those without a start fill what is left."""
    kinds, which = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_inverse=True)
    pools = [np.flatnonzero(which.ravel() == k) for k in range(len(kinds))]

    def fill(k: int, free: tuple[int, ...], order: np.ndarray) -> Iterator[np.ndarray]:
        if k == len(pools):
            yield order.copy()
            return
        for places in combinations(free, len(pools[k])):
            order[list(places)] = pools[k]
            yield from fill(k + 1, tuple(f for f in free if f not in places), order)

    return np.array(list(fill(0, tuple(range(len(of.starts))), np.empty(len(of.starts), dtype=int))))


def _sizes(told: Comparison) -> np.ndarray:
    """Of each assignment the effect over its error; the largest of all where there was nothing to compare."""
    return np.where(np.isfinite(told.error), np.abs(told.effect) / told.error, np.inf)


def _share(chance: np.ndarray, ours: float, every: bool) -> float:
    as_large = int((chance >= ours * (1 - TIES)).sum())
    return as_large / len(chance) if every else (1 + as_large) / (1 + len(chance))


def _critical(chance: np.ndarray, every: bool) -> float:
    """What at most 5 % of the assignments exceed; infinite where there are too few of them to say."""
    rank = int(np.ceil((1 - ALPHA) * (len(chance) + (not every)))) - 1
    return float(np.sort(chance)[rank]) if rank < len(chance) - every else np.inf


def _along(told: Comparison, seen: Comparison) -> np.ndarray:
    """The events of each assignment at the places of those that were seen, NaN where there is none."""
    table = np.full((len(told.effect), len(seen.since)), np.nan)
    _, ours, theirs = np.intersect1d(seen.since, told.since, return_indices=True)
    table[:, ours] = told.events[:, theirs]
    return table
