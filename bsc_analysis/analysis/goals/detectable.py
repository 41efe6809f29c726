"""Whether a practice of this size could tell the promised change from noise."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from bsc_analysis.analysis.goals.history import History, Pooled
from bsc_analysis.kpis.kpi import KPI, Ratio

LEVEL, POWER = 0.05, 0.80
RANGES = 1.128  # d2: the mean range of two in SDs
LEAST_RANGES = 6


@dataclass(frozen=True)
class Detectable:
    """`power`: chance that the change, if it comes about, is told from none (two-sided, 5 %); `smallest`: the change
    that would be told in 80 of 100 cases, in the KPI's unit.

    `basis`: 'counting' (error of the counts behind both readings), 'counting_and_swings' (counts, widened by
    `inflation`, since months differ by more than that), or 'swings' (the movement between neighbouring readings; no
    counts are known). `reason`, where power is None: 'too_few_points', 'all_equal', 'cannot_be_pooled'.
    """

    power: float | None = None
    smallest: float | None = None
    basis: str = ""
    inflation: float = 1.0
    reason: str = ""


@dataclass(frozen=True)
class Side:
    """One of the two readings compared: its level, its denominator (None where unknown), and how many periods of the
    history it spans."""

    level: float
    over: float | None
    parts: int


def detectable(kpi: KPI, history: History, before: Side, after: Side, how: Pooled) -> Detectable:
    """Whether the change between two readings could be told, by a checked history."""
    sides, change = (before, after), after.level - before.level
    swings = _swings(history.values)
    kind = kpi.interval if isinstance(kpi, Ratio) else "none"
    counting = [_counting(kind, s.level, s.over, kpi.scale) for s in sides if s.over and kind != "none"]
    if len(counting) == len(sides):
        inflation = _inflation(kind, history, swings, kpi.scale)
        basis = "counting_and_swings" if inflation > 1 else "counting"
        return _told(change, sum(counting) * inflation, basis, inflation)
    if swings is None:
        return Detectable(reason="too_few_points")
    if swings == 0:
        return Detectable(reason="all_equal")
    if how == "none" and max(before.parts, after.parts) > 1:
        return Detectable(reason="cannot_be_pooled")
    each = {"total": lambda n: float(n), "ratio": lambda n: 1 / n}.get(how, lambda n: 1.0)
    return _told(change, swings * sum(each(s.parts) for s in sides), "swings", 1.0)


def _told(change: float, variance: float, basis: str, inflation: float) -> Detectable:
    error, normal = float(np.sqrt(variance)), NormalDist()
    edge, size = normal.inv_cdf(1 - LEVEL / 2), abs(change) / error
    power = normal.cdf(size - edge) + normal.cdf(-size - edge)
    return Detectable(power, (edge + normal.inv_cdf(POWER)) * error, basis, inflation)


def _counting(kind: str, level: float, over: float, scale: float) -> float:
    """Variance of a reading by its counts alone; at no event, or nothing but events, as at half of one."""
    if kind == "count":
        return scale**2 * max(level / scale, 0.5 / over) / over
    share = float(np.clip(level / scale, min(0.5, 0.5 / over), max(0.5, 1 - 0.5 / over)))
    return scale**2 * share * (1 - share) / over


def _inflation(kind: str, history: History, swings: float | None, scale: float) -> float:
    """How much more neighbouring readings differ than their counts alone let them; 1 where that cannot be seen."""
    if history.denominators is None or swings is None:
        return 1.0
    there = pd.DataFrame({"value": history.values, "over": history.denominators}).dropna()
    each = [_counting(kind, value, n, scale) for value, n in there.itertuples(index=False)]
    return max(1.0, swings / float(np.mean(each))) if each else 1.0


def _swings(values: pd.Series) -> float | None:
    """Variance of single readings by their moving ranges, which slow movement hardly touches; None for too few."""
    ranges = values.diff().abs().dropna()
    return float((ranges.mean() / RANGES) ** 2) if len(ranges) >= LEAST_RANGES else None
