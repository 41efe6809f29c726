"""Rows that add up others: dropped, counted, and used to check that nothing is missing above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bsc_analysis.feeds.columns import amounts
from bsc_analysis.feeds.raw import RawRows, refuse
from bsc_analysis.params.feed_models import Totals

ROUNDING = 0.005  # half a cent


def without_totals(raw: RawRows, totals: Totals | None, summed: Sequence[str], decimal: str, shown: str) -> RawRows:
    """The rows without those that `totals` declares; `summed` are the file's columns of amounts.

    A total is the sum of the rows since one of the totals above it, or of all, in the same reach for every column;
    a blank one says nothing. Raises FeedError naming line and column where that is not so.
    """
    if totals is None:
        return raw
    begins = tuple(text.lower() for text in totals.begins)
    marked = raw.text[totals.column].str.strip().str.lower().str.startswith(begins)
    numbers = raw.text[list(summed)].apply(lambda column: amounts(column.str.strip(), decimal))
    below = numbers.where(~marked, 0.0).fillna(0.0).astype("float64").cumsum().to_numpy()
    sums = [np.zeros(len(summed))]  # as they stood at each total
    for place in np.flatnonzero(marked):
        line = raw.text.index[place]
        written = raw.text.iloc[place][list(summed)].str.strip() != ""
        told = numbers.iloc[place].astype("float64").to_numpy(dtype="float64", na_value=np.nan)
        reached = below[place] - np.array(sums)
        right = (np.abs(reached - told) <= ROUNDING + 1e-9 * np.abs(told)) | ~written.to_numpy()
        if not right.all(axis=1).any():
            nearest = right[right.sum(axis=1).argmax()]
            raise _not_the_sum(shown, line, [name for name, ok in zip(summed, nearest, strict=True) if not ok])
        sums.append(below[place])
    return replace(raw, text=raw.text[~marked], layout=raw.layout + int(marked.sum()))


def _not_the_sum(shown: str, line: int, columns: list[str]) -> Exception:
    message = "is not the sum of the rows above it; rows are missing or changed, so export the file again"
    return refuse(shown, f"line {line}, column {', '.join(columns)}", message)
