"""What a comparison would have found had the starts fallen on other practices: p-values and simultaneous intervals.

Which practice has which start is drawn anew, all assignments where they are few (randomisation inference, Fisher
1935). The statistic is the effect over an error told by each practice's own spread, so that noisy practices may act.
With one practice that acts and 19 that do not, the smallest p is 1/20: with fewer nothing can be told at 5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from bsc_analysis.analysis.impact.adoption import Adoption, Comparison, compare
from bsc_analysis.analysis.impact.effect import ALPHA

FARTHER, HALVINGS = 12, 30  # of the search for an interval's end
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
    """How what is seen stands among other assignments of the starts; `drift` is taken off its effect first.

    The interval holds the effects that, taken off the values after the starts, leave what is not rare among the
    assignments. Permuting what is left without the effect found would be simpler, but of three noisy practices that
    act it finds effects where there is none in 12 of 100 panels; this in 4.
    """
    every = assignments(of)
    orders = _all(of) if every <= draws + 1 else _some(len(of.starts), draws, seed)
    seen, raw = compare(of), compare(of, orders)
    effect, error = float(seen.effect[0]) - drift, float(seen.error[0])
    after = np.where(np.arange(len(of.values))[:, None] >= of.starts, 1.0, 0.0)
    share = compare(replace(of, values=np.where(np.isfinite(of.values), after, np.nan)), orders).effect

    def rarity(supposed: float) -> float:
        with np.errstate(invalid="ignore"):
            others = np.abs(raw.effect - supposed * share) / raw.error
        return _share(others, abs(effect - supposed) / error)

    lower, upper = (_edge(rarity, effect, side * error) for side in (-1, 1))
    table = _along(compare(replace(of, values=of.values - seen.effect[0] * after), orders), seen)
    with np.errstate(invalid="ignore"):
        spread = np.sqrt(np.nansum(table**2, axis=0) / np.isfinite(table).sum(axis=0))
        spread = np.where(spread > 0, spread, np.nan)
        table = np.nan_to_num(np.abs(table / spread))
        ours = np.abs(seen.events[0] / spread)
    before = (seen.since < 0) & np.isfinite(ours)
    return Permuted(
        rarity(0.0),
        1 / min(every, draws + 1),
        lower,
        upper,
        _critical(table.max(axis=1)) * spread,
        _share(table[:, before].max(axis=1), ours[before].max()) if before.any() else None,
    )


def _edge(rarity: Callable[[float], float], effect: float, step: float) -> float:
    """The end, on the side of `step`, of the effects that are not too rare; infinite where none is."""
    near, far = effect, effect + step
    for _ in range(FARTHER):
        if rarity(far) <= ALPHA:
            break
        near, far = far, far + 2 * (far - effect)
    else:
        return float(np.copysign(np.inf, step))
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if rarity(middle) <= ALPHA else (middle, far)
    return far


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
    """Every assignment but ours, as orders of the practices' starts."""
    kinds, which = np.unique(np.column_stack([of.starts, of.leave]), axis=0, return_inverse=True)
    pools = [np.flatnonzero(which.ravel() == k) for k in range(len(kinds))]

    def fill(k: int, free: tuple[int, ...], order: np.ndarray) -> Iterator[np.ndarray]:
        if k == len(pools):
            yield order.copy()
            return
        for places in combinations(free, len(pools[k])):
            order[list(places)] = pools[k]
            yield from fill(k + 1, tuple(f for f in free if f not in places), order)

    orders = np.array(list(fill(0, tuple(range(len(of.starts))), np.empty(len(of.starts), dtype=int))))
    return orders[(which.ravel()[orders] != which.ravel()).any(axis=1)]


def _share(chance: np.ndarray, ours: float) -> float:
    """The share of assignments with at least as much as ours, ours among them; none compared counts as more."""
    return (1 + int((~(chance < ours * (1 - TIES))).sum())) / (1 + len(chance))


def _critical(chance: np.ndarray) -> float:
    """What at most 5 % of the assignments exceed, ours among them; infinite where there are too few to say."""
    rank = int(np.ceil((1 - ALPHA) * (1 + len(chance)) - TIES)) - 1
    return float(np.sort(chance)[rank]) if rank < len(chance) else np.inf


def _along(told: Comparison, seen: Comparison) -> np.ndarray:
    """The events of each assignment at the places of those that were seen, NaN where there is none."""
    table = np.full((len(told.effect), len(seen.since)), np.nan)
    _, ours, theirs = np.intersect1d(seen.since, told.since, return_indices=True)
    table[:, ours] = told.events[:, theirs]
    return table
