"""Quiet periods of sparse tables: no training in March, between those of February and June, is none, not unknown."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.kpis.kpi import TableKPI
from bsc_analysis.periods import Calendar, parts_in


def with_quiet(last: pd.Series, grain: str, years: Calendar) -> pd.Series:
    """The last days, and the ends of the periods without a row between two that lie at most a year apart."""
    frame = last.reset_index()
    ordinal = pd.Series(pd.PeriodIndex(frame["period"], freq=years.freq(grain)).asi8)
    apart = ordinal.groupby(frame["practice"]).shift(-1) - ordinal
    frame = frame.loc[frame.index.repeat(apart.where(apart <= parts_in(grain, "year"), 1).astype(int))]
    step = frame.groupby(level=0).cumcount()
    periods = pd.PeriodIndex.from_ordinals((ordinal[frame.index] + step).to_numpy("int64"), freq=years.freq(grain))
    frame = frame.assign(period=periods.astype(str))
    frame["last"] = frame["last"].where(step == 0, periods.end_time.floor("D").as_unit("us"))
    return frame.set_index(["practice", "period"])["last"]


def with_kept(last: pd.Series, spans: pd.DataFrame, closing_days: int, grain: str, years: Calendar) -> pd.Series:
    """The last days, and those of all periods that a register covers from their first `closing_days` on: `spans` has
    practice, since, through. Of a period in the middle of which it was begun nobody knows whether nothing happened."""
    days = [last]
    for span in spans.itertuples():
        periods = pd.period_range(span.since, span.through, freq=years.freq(grain))
        periods = periods[periods.start_time + pd.Timedelta(days=closing_days) >= span.since]
        ends = pd.Series(periods.end_time.floor("D").as_unit("us")).clip(upper=span.through)
        index = pd.MultiIndex.from_product([[span.practice], periods.astype(str)], names=last.index.names)
        days.append(ends.set_axis(index))
    return pd.concat(days).groupby(level=[0, 1]).max().rename(last.name) if len(days) > 1 else last


def with_zeros(kpi: TableKPI, frame: pd.DataFrame, last: pd.Series) -> pd.DataFrame:
    """0 in the quiet periods of a sparse table: those that have a last day and no row."""
    quiet = frame["rows"].isna() & last.reindex(frame.index).notna()
    other = [] if getattr(kpi, "over", None) else ["denominator", "people", "rest_people"]
    frame.loc[quiet, ["rows", "numerator", "numerator_people", *other]] = 0.0
    return frame
