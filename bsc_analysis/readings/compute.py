"""KPIs over the store's tables: all KPIs of a table in one pass of narwhals expressions on DuckDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import narwhals as nw
import pandas as pd

from bsc_analysis.kpis.kpi import Quantile, Stock, TableKPI
from bsc_analysis.periods import CALENDAR_YEARS, Calendar
from bsc_analysis.readings.expressions import Side, expressions_of
from bsc_analysis.readings.intervals import order_ranks
from bsc_analysis.readings.labels import FROM, labelled
from bsc_analysis.readings.quiet import with_kept, with_quiet
from bsc_analysis.readings.stock import held
from bsc_analysis.store.query import connect
from bsc_analysis.tables import Table

EVERY = {"month": "1mo", "quarter": "1q", "year": "1y"}
KEYS = ["practice", "period"]


def sums(
    store, kpis: Sequence[TableKPI], grain: str, years: Calendar, by: Sequence[str] = ()
) -> dict[str, pd.DataFrame]:
    """For each KPI a frame indexed by practice and period (text) with its sums, counts, quantile and people.

    `by`: of ratios, labels (labels.DIMENSIONS) to sum by as well; the index then has one more level each, named so.

    Columns, where the kind of KPI has them: numerator, denominator, value, n, lower, upper, rows, over_rows,
    numerator_people, people, rest_people (distinct persons in, under, and outside the numerator).
    KPIs whose table no feed delivered are absent. A stock's sums are taken by month, whatever the grain.
    """
    stocks = [k for k in kpis if isinstance(k, Stock)]
    months = _sums(store, stocks, "month", years) if stocks else {}
    found = _sums(store, [k for k in kpis if k not in stocks], grain, years, by)
    return found | {k.id: held(k, months[k.id], grain, years) for k in stocks if k.id in months}


def _sums(
    store, kpis: Sequence[TableKPI], grain: str, years: Calendar, by: Sequence[str] = ()
) -> dict[str, pd.DataFrame]:
    connection = connect()
    wanted: dict[Side, dict[str, nw.Expr]] = defaultdict(dict)
    for kpi in kpis:
        for side, name, expression in expressions_of(kpi):
            wanted[side][name] = expression
    frames: dict[Side, pd.DataFrame] = {}
    for side, expressions in wanted.items():
        path = store.table(side.table.name)
        if path is not None:
            rows = _scan(connection, path, side, grain, years)
            for dimension in by:
                rows = labelled(connection, rows, side.table, dimension, _owner(store, side.table))
            keys = [*KEYS, *by]
            frames[side] = _labelled(rows.group_by(*keys).agg(**expressions).to_native().df(), grain, keys)
    found = {}
    for kpi in kpis:
        parts = [_of(frame, kpi.id) for frame in frames.values()]
        parts = [part for part in parts if not part.empty]
        if parts:
            found[kpi.id] = pd.concat(parts, axis=1)
            if {"numerator_people", "people"} <= set(found[kpi.id]) and "rest_people" not in found[kpi.id]:
                rest = found[kpi.id]["people"] - found[kpi.id]["numerator_people"].fillna(0)
                found[kpi.id]["rest_people"] = rest.clip(lower=0)
            if isinstance(kpi, Quantile):
                bounds = _order_statistics(connection, store, kpi, grain, years, found[kpi.id]["n"])
                found[kpi.id] = found[kpi.id].join(bounds)
    connection.close()
    return found


@lru_cache(maxsize=256)
def last_days(store, table: Table, grain: str, years: Calendar) -> pd.Series:
    """The last day with a row in each practice and period (text); rows that lie ahead, such as bookings, do not count.

    Empty where no feed delivered the table. Of a sparse table its quiet periods are there too, with their last day; of
    a register all that it covers. Every KPI of a table asks for it, and a store never changes: one look will do.
    """
    path = store.table(table.name)
    if path is None:
        empty = pd.MultiIndex.from_arrays([[], []], names=KEYS)
        return pd.Series([], index=empty, dtype="datetime64[us]")
    connection = connect()
    rows = _scan(connection, path, Side(table, table.at), grain, years)
    if table.at_status:
        rows = rows.filter(nw.col(table.at_status).is_in(table.at_done))
    found = rows.group_by(*KEYS).agg(last=nw.col(table.at).max()).to_native().df()
    connection.close()
    last = _labelled(found, grain)["last"]
    if table.register:
        last = with_kept(last, store.kept[store.kept["table"] == table.name], table.closing_days, grain, years)
    return with_quiet(last, grain, years) if table.sparse else last


def _scan(connection, path: Path, side: Side, grain: str, years: Calendar):
    rows = nw.from_native(connection.read_parquet(str(path)))
    # rows move ahead by as much as the group's year does, so that plain periods bear its numbers
    moved = nw.col(side.at).dt.offset_by(f"{0 if grain == 'month' else years.months_ahead}mo")
    return rows.with_columns(period=moved.dt.truncate(EVERY[grain]))


def _owner(store, table: Table) -> Path | None:
    """The file of the table whose rows those of this one belong to, where there is one."""
    return store.table(FROM[table.name][0].name) if table.name in FROM else None


def _order_statistics(connection, store, kpi: Quantile, grain: str, years: Calendar, n: pd.Series) -> pd.DataFrame:
    """lower and upper: the values at the interval's ranks among each period's measured rows."""
    low, high = order_ranks(n.to_numpy(), kpi.q)
    ranks = pd.DataFrame({"low": low, "high": high}, index=n.index).reset_index()
    starts = pd.PeriodIndex(ranks["period"], freq=CALENDAR_YEARS.freq(grain)).to_timestamp()
    ranks["period"] = starts.astype("datetime64[us]")  # the type that DuckDB's truncation gives
    wanted = nw.from_native(connection.from_df(ranks)).with_columns(period=nw.col("period").cast(nw.Date))
    rows = _scan(connection, store.table(kpi.table.name), Side(kpi.table, kpi.at), grain, years)
    measured = rows.with_columns(measured=nw.when(kpi.eligible).then(kpi.value))
    measured = measured.filter(~nw.col("measured").is_null()).with_columns(period=nw.col("period").cast(nw.Date))
    ranked = measured.with_columns(rank=nw.col("measured").rank("ordinal").over(*KEYS))
    found = (
        ranked.select(*KEYS, "measured", "rank")
        .join(wanted, on=KEYS, how="inner")
        .group_by(*KEYS)
        .agg(
            lower=nw.when(nw.col("rank") == nw.col("low")).then(nw.col("measured")).max(),
            upper=nw.when(nw.col("rank") == nw.col("high")).then(nw.col("measured")).max(),
        )
    )
    return _labelled(found.to_native().df(), grain)


def _labelled(frame: pd.DataFrame, grain: str, keys: Sequence[str] = KEYS) -> pd.DataFrame:
    """Index practice and period as text ('2026-09', '2026Q3', '2026'), sorted."""
    frame["period"] = pd.to_datetime(frame["period"]).dt.to_period(CALENDAR_YEARS.freq(grain)).astype("str")
    return frame.set_index(list(keys)).sort_index()


def _of(frame: pd.DataFrame, kpi: str) -> pd.DataFrame:
    mine = [name for name in frame.columns if name.split("|")[0] == kpi]
    return frame[mine].rename(columns=lambda name: name.split("|")[1])
