"""How often the group's test finds what cannot be there, on the client's own data: other practices' leading KPI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import start_of
from bsc_analysis.analysis.panel import p_forecasts
from bsc_analysis.analysis.panel_data import Breaks
from bsc_analysis.analysis.terms import season_of

MOST = 10  # false pairings of a link
ALPHA = 0.05


def placebos(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    within: int,
    specialty: Mapping[str, str] | pd.Series | None = None,
    breaks: Breaks = (),
    draws: int = 199,
    seed: int = 0,
) -> tuple[float | None, int]:
    """Share of false pairings found at 5 %, and how many were tried; None where none can be.

    In the n-th pairing each practice gets the leading KPI of the n-th practice after it in its specialty, of other
    years. What moves all of them is taken off before, so nothing is left to find but by chance.
    """
    leading, lagging = in_common(leading, lagging)
    names, moves = list(leading), years_of(leading.index)
    of = pd.Series(specialty).reindex(names).fillna("") if specialty is not None else pd.Series("", names)
    sets = [list(of.index[of == kind]) for kind in dict.fromkeys(of)]
    found = []
    steps = breaks if isinstance(breaks, Mapping) else {name: tuple(breaks) for name in names}
    for shift in range(1, min(MOST, max(map(len, sets), default=1) - 1) + 1):
        donor = {name: each[(i + shift) % len(each)] for each in sets for i, name in enumerate(each)}
        donor = {name: of for name, of in donor.items() if name != of}  # whom the shift brings back to itself
        if not donor:
            continue
        moved, at = lent(leading, donor, moves[shift % len(moves)], steps)
        p = p_forecasts(moved, lagging, within=within, specialty=specialty, breaks=at, draws=draws, seed=seed)
        found += [p] if p is not None else []
    return (float(np.mean([p <= ALPHA for p in found])), len(found)) if found else (None, 0)


def in_common(leading: pd.DataFrame, lagging: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both KPIs of the practices and in the periods that both have, without gaps between."""
    both = leading.index, lagging.index
    index = pd.period_range(max(each.min() for each in both), min(each.max() for each in both))
    names = [name for name in leading if name in lagging]
    return leading[names].reindex(index), lagging[names].reindex(index)


def years_of(index: pd.PeriodIndex) -> list[int]:
    """By how many periods a series may be moved to be of other years: whole ones, from a quarter to three quarters of
    it; else its half."""
    year, n = season_of(index, "auto"), len(index)
    return [by for by in range(year, n, year) if n <= 4 * by <= 3 * n] or [n // 2]


def lent(
    leading: pd.DataFrame, donor: Mapping[str, str], by: int, breaks: Mapping[str, Iterable[pd.Period | str]]
) -> tuple[pd.DataFrame, dict[str, list[pd.Period]]]:
    """Each practice with the leading KPI of its donor, `by` periods later, and the breaks to tell a test.

    Of other years, because a true link would show in another practice's months too: the mean of the specialty, which is
    taken off, holds them. What ran to the last period goes on with the first, a seam that is a break as well.
    """
    index = leading.index
    moved = pd.DataFrame(np.roll(leading[list(donor.values())].to_numpy(), by, axis=0), index, list(donor))

    def within(name: str) -> list[int]:
        return [int(i) for i in index.get_indexer([start_of(at, index) for at in breaks.get(name, ())]) if i >= 0]

    return moved, {
        name: [index[i] for i in (*within(name), by, *((i + by) % len(index) for i in within(of)))]
        for name, of in donor.items()
    }
