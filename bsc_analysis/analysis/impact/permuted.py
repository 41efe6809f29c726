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


def permuted(of: Adoption, seen: Comparison, drift: float, draws: int, seed: int) -> Permuted:
    """How `seen` stands among other assignments of the starts; `drift` is taken off its effect first."""
    rng = np.random.default_rng(seed)
    every = assignments(of)
    orders = list(_all(of)) if every <= draws + 1 else [rng.permutation(len(of.starts)) for _ in range(draws)]
    effect = seen.effect - drift
    after = np.arange(len(of.values))[:, None] >= of.starts
    without = replace(of, values=of.values - np.where(after, seen.effect, 0.0))
    null = [_assigned(of, order) for order in orders]
    left = [_assigned(without, order) for order in orders]
    ours = abs(effect) / seen.error
    chance = _sizes(null)
    least_p = 1 / every if every <= draws + 1 else 1 / (draws + 1)
    p = _share(chance, ours, every <= draws + 1)
    reach = _critical(_sizes(left), every <= draws + 1) * seen.error
    table = np.array([_along(each, seen) for each in left])
    spread = np.sqrt(np.nanmean(np.where(np.isfinite(table), table, np.nan) ** 2, axis=0, where=np.isfinite(table)))
    spread = np.where(spread > 0, spread, np.nan)
    most = np.nanmax(np.abs(table / spread), axis=1, initial=0.0)
    bounds = _critical(most, every <= draws + 1) * spread
    return Permuted(p, least_p, effect - reach, effect + reach, bounds, _before(seen, table, spread, every <= draws + 1))


def assignments(of: Adoption) -> int:
    """In how many ways the starts can fall on the practices."""
    _, sizes = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_counts=True)
    ways = factorial(len(of.starts))
    for size in sizes:
        ways //= factorial(int(size))
    return ways


def _all(of: Adoption) -> Iterator[np.ndarray]:
    """Every assignment as an order of the practices' starts; those without a start fill what is left."""
    kinds, which = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_inverse=True)
    pools = [np.flatnonzero(which.ravel() == k) for k in range(len(kinds))]

    def fill(k: int, free: tuple[int, ...], order: np.ndarray) -> Iterator[np.ndarray]:
        if k == len(pools):
            yield order.copy()
            return
        for places in combinations(free, len(pools[k])):
            order[list(places)] = pools[k]
            yield from fill(k + 1, tuple(f for f in free if f not in places), order)

    return fill(0, tuple(range(len(of.starts))), np.empty(len(of.starts), dtype=int))


def _assigned(of: Adoption, order: np.ndarray) -> Comparison:
    return compare(replace(of, starts=of.starts[order], leave=of.leave[order]))


def _sizes(told: list[Comparison]) -> np.ndarray:
    return np.array([abs(each.effect) / each.error if each.compared else np.inf for each in told])


def _share(chance: np.ndarray, ours: float, every: bool) -> float:
    as_large = int((chance >= ours * (1 - TIES)).sum())
    return as_large / len(chance) if every else (1 + as_large) / (1 + len(chance))


def _critical(chance: np.ndarray, every: bool) -> float:
    """What at most 5 % of the assignments exceed; infinite where there are too few of them to say."""
    rank = int(np.ceil((1 - ALPHA) * (len(chance) + (not every)))) - 1
    return float(np.sort(chance)[rank]) if rank < len(chance) - every else np.inf


def _along(each: Comparison, seen: Comparison) -> np.ndarray:
    """The events of one assignment at the places of those that were seen."""
    places = {int(s): v for s, v in zip(each.since, each.events, strict=True)}
    return np.array([places.get(int(s), np.nan) for s in seen.since])


def _before(seen: Comparison, table: np.ndarray, spread: np.ndarray, every: bool) -> float | None:
    places = (seen.since < 0) & np.isfinite(spread)
    if not places.any():
        return None
    ours = float(np.abs(seen.events / spread)[places].max())
    return _share(np.nanmax(np.abs(table / spread)[:, places], axis=1, initial=0.0), ours, every)
