"""Rows dated far from all others: most likely a slip of the pen, and no reason to think that data reach so far."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.tables import Table

FAR = 12  # months without a row between a stray and all others
FEW = 2  # rows of a month that may be a slip; more are data


def strays(rows: pd.DataFrame, table: Table) -> pd.Series:
    """True for the rows (practice, the table's date) at either end of a practice's data that lie FAR from the rest."""
    found = pd.Series(False, index=rows.index)
    if table.dated != "day" or table.sparse or table.snapshot or rows.empty:
        return found
    month = rows[table.at].dt.year * 12 + rows[table.at].dt.month
    for _, own in month.groupby(rows["practice"]):
        counts = own.value_counts().sort_index()
        for ends in (counts, counts[::-1]):
            for at, following in zip(ends.index[:-1], ends.index[1:], strict=True):
                if abs(following - at) <= FAR or ends[at] > FEW or len(counts) < 3:
                    break
                found[own.index[own == at]] = True
    return found
