"""p and u charts: shares and rates of counts, with limits by each point's own denominator; Laney's p′ and u′ where the
points vary by more than counting.

Source: Montgomery, Introduction to Statistical Quality Control, ch. 7; Laney 2002; as in qicharts2 0.8.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation.given import refused, whole
from bsc_analysis.analysis.variation.individuals import D2, mean_range
from bsc_analysis.analysis.variation.result import LEAST, Setting, Variation, drawn
from bsc_analysis.analysis.variation.rules import RUN, Lines, around, within


def p_chart(
    numerator: pd.Series,
    denominator: pd.Series,
    *,
    better: str,
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    scale: float = 1.0,
    prime: bool = False,
    screen: bool = True,
    run: int = RUN,
    least: int = LEAST,
) -> Variation:
    """The variation of numerator / denominator × `scale`, where the first counts a part of the second.

    Both have a PeriodIndex of months, quarters or years. Without a denominator there is no point; more events than
    cases, or fewer than none, are `left_out`. `target` is in the unit of the value. `prime`: Laney's p′, whose moving
    ranges are screened. The rest as in `xmr`.
    """
    return _chart("p", numerator, denominator, Setting(better, target, run, least), tuple(breaks), scale, prime, screen)


def u_chart(
    numerator: pd.Series,
    denominator: pd.Series,
    *,
    better: str,
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    scale: float = 1.0,
    prime: bool = False,
    screen: bool = True,
    run: int = RUN,
    least: int = LEAST,
) -> Variation:
    """The variation of numerator / denominator × `scale`, counts per exposure; the rest as in `p_chart`."""
    return _chart("u", numerator, denominator, Setting(better, target, run, least), tuple(breaks), scale, prime, screen)


def usable(numerator: np.ndarray, denominator: np.ndarray, share: bool) -> tuple[np.ndarray, int]:
    """Which points can be: counts of something; and how many of the others were given all the same."""
    given = ~np.isnan(numerator) & ~np.isnan(denominator) & ((numerator != 0) | (denominator != 0))
    can = given & (denominator > 0) & (numerator >= 0)
    if share:
        can &= numerator <= denominator
    return can, int((given & ~can).sum())


def excess(numerator: np.ndarray, denominator: np.ndarray, share: bool, screen: bool = True) -> float:
    """How many times as much neighbouring points vary as counting makes them (Laney's σz); NaN where none vary."""
    centre = np.nansum(numerator) / np.nansum(denominator)
    spread = _spread(centre, denominator, share)
    if not np.nanmax(spread) > 0:
        return np.nan
    return float(mean_range((numerator / denominator - centre) / spread, screen)[0]) / D2


def _chart(
    kind: str,
    numerator: pd.Series,
    denominator: pd.Series,
    setting: Setting,
    breaks: tuple[pd.Period | str, ...],
    scale: float,
    prime: bool,
    screen: bool,
) -> Variation:
    chart, share = f"{kind}_prime" if prime else kind, kind == "p"
    given = whole({"numerator": numerator, "denominator": denominator}, breaks)
    if isinstance(given, str):
        return refused(given, chart)
    can, left_out = usable(given["numerator"].to_numpy(), given["denominator"].to_numpy(), share)
    given.loc[~can, ["numerator", "denominator"]] = np.nan
    given["value"] = given["numerator"] / given["denominator"] * scale

    def lines_of(part: pd.DataFrame) -> Lines:
        r, n = part["numerator"].to_numpy(), part["denominator"].to_numpy()
        centre = np.nansum(r) / np.nansum(n)
        reach = 3 * _spread(centre, n, share)
        if prime:
            reach = reach * np.nan_to_num(excess(r, n, share, screen))
        found = within(around(np.full(len(n), centre), reach), 0.0, 1.0 if share else np.inf)
        return Lines(*(line * scale for line in found))

    return drawn(given, lines_of, setting, chart=chart, left_out=left_out)


def _spread(centre: float, denominator: np.ndarray, share: bool) -> np.ndarray:
    """The standard deviation of each point by counting alone."""
    return np.sqrt(centre * (1 - centre if share else 1.0) / denominator)
