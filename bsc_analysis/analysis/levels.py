"""Each month of each table of a practice against what is usual."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.analysis.flow import judged
from bsc_analysis.tables import TABLES


def levels(volumes: pd.DataFrame, through: pd.DataFrame, period: pd.Period) -> pd.DataFrame:
    """One practice's volumes up to the end of `period`, each judged against the usual.

    Columns: table, part, period, rows, people, usual, level (see flow.judged; 'open': the data do not reach the end of
    it, or begin within it) and stretch.
    """
    edges = through.groupby("table").agg({"first": "min", "last": "max"})
    frames = []
    for (table, part), rows in volumes.groupby(["table", "part"], sort=False):
        index = pd.PeriodIndex(rows["period"], freq="Y" if TABLES[table].dated == "year" else "M")
        counts = rows.set_index(index)[["rows", "people"]]
        counts = counts[counts.index.start_time <= period.end_time]
        if len(counts):
            whole = counts["rows"].where(_covered(counts.index, table, edges.loc[table]))
            told = judged(_without_start(whole)).assign(
                table=table, part=part, people=counts["people"], rows=counts["rows"]
            )
            frames.append(told.rename_axis("period").reset_index())
    columns = ["table", "part", "period", "rows", "people", "usual", "level", "stretch"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _covered(index: pd.PeriodIndex, table: str, edge: pd.Series) -> np.ndarray:
    """Which periods the data reach both ends of, give or take the table's closing days."""
    slack = pd.Timedelta(days=TABLES[table].closing_days)
    return np.asarray(
        (edge["first"] - slack <= index.start_time) & (edge["last"] + slack >= index.end_time.normalize())
    )


def _without_start(rows: pd.Series) -> pd.Series:
    """The counts without a thin start: what runs in, as payments of the first claims do, is no failure."""
    little = judged(rows)["level"].isin(["open", "thin"])
    return rows.mask(little.astype("int64").cummin().astype("bool"))
