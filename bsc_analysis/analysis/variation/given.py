"""What a chart is given, on a whole calendar; or why there is none."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers, start_of
from bsc_analysis.analysis.terms import no_calendar
from bsc_analysis.analysis.variation.result import Variation


def whole(columns: dict[str, pd.Series], breaks: Iterable[pd.Period | str]) -> pd.DataFrame | str:
    """The columns on all periods from the first to the last, with the segment of each; or why they cannot be.

    What is no number, infinite or missing is NaN. A segment is a stretch between breaks, counted from 0.
    Raises TypeError or ValueError where a column is no Series of numbers, or a break no period.
    """
    told = {name: numbers(name, column, pd.Series) for name, column in columns.items()}
    if why := no_calendar([column.index for column in told.values()]):
        return why
    frame = pd.DataFrame(told)
    if len(frame):
        first, last, name = frame.index.min(), frame.index.max(), frame.index.name
        frame = frame.reindex(pd.period_range(first, last, freq=frame.index.freq, name=name))
    return frame.assign(segment=segments(frame.index, breaks))


def segments(index: pd.PeriodIndex, breaks: Iterable[pd.Period | str]) -> np.ndarray:
    """The number of breaks up to each period; each begins a segment."""
    starts = [start_of(each, index) for each in breaks]
    return sum((np.asarray(index >= start).astype(int) for start in starts), np.zeros(len(index), int))


def refused(reason: str, chart: str, **told) -> Variation:
    """No chart, for a reason."""
    columns = ["value", "segment", "lower", "centre", "upper", "rule", "side", "word"]
    return Variation(pd.DataFrame(columns=columns), latest="refused", chart=chart, reason=reason, **told)
