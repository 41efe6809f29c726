"""Which chart suits a KPI, by what its numbers are and how many events they count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation.counts import excess, usable
from bsc_analysis.kpis.kpi import KPI, PeerScore, Published, Quantile, Ratio

KINDS = ("share", "rate", "rare", "mean", "money", "quantile")
RARE = 5.0  # mean count by period, below which XmR does not hold
# Below it 3 σ of counting do not hold either: with 3, 2.3 % of 36-point series without change are flagged, with 30
# 1.8 %, with 1 4.7 %. And what lies between events takes two periods a point.
VERY_RARE = 3.0
LARGE = 1000  # cases by period, where counting alone explains too little of how months differ
EXCESS_SD = 0.91  # × σ / √(points − 1): how uncertain σ from moving ranges is


@dataclass(frozen=True)
class Choice:
    """The `chart`: 'xmr', 'p', 'p_prime', 'u', 'u_prime', 'g' or 't'; and `because`:

    'not_counts' (a mean, money, a quantile), 'no_counts' (values without their counts), 'no_denominator',
    'rare_events', 'rare_others' (nearly all are events: the others are charted), 'counts', 'large_n', 'overdispersed'
    (vary by more than counting), 'adjusted' (peers or season taken out, so no counts any more).
    `each`: events that a point of a g or t chart spans; `mean_count`: events by period; `excess`: Laney's σz.
    """

    chart: str
    because: str
    each: int = 1
    mean_count: float = np.nan
    excess: float = np.nan


def kind_of(kpi: KPI) -> str:
    """The kind of a KPI, one of KINDS."""
    if isinstance(kpi, Ratio):
        return {"proportion": "share", "count": "rate", "none": "money"}[kpi.interval]
    if isinstance(kpi, Quantile):
        return "quantile"
    return "mean" if isinstance(kpi, (PeerScore, Published)) else "money"


def choose(kind: str, readings: pd.DataFrame) -> Choice:
    """The chart for a KPI of a kind (see KINDS) from its readings by period: numerator, denominator, value.

    Columns that it has not may be absent. 'rare' are events that are expected to be, counted by the numerator or, where
    there is none, by the value; shares and rates that turn out so are taken the same way.
    Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it is one of {', '.join(KINDS)}")
    if kind in ("mean", "money", "quantile"):
        return Choice("xmr", "not_counts")
    r, n, value = (_column(with_counts(kind, readings), name) for name in ("numerator", "denominator", "value"))
    if not np.isfinite(r).any():
        return Choice("xmr", "no_counts")
    exposed = bool((n > 0).any())
    can = usable(r, n, kind == "share")[0] if exposed else r >= 0
    if not can.any():
        return Choice("xmr", "no_counts")
    r, n = np.where(can, r, np.nan), np.where(can, n, np.nan)
    events = float(np.nanmean(r))
    others = float(np.nanmean(n - r)) if kind == "share" and exposed else np.inf
    if min(events, others) < (VERY_RARE if exposed else RARE):
        because = "rare_events" if events <= others else "rare_others"
        chart = "g" if exposed and kind != "rate" else "t"
        return Choice(chart, because, each=max(1, int(np.ceil(2 * min(events, others)))), mean_count=events)
    if not exposed:
        return Choice("xmr", "no_denominator", mean_count=events)
    if (np.isfinite(value) & ~can).any():
        return Choice("xmr", "no_counts", mean_count=events)
    sigma = excess(r, n, kind == "share")
    points = int(can.sum())
    over = sigma > 1 + 1.645 * EXCESS_SD / np.sqrt(max(points - 1, 1))
    large = np.nanmean(n) >= LARGE if kind == "share" else events >= LARGE
    because = "overdispersed" if over else "large_n" if large else "counts"
    letter = "p" if kind == "share" else "u"
    chart = letter if because == "counts" else f"{letter}_prime"
    return Choice(chart, because, mean_count=events, excess=sigma)


def with_counts(kind: str, readings: pd.DataFrame) -> pd.DataFrame:
    """The readings; of rare events without numerator, the value is the count."""
    if kind == "rare" and "value" in readings and not np.isfinite(_column(readings, "numerator")).any():
        return readings.assign(numerator=readings["value"])
    return readings


def _column(readings: pd.DataFrame, name: str) -> np.ndarray:
    if name not in readings:
        return np.full(len(readings), np.nan)
    values = pd.to_numeric(readings[name], errors="coerce").to_numpy(dtype=float)
    return np.where(np.isfinite(values), values, np.nan)
