"""By how much a series of shares or counts swings beyond counting error from one period to the next.

Source: Laney 2002, Quality Engineering 14, 531–537: the moving range of the periods' z, so that neither a trend nor a
step counts as dispersion; a season does in part. Visits cluster by clinician, day and payer batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers

LEAST = 12  # periods, as for limits of a control chart
D2 = 1.128  # mean moving range of two, in standard deviations


@dataclass(frozen=True)
class Overdispersion:
    """`phi`: the variance of the periods over that of counting error, NaN with a `reason` ('too_few_periods',
    'no_events', 'all_events', 'calendar'). Below 1 where periods are more alike than chance makes them. `periods`: with
    a value."""

    phi: float = np.nan
    periods: int = 0
    reason: str = ""

    @property
    def known(self) -> float | None:
        """φ for an interval, None where there is none."""
        return None if self.reason else self.phi


def overdispersion(count: pd.Series, of: pd.Series, kind: Literal["proportion", "rate"]) -> Overdispersion:
    """The overdispersion of one practice's series; `count`, `of`: by period, calendar-complete, NaN where missing.

    Periods without a denominator, or with counts that cannot be, count as missing; no range reaches across one.
    Raises ValueError where the kind is unknown, or a count is no number.
    """
    if kind not in ("proportion", "rate"):
        raise ValueError(f"kind is {kind!r}; say 'proportion' or 'rate'")
    if not count.index.equals(of.index) or count.index.has_duplicates:
        return Overdispersion(reason="calendar")
    count, of = numbers("counts", count, pd.Series), numbers("denominators", of, pd.Series)
    possible = count.notna() & (of > 0) & (count >= 0)
    if kind == "proportion":
        possible &= count <= of
    count, of = count.where(possible), of.where(possible)
    periods = int(possible.sum())
    if periods < LEAST:
        return Overdispersion(periods=periods, reason="too_few_periods")
    centre = count.sum() / of.sum()
    if centre == 0 or (kind == "proportion" and centre == 1):
        return Overdispersion(periods=periods, reason="no_events" if centre == 0 else "all_events")
    variance = centre * (1 - centre if kind == "proportion" else 1) / of
    z = (count / of - centre) / np.sqrt(variance)
    ranges = z.diff().abs().dropna()
    if len(ranges) < LEAST / 2:
        return Overdispersion(periods=periods, reason="too_few_periods")
    return Overdispersion(float((ranges.mean() / D2) ** 2), periods)
