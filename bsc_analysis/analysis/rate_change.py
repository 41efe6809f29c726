"""Whether the rates of parts changed by more than chance: intervals of differences that hold for all parts at once.

Sources: Newcombe 1998, Statistics in Medicine 17, 873–890, method 10 (two Wilson intervals, squared and added); Zou &
Donner 2008, Statistics in Medicine 27, 1693–1702, for the same with exact Poisson intervals; McCullagh & Nelder 1989,
4.5, for the dispersion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.readings.intervals import ALPHA, poisson, wilson

LEAST_FREEDOM = 4  # below that the parts' own months say too little of how much chance there is
Interval = Literal["proportion", "count", "none"]


@dataclass(frozen=True)
class Dispersion:
    """How many times as much shorter periods vary about their part's rate as counting alone would let them.

    1 where counting explains all of it; `freedom`: of how many degrees, 0 where it could not be estimated.
    """

    factor: float = 1.0
    freedom: int = 0

    def widened(self, alpha: float) -> float:
        """By how much to divide counts, so that their intervals hold what is known of the dispersion; at least 1."""
        from scipy import stats

        if not self.freedom:
            return 1.0
        doubt = stats.t.ppf(1 - alpha / 2, self.freedom) / stats.norm.ppf(1 - alpha / 2)
        return max(1.0, self.factor * float(doubt) ** 2)


def dispersion(shorter: pd.DataFrame, interval: Interval) -> Dispersion:
    """Pearson's χ² per degree of freedom of the shorter periods within each stretch that has one rate.

    `shorter`: numerator and denominator, a row per shorter period; its index names the stretch (part and longer
    period) and repeats. A trend within a stretch counts as dispersion, which errs on the careful side.
    """
    if interval == "none":
        return Dispersion()
    cells = shorter[shorter["denominator"] > 0]
    sums = cells.groupby(level=list(range(cells.index.nlevels)))[["numerator", "denominator"]].transform("sum")
    rate = sums["numerator"] / sums["denominator"]
    expected = rate * cells["denominator"]
    variance = expected * (1 - rate) if interval == "proportion" else expected
    cells, expected, variance = (frame[variance > 0] for frame in (cells, expected, variance))
    freedom = len(cells) - cells.index.nunique()
    if freedom < LEAST_FREEDOM:
        return Dispersion()
    return Dispersion(float((((cells["numerator"] - expected) ** 2) / variance).sum() / freedom), freedom)


def rate_changes(told: pd.DataFrame, interval: Interval, chance: Dispersion | None = None) -> pd.DataFrame:
    """Of each part: lower and upper bound of its later rate less its earlier one, and whether they exclude 0 (apart).

    `told`: n0, d0, n1, d1, the sides before and after. Of 100 such tables in which no rate has changed, at most 5
    or so have a part that is `apart` (Bonferroni over the parts compared). Missing where a part lacks a period, and
    everywhere for `interval` none (money), of which no chance is known.
    """
    found = pd.DataFrame({"lower": np.nan, "upper": np.nan, "apart": pd.NA}, index=told.index)
    found = found.astype({"lower": "float64", "upper": "float64", "apart": "boolean"})
    both = (told["d0"] > 0) & (told["d1"] > 0)
    if interval == "none" or not both.any():
        return found
    alpha = ALPHA / int(both.sum())
    spread = (chance or Dispersion()).widened(alpha)
    n0, d0, n1, d1 = ((told.loc[both, name] / spread).to_numpy() for name in ("n0", "d0", "n1", "d1"))
    bounds = wilson if interval == "proportion" else poisson
    (low0, high0), (low1, high1) = bounds(n0, d0, alpha), bounds(n1, d1, alpha)
    r0, r1 = n0 / d0, n1 / d1
    lower = r1 - r0 - np.hypot(r1 - low1, high0 - r0)
    upper = r1 - r0 + np.hypot(high1 - r1, r0 - low0)
    found.loc[both, "lower"], found.loc[both, "upper"] = lower, upper
    found.loc[both, "apart"] = (lower > 0) | (upper < 0)
    return found
