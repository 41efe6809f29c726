"""KPIs over the store's tables: all KPIs of a table in one pass of narwhals expressions on DuckDB."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import duckdb
import narwhals as nw
import pandas as pd

from bsc_analysis.kpis.kpi import Published, Quantile, Ratio, TableKPI, Total
from bsc_analysis.periods import CALENDAR_YEARS, Calendar
from bsc_analysis.readings.intervals import order_ranks
from bsc_analysis.tables import Table

EVERY = {"month": "1mo", "quarter": "1q", "year": "1y"}
KEYS = ["practice", "period"]


@dataclass(frozen=True)
class Side:
    """One pass: a table, the date column that puts a row into its period, and the sums wanted from it."""

    table: Table
    at: str


def sums(store, kpis: list[TableKPI], grain: str, years: Calendar) -> dict[str, pd.DataFrame]:
    """For each KPI a frame indexed by practice and period (text) with its sums, counts, quantile and people.

    Columns, where the kind of KPI has them: numerator, denominator, value, n, lower, upper, rows, over_rows,
    numerator_people, people, rest_people (distinct persons in, under, and outside the numerator).
    KPIs whose table no feed delivered are absent.
    """
    connection = duckdb.connect()
    connection.execute("SET threads TO 2")
    wanted: dict[Side, dict[str, nw.Expr]] = defaultdict(dict)
    for kpi in kpis:
        for side, name, expression in _expressions(kpi):
            wanted[side][name] = expression
    frames: dict[Side, pd.DataFrame] = {}
    for side, expressions in wanted.items():
        path = store.table(side.table.name)
        if path is not None:
            frames[side] = _one_pass(connection, path, side, expressions, grain, years)
    found = {}
    for kpi in kpis:
        parts = [_of(frame, kpi.id) for frame in frames.values()]
        parts = [part for part in parts if not part.empty]
        if parts:
            found[kpi.id] = pd.concat(parts, axis=1)
            if isinstance(kpi, Quantile):
                bounds = _order_statistics(connection, store, kpi, grain, years, found[kpi.id]["n"])
                found[kpi.id] = found[kpi.id].join(bounds)
    connection.close()
    return found


def last_days(store, table: Table, grain: str, years: Calendar) -> pd.Series:
    """The last day with a row in each practice and period (text); rows that lie ahead, such as bookings, do not count.

    Empty where no feed delivered the table.
    """
    path = store.table(table.name)
    if path is None:
        empty = pd.MultiIndex.from_arrays([[], []], names=KEYS)
        return pd.Series([], index=empty, dtype="datetime64[us]")
    connection = duckdb.connect()
    rows = _scan(connection, path, Side(table, table.at), grain, years)
    if table.at_status:
        rows = rows.filter(nw.col(table.at_status).is_in(table.at_done))
    found = rows.group_by(*KEYS).agg(last=nw.col(table.at).max()).to_native().df()
    connection.close()
    return _labelled(found, grain)["last"]


def _expressions(kpi: TableKPI):
    """(side, column, aggregation) for everything a KPI needs; columns are called `<kpi>|<what>`."""
    side = Side(kpi.table, kpi.at)
    yield side, f"{kpi.id}|rows", nw.len()
    match kpi:
        case Ratio():
            other = Side(kpi.over, kpi.over_at) if kpi.over else side
            yield side, f"{kpi.id}|numerator", _sum(kpi.numerator)
            yield other, f"{kpi.id}|denominator", _sum(kpi.denominator)
            if kpi.over:
                yield other, f"{kpi.id}|over_rows", nw.len()
                if kpi.over.person:
                    yield other, f"{kpi.id}|people", _people(kpi.over.person, kpi.denominator)
            elif kpi.interval == "proportion" and kpi.table.person:
                person = kpi.table.person
                yield side, f"{kpi.id}|numerator_people", _people(person, kpi.numerator)
                yield side, f"{kpi.id}|people", _people(person, kpi.denominator)
                yield side, f"{kpi.id}|rest_people", _people(person, kpi.denominator & ~kpi.numerator)
        case Total():
            yield side, f"{kpi.id}|numerator", _sum(kpi.amount)
        case Quantile():
            measured = nw.when(kpi.eligible).then(kpi.value)
            yield side, f"{kpi.id}|value", measured.quantile(kpi.q, "linear")
            yield side, f"{kpi.id}|n", measured.count()
            yield side, f"{kpi.id}|denominator", _sum(kpi.eligible)
            if kpi.table.person:
                person, has = kpi.table.person, ~measured.is_null()
                yield side, f"{kpi.id}|people", _people(person, has)
                yield side, f"{kpi.id}|rest_people", _people(person, kpi.eligible & ~has)
        case Published():
            yield side, f"{kpi.id}|value", kpi.value.cast(nw.Float64).mean()


def _sum(expression: nw.Expr) -> nw.Expr:
    return expression.cast(nw.Float64).sum()


def _people(person: str, condition: nw.Expr) -> nw.Expr:
    """Distinct persons where the condition holds; n_unique counts a missing one too, so that is taken off."""
    who = nw.when(condition).then(nw.col(person))
    return who.n_unique() - who.is_null().any().cast(nw.Int64)


def _scan(connection, path: Path, side: Side, grain: str, years: Calendar):
    rows = nw.from_native(connection.read_parquet(str(path)))
    # rows move ahead by as much as the group's year does, so that plain periods bear its numbers
    moved = nw.col(side.at).dt.offset_by(f"{0 if grain == 'month' else years.months_ahead}mo")
    return rows.with_columns(period=moved.dt.truncate(EVERY[grain]))


def _one_pass(
    connection, path: Path, side: Side, expressions: dict[str, nw.Expr], grain: str, years: Calendar
) -> pd.DataFrame:
    rows = _scan(connection, path, side, grain, years)
    return _labelled(rows.group_by(*KEYS).agg(**expressions).to_native().df(), grain)


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


def _labelled(frame: pd.DataFrame, grain: str) -> pd.DataFrame:
    """Index practice and period as text ('2026-09', '2026Q3', '2026'), sorted."""
    frame["period"] = pd.to_datetime(frame["period"]).dt.to_period(CALENDAR_YEARS.freq(grain)).astype("str")
    return frame.set_index(KEYS).sort_index()


def _of(frame: pd.DataFrame, kpi: str) -> pd.DataFrame:
    mine = [name for name in frame.columns if name.split("|")[0] == kpi]
    return frame[mine].rename(columns=lambda name: name.split("|")[1])
