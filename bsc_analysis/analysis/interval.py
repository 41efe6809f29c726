"""95 % intervals of one value with what they hold said: counting error, a series' own overdispersion, people not asked.

Bounds come from readings/intervals.py; here they are widened or narrowed by an effective size. With overdispersion φ,
n cases tell as much as n / φ independent ones; where n of N people answered, what is unknown is only what the other
N − n would say (as if those who answered were a random sample of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from bsc_analysis.readings.intervals import ALPHA, order_ranks, poisson, wilson

Holds = Literal["counting_only", "own_overdispersion"]


@dataclass(frozen=True)
class Interval:
    """A value and its 95 % interval, in the value's own terms; NaN with a `reason`.

    `method`: 'wilson', 'poisson', 't' or 'order_statistics'. `n`: the denominator or the answers. `holds`:
    'counting_only', or 'own_overdispersion' where it was inflated by `phi`. `population`: of a staff survey, how many
    could have answered; None where the correction was not asked for.
    `reason`: 'missing', 'no_denominator', 'negative', 'more_than_all', 'too_few' or 'more_answers_than_people'.
    """

    method: str
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    n: float = 0
    holds: Holds = "counting_only"
    phi: float = 1.0
    population: int | None = None
    reason: str = ""

    def has(self, value: float) -> bool:
        """Whether the interval holds `value`, its ends included."""
        return self.lower <= value <= self.upper


def share(count: float, of: float, *, phi: float | None = None, population: int | None = None) -> Interval:
    """A proportion by Wilson 1927; `phi`: its series' overdispersion (analysis/overdispersion.py), None if unknown."""
    why = _refused(count, of, population) or ("more_than_all" if count > of else "")
    if why:
        return Interval("wilson", population=population, reason=why)
    told = _inflated(phi)
    value = float(count / of)
    if population == of:
        return Interval("wilson", value, value, value, of, *told, population)
    size = of / told[1] * (1 if population is None else (population - 1) / (population - of))
    lower, upper = wilson(np.array([value * size]), np.array([size]))
    ends = min(value, float(lower[0])), max(value, float(upper[0]))  # rounding put 20 of 20 above its upper end
    return Interval("wilson", value, *ends, of, *told, population)


def rate(count: float, exposure: float, *, phi: float | None = None) -> Interval:
    """A count per exposure, exact Poisson (Garwood 1936); with `phi` the same of count / φ and exposure / φ."""
    why = _refused(count, exposure, None)
    if why:
        return Interval("poisson", reason=why)
    told = _inflated(phi)
    lower, upper = poisson(np.array([count / told[1]]), np.array([exposure / told[1]]))
    return Interval("poisson", float(count / exposure), float(lower[0]), float(upper[0]), exposure, *told)


def mean(
    total: float, squares: float, n: float, *, phi: float | None = None, population: int | None = None
) -> Interval:
    """A mean by Student's t, from Σx, Σx² and n of at least 2."""
    why = _refused(0, n, population) or ("missing" if not np.isfinite([total, squares]).all() else "")
    if why or n < 2:
        return Interval("t", n=0 if why else n, population=population, reason=why or "too_few")
    told = _inflated(phi)
    value = float(total / n)
    variance = max(0.0, squares - total * value) / (n - 1)
    unknown = 1 if population is None else (population - n) / population
    width = float(stats.t.ppf(1 - ALPHA / 2, n - 1) * np.sqrt(told[1] * unknown * variance / n))
    return Interval("t", value, value - width, value + width, n, *told, population)


def quantile(values: np.ndarray, q: float) -> Interval:
    """The quantile `q` of the values that are there, by order statistics; the bounds alone are NaN where 'too_few'."""
    known = np.sort(np.asarray(values, dtype=float))
    known = known[np.isfinite(known)]
    if not len(known):
        return Interval("order_statistics", reason="missing")
    ranks = np.concatenate(order_ranks(np.array([len(known)]), q))
    value = float(np.quantile(known, q))
    if np.isnan(ranks).any():
        return Interval("order_statistics", value, n=len(known), reason="too_few")
    lower, upper = known[ranks.astype(int) - 1]
    return Interval("order_statistics", value, float(lower), float(upper), len(known))


def _inflated(phi: float | None) -> tuple[Holds, float]:
    """What an interval holds, and by how much it is inflated: never below chance."""
    if phi is None or not np.isfinite(phi):
        return "counting_only", 1.0
    return "own_overdispersion", max(1.0, float(phi))


def _refused(count: float, of: float, population: int | None) -> str:
    if not np.isfinite([count, of]).all():
        return "missing"
    if of <= 0:
        return "no_denominator"
    if count < 0:
        return "negative"
    return "more_answers_than_people" if population is not None and population < of else ""
