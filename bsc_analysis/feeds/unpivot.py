"""Months as columns into rows: one row per line and month that has a cell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pandas as pd

from bsc_analysis.feeds.clock import EARLIEST, LATEST


def month_columns(header: Iterable[str], form: str) -> dict[str, pd.Timestamp]:
    """Header → first day of its month, for every header that is a month written as `form`."""
    found = {}
    for name in header:
        try:
            month = pd.Timestamp(datetime.strptime(name, form)).to_period("M").start_time
        except ValueError:
            continue
        if EARLIEST <= month < LATEST:
            found[name] = month
    return found


def unpivoted(kept: pd.DataFrame, cells: pd.DataFrame, values: str) -> tuple[pd.DataFrame, pd.Series]:
    """One row per cell that is not blank, `kept` beside the cell as `values`, and the month of each row.

    Lines repeat in the index of the first; the months are in the same order. A line without any cell is gone.
    """
    filled = cells.map(str.strip).ne("").to_numpy()
    line, month = filled.nonzero()
    rows = kept.iloc[line].assign(**{values: cells.to_numpy()[line, month]})
    return rows, pd.Series(pd.DatetimeIndex(cells.columns[month]).astype("datetime64[us]"))
