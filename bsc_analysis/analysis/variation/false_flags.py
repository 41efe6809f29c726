"""How many of a page's latest points would be flagged if nothing had changed: the rules assume independent points, and
even then a page of twenty KPIs shows a false flag in one of four months.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.variation.adjustment import autocorrelation, is_sure
from bsc_analysis.analysis.variation.individuals import D2, lines, mean, mean_range
from bsc_analysis.analysis.variation.result import LEAST, Variation
from bsc_analysis.analysis.variation.rules import Lines, around, marked, within

POINTS = (12, 16, 24, 36, 60)
PERSISTENCE = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9)  # of an AR(1)
FAMILY = {"xmr": "xmr", "p_prime": "xmr", "u_prime": "xmr", "p": "counted", "u": "counted", "g": "g", "t": "t"}
# In %, a row for each of POINTS, a column for each of PERSISTENCE: `simulated` with 40,000 repeats, seed 5
RATES = {
    "xmr": (
        (1.5, 2.7, 5.7, 11.8, 23.4, 31.7),
        (1.5, 3.2, 7.2, 15.5, 31.7, 42.7),
        (1.6, 3.6, 8.3, 18.3, 37.9, 52.2),
        (1.8, 4.0, 9.3, 20.0, 41.7, 57.6),
        (1.8, 4.2, 9.7, 21.3, 43.3, 60.0),
    ),
    "counted": (
        (0.5, 0.9, 1.8, 3.9, 7.4, 10.4),
        (0.8, 1.5, 3.4, 7.5, 16.2, 22.9),
        (1.0, 2.3, 4.7, 10.7, 24.2, 35.8),
        (1.4, 2.9, 6.0, 12.9, 29.1, 43.5),
        (1.5, 3.1, 6.7, 14.5, 31.5, 47.7),
    ),
    "g": (
        (1.2, 1.4, 1.7, 2.1, 2.7, 2.5),
        (1.6, 1.9, 3.3, 6.4, 14.0, 19.3),
        (2.0, 2.9, 5.1, 10.1, 22.3, 31.8),
        (2.4, 3.6, 6.3, 12.4, 26.7, 39.3),
        (2.8, 4.0, 7.2, 14.2, 29.5, 44.2),
    ),
    "t": (
        (1.3, 2.5, 5.6, 12.0, 23.7, 32.0),
        (1.3, 3.0, 7.0, 15.6, 32.1, 43.0),
        (1.4, 3.4, 8.0, 18.3, 38.2, 52.3),
        (1.5, 3.7, 9.0, 20.1, 41.9, 57.8),
        (1.6, 3.8, 9.4, 21.4, 43.7, 60.3),
    ),
}
MEAN_G = 50.0  # cases between events in the simulation; the rate hardly hangs on it


@dataclass(frozen=True)
class FalseFlags:
    """`rates`: KPI → chance that its latest point is flagged although nothing changed, 0 without limits;
    `expected`: their sum; `any`: the chance of at least one, if the KPIs do not move together."""

    rates: pd.Series
    expected: float
    any: float


def expected_false_flags(variations: Mapping[str, Variation]) -> FalseFlags:
    """The false flags to expect of a page, from each KPI's chart, points and persistence."""
    limited = {id: v for id, v in variations.items() if v.latest not in ("too_few", "flat", "refused")}
    rates = {id: false_flag_rate(v.chart, v.count, persistence(v)) for id, v in limited.items()}
    told = pd.Series(rates, dtype=float).reindex(list(variations), fill_value=0.0)
    return FalseFlags(told, float(told.sum()), float(1 - (1 - told).prod()))


def false_flag_rate(chart: str, points: int, persistence: float = 0.0) -> float:
    """The chance that the latest of `points` is flagged although nothing changed, between the cells of RATES."""
    if points < LEAST:
        return 0.0
    by_points = [np.interp(persistence, PERSISTENCE, row) for row in RATES[FAMILY[chart]]]
    return float(np.interp(points, POINTS, by_points)) / 100


def persistence(found: Variation) -> float:
    """The AR(1) coefficient of a chart's points about the level of each segment, corrected for the bias of short
    series (Kendall 1954); 0 where it may be chance."""
    values, segment = found.points["value"].astype(float), found.points["segment"].to_numpy()
    n = int(values.notna().sum())
    if n < LEAST or not is_sure(values, segment):
        return 0.0
    return float(np.clip((n * autocorrelation(values, segment) + 1) / (n - 4), 0.0, PERSISTENCE[-1]))


def simulated(family: str, points: int, persistence: float, repeats: int, seed: int) -> float:
    """The share of `repeats` series without change whose latest point is flagged, in %: what RATES holds."""
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((repeats, points))
    for t in range(1, points):
        values[:, t] = persistence * values[:, t - 1] + np.sqrt(1 - persistence**2) * values[:, t]
    values, chart = _drawn(family, values)
    hits = sum(np.abs(side[:, -1]) for side in marked(values, chart).values())
    return 100 * float((hits > 0).mean())


def _drawn(family: str, normal: np.ndarray) -> tuple[np.ndarray, Lines]:
    """Series of a chart's kind out of normal ones, and their lines."""
    if family == "xmr":
        return normal, lines(normal)
    if family == "counted":
        return normal, around(mean(normal), np.full((len(normal), 1), 3.0))
    waits = stats.expon.isf(stats.norm.sf(normal))
    if family == "t":
        root = waits ** (1 / 3.6)
        return root, within(around(mean(root), 3 / D2 * mean_range(root)), least=0.0)
    cases = np.floor(waits * MEAN_G)
    found = within(around(mean(cases), 3 * np.sqrt(mean(cases) * (mean(cases) + 1))), least=0.0)
    return cases, found._replace(centre=np.median(cases, axis=-1, keepdims=True))
