"""How much came, month by month, against what is usual: which months are thin, and where the flow changed for good.

Counts are judged on the scale of their square roots, where a Poisson count varies by 0.5 whatever its size, so that
a month of 2 calls instead of 5 is chance and one of 200 instead of 500 is not. How far chance goes is told as in
the control charts, by the mean difference of neighbours. Seasons may swing by 30 % to either side: chance is counted
from there. tests/analysis/test_flow.py simulates both.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation import LEAST, limits

THIN, FLOOD = 0.4, 2.0  # of the usual: a winter month has 0.7 / 1.3 = 0.54 of a summer month's rows
SEASON = 0.3  # how far a month of the year may lie from the average of the year
LASTING, LASTING_YOUNG = 0.6, 0.5  # a step to less of the level before; half-years of one such season differ by 0.65,
YOUNG = 24  # and within two years a season cannot be told from a step
STEP = 6  # months on either side of a step
SURE = 4.0  # standard errors beyond chance: many months, tables and places to split are looked at
AROUND = 12  # months that say what is usual
BY_CHANCE = 7.0  # rows expected below which none at all may be chance: exp(−7) is 1 in 1,000
POISSON = 0.5  # the standard deviation of the root of a Poisson count; little is steadier for long
MEDIAN = 1.2533  # √(π/2): the standard error of a median over that of a mean


def judged(counts: pd.Series) -> pd.DataFrame:
    """Each period's level against the usual: index of `counts` (PeriodIndex, no gaps in it; NaN: not to be judged).

    Columns: rows, usual (median of the twelve months around it, on its side of a step), level: 'full', 'less' (after a
    lasting fall), 'thin', 'flood', 'none', or 'open' where `counts` is missing; stretch: how many lasting steps came
    before it.
    """
    values = counts.astype("float64")
    regular = values.where(values > 0) if values[values > 0].median() >= BY_CHANCE else values
    frame = pd.DataFrame({"rows": values, "usual": np.nan, "level": "full", "stretch": 0})
    for at in steps(regular):
        frame.loc[at:, "stretch"] += 1
    highest = 0.0
    for _, part in regular.groupby(frame["stretch"]):
        frame.loc[part.index, "usual"] = _usual(part)
        frame.loc[part.index, "level"] = "less" if part.median() < LASTING * highest else "full"
        highest = max(highest, part.median())
    reach = SURE * _sigma(regular)
    if not np.isnan(reach):
        root, usual = np.sqrt(values), frame["usual"]
        low, high = np.sqrt(usual * (1 - SEASON)) - reach, np.sqrt(usual * (1 + SEASON)) + reach
        frame.loc[(values < THIN * usual) & (root < low), "level"] = "thin"
        frame.loc[(values > FLOOD * usual) & (root > high), "level"] = "flood"
    frame.loc[values == 0, "level"] = "none"
    frame.loc[values.isna(), "level"] = "open"
    return frame


def steps(values: pd.Series) -> list[pd.Period]:
    """Periods at which the level of `values` changed for good, and by much; missing ones are passed over."""
    seen = values.dropna()
    sigma = _sigma(values)
    if np.isnan(sigma):
        return []
    least = LASTING_YOUNG if len(seen) < YOUNG else LASTING
    return [seen.index[i] for i in _split(np.sqrt(seen.to_numpy()), sigma, least)]


def _sigma(values: pd.Series) -> float:
    """The standard deviation of the roots by chance; missing where there are too few values to tell."""
    roots = np.sqrt(values.to_numpy(dtype="float64"))
    if np.count_nonzero(~np.isnan(roots)) < LEAST:
        return np.nan
    lower, centre, _ = limits(roots)
    return max((centre - lower) / 3, POISSON)


def _split(roots: np.ndarray, sigma: float, least: float) -> list[int]:
    """Places where the median steps: the best one by absolute deviations, then the best within each side."""
    places = range(STEP, len(roots) - STEP + 1)
    if not places:
        return []
    at = min(places, key=lambda k: _deviation(roots[:k]) + _deviation(roots[k:]))
    low, high = sorted([float(np.median(roots[:at])), float(np.median(roots[at:]))])
    error = MEDIAN * sigma * np.sqrt(1 / at + 1 / (len(roots) - at))
    if low**2 > least * high**2 or high - low < SURE * error:
        return []
    return [*_split(roots[:at], sigma, least), at, *(at + i for i in _split(roots[at:], sigma, least))]


def _deviation(roots: np.ndarray) -> float:
    return float(np.abs(roots - np.median(roots)).sum())


def _usual(part: pd.Series) -> np.ndarray:
    """For each month the median of the twelve others nearest to it, as many on one side as on the other if they are."""
    x = part.to_numpy()
    others = [
        np.delete(x[(start := max(0, min(i - AROUND // 2, len(x) - AROUND - 1))) : start + AROUND + 1], i - start)
        for i in range(len(x))
    ]
    return np.array([np.nanmedian(o) if np.count_nonzero(~np.isnan(o)) else np.nan for o in others])
