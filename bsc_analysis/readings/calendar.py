"""Which periods there are, and which of them the data do not reach the end of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.kpis.kpi import TableKPI
from bsc_analysis.params import Group
from bsc_analysis.periods import Calendar
from bsc_analysis.readings.compute import last_days
from bsc_analysis.store import Store


def calendar(group: Group, store: Store, grain: str) -> pd.MultiIndex:
    """Every period from a practice's first row (without any: the group's) to the group's last, gaps included."""
    days = store.through.groupby("practice").agg(first=("first", "min"))
    freq = group.calendar.freq(grain)
    first = pd.to_datetime(days["first"]).dt.to_period(freq)
    last = pd.to_datetime(store.through["last"]).max().to_period(freq)
    starts = first.to_dict()
    for practice in set(group.practices) - set(starts):
        starts[practice] = first.min()
    pairs = [(p, str(period)) for p in sorted(starts) for period in pd.period_range(starts[p], last)]
    return pd.MultiIndex.from_tuples(pairs, names=["practice", "period"])


def still_open(kpi: TableKPI, index: pd.MultiIndex, store: Store, grain: str, years: Calendar) -> pd.Series:
    """True where a table that the KPI needs does not reach the end of the period.

    It does where its last row lies within the table's `closing_days` of the end, or the next period has rows too: one
    mistyped date far ahead completes nothing. `matures_days` then has to pass within the data.
    """
    periods = pd.PeriodIndex(index.get_level_values("period"), freq=years.freq(grain))
    practices = index.get_level_values("practice")
    ends = periods.end_time.normalize()
    following = pd.MultiIndex.from_arrays([practices, (periods + 1).astype(str)])
    found = pd.Series(False, index=index)
    for table in {kpi.table, getattr(kpi, "over", None) or kpi.table}:
        last = last_days(store, table, grain, years)
        near = pd.DatetimeIndex(last.reindex(index)).normalize() + pd.Timedelta(days=table.closing_days) >= ends
        if table is kpi.table and kpi.at != table.at:  # rows dated by service may come before the table does
            found |= last.reindex(index).isna().to_numpy()
        found |= ~(near | last.reindex(following).notna().to_numpy())
        if kpi.matures_days:
            newest = _reached(last, years.freq(grain)).reindex(practices)
            found |= np.asarray(pd.DatetimeIndex(newest) < ends + pd.Timedelta(days=kpi.matures_days))
    return found


def _reached(last: pd.Series, freq: str) -> pd.Series:
    """The last day of each practice in a period that follows one with rows; of a practice with one period, in that."""
    practices, periods = last.index.get_level_values("practice"), last.index.get_level_values("period")
    before = (pd.PeriodIndex(periods, freq=freq) - 1).astype(str)
    followed = last[pd.MultiIndex.from_arrays([practices, before]).isin(last.index)]
    return followed.groupby("practice").max().combine_first(last.groupby("practice").max())
