"""XmR charts: single values against the differences of neighbours. Never the sample's standard deviation: a step would
widen it.

Source: NHS England, Making Data Count; as in NHSRplotthedots 0.2, whose switches are `screen`, `run` and `least`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation.given import refused, whole
from bsc_analysis.analysis.variation.result import LEAST, Setting, Variation, drawn
from bsc_analysis.analysis.variation.rules import RUN, Lines, around

LIMIT = 2.66  # 3 / 1.128, as the NHS rounds it
D2 = 1.128  # mean moving range of two over the standard deviation
LIMIT_OF_RANGES = 3.267  # D4 for moving ranges of two; a larger one is an event, not chance


def xmr(
    values: pd.Series,
    *,
    better: str,
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    screen: bool = True,
    run: int = RUN,
    least: int = LEAST,
) -> Variation:
    """The variation of `values` (PeriodIndex of months, quarters or years; missing stays missing).

    `breaks`: periods at which a new segment with limits of its own begins. `screen`: moving ranges beyond
    3.267 × their mean are left out once before the limits. Limits need `least` points and some variation.
    Raises TypeError or ValueError where it is given something else.
    """
    setting = Setting(better, target, run, least)
    given = whole({"value": values}, breaks)
    if isinstance(given, str):
        return refused(given, "xmr")
    return drawn(given, lambda part: lines(part["value"].to_numpy(), screen), setting, chart="xmr")


def lines(values: np.ndarray, screen: bool = True) -> Lines:
    """Centre ± 2.66 × mean moving range, along the last axis."""
    return around(mean(values), LIMIT * mean_range(values, screen))


def limits(values: np.ndarray, screen: bool = True) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit: centre ± 2.66 × mean moving range of neighbours without a gap."""
    found = lines(values, screen)
    return float(found.lower[0]), float(found.centre[0]), float(found.upper[0])


def mean_range(values: np.ndarray, screen: bool = True) -> np.ndarray:
    """The mean difference of neighbours without a gap, along the last axis; 0 without any.

    One jump in a flat series leaves nothing but zeros beside it: then nothing is screened, for it is no flat series.
    Where the neighbours of one series tell nothing, being all alike or fewer than half of what follows each other (a
    survey each third month), whatever follows each other is taken.
    """
    ranges = np.abs(np.diff(values, axis=-1))
    if values.ndim == 1:
        following = np.abs(np.diff(values[~np.isnan(values)]))
        if not np.nansum(ranges) > 0 or 2 * np.count_nonzero(~np.isnan(ranges)) < len(following):
            ranges = following
    found = np.nan_to_num(mean(ranges), nan=0.0)
    if not screen:
        return found
    screened = mean(np.where(ranges < LIMIT_OF_RANGES * found, ranges, np.nan))
    return np.where(screened > 0, screened, found)


def mean(values: np.ndarray) -> np.ndarray:
    """The mean of what is there, along the last axis, which stays, of length 1; NaN where nothing is."""
    there = ~np.isnan(values)
    count = there.sum(axis=-1, keepdims=True)
    total = np.where(there, values, 0.0).sum(axis=-1, keepdims=True)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
