"""What moves a series without any KPI moving it: a level, a trend, a season, and steps at declared breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import start_of

SEASONS = {"M": 12, "Q": 4, "Y": 1}
ALIKE = 1e-8  # share of a series that must be its own, not its terms' or another's
TINY = 1e-10  # of the largest singular value, below which a term is one that the others make up


def no_calendar(indexes: Sequence[pd.Index]) -> str:
    """Why the indexes are no one calendar of months, quarters or years; '' where they are."""
    for index in indexes:
        if not (isinstance(index, pd.PeriodIndex) and index.freqstr.partition("-")[0] in SEASONS):
            return "no_calendar"
        if index.has_duplicates:
            return "periods_twice"
    return "other_calendars" if len({index.freqstr for index in indexes}) > 1 else ""


def season_of(index: pd.PeriodIndex, season: str | None) -> int:
    """Periods in a year whose levels may differ; 1 for none. `season`: 'auto' by the index's frequency, or None.

    Raises ValueError for any other.
    """
    if season not in ("auto", None):
        raise ValueError(f"season is {season!r}; say 'auto' or None")
    return SEASONS[index.freqstr[0]] if season == "auto" else 1


def deterministic(index: pd.PeriodIndex, season: int, breaks: Iterable[pd.Period | str] = ()) -> np.ndarray:
    """Constant, trend, `season` − 1 dummies and a step at each break within the index: periods × terms.

    Dummies, not harmonics: a season of any shape is taken out.
    """
    n = len(index)
    terms = [np.ones(n), np.linspace(-1.0, 1.0, n) if n > 1 else np.zeros(n)]
    place = (index.month - 1 if season == 12 else index.quarter - 1) if season > 1 else np.zeros(n, dtype=int)
    terms += [(place == s).astype(float) for s in range(1, season)]
    starts = (start_of(each, index) for each in breaks)
    terms += [np.asarray(index >= start, dtype=float) for start in starts if n and index[0] < start <= index[-1]]
    return np.column_stack(terms)


def taken_out(terms: np.ndarray) -> tuple[np.ndarray, int]:
    """What takes `terms` (rows × terms) out of a series of those rows, rows × rows, and how many of them say anything.

    A test asks for the same few again and again, and so do tests of series of one calendar.
    """
    return _taken_out(np.ascontiguousarray(terms, dtype=float).tobytes(), terms.shape)


@lru_cache(maxsize=128)
def _taken_out(cells: bytes, shape: tuple[int, int]) -> tuple[np.ndarray, int]:
    left, sizes, _ = np.linalg.svd(np.frombuffer(cells).reshape(shape), full_matrices=False)
    basis = left[:, sizes > TINY * sizes[:1].sum()]
    out = np.eye(shape[0]) - basis @ basis.T
    out.setflags(write=False)
    return out, basis.shape[1]
