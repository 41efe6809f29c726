"""Run-out: how much of a month was known how many months later, for KPIs whose rows say when they became known.

A practice's rows are counted on the day that its data reach, and on the same day of every month before (its last day,
where the data reach to within `closing_days` of a month's end). So every step is a whole month, the newest one too,
no posting is left out, and a month seen today is as old as one seen a month ago was then. A row comes in on the day
of its table's `at`; what `known_at` dates beyond that, such as a denial, is known later and counts in the numerator.
"""

from __future__ import annotations

from collections import defaultdict
from math import ceil

import narwhals as nw
import numpy as np
import pandas as pd

from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, Ratio, TableKPI, Total
from bsc_analysis.params import Group
from bsc_analysis.store import Store
from bsc_analysis.store.query import connect
from bsc_analysis.tables import Table

COLUMNS = ["practice", "kpi", "origin", "age", "numerator", "denominator"]
SIDES = ["numerator", "denominator"]
MONTH_END = 31  # as a day of the month: no day lies after it


def runout(group: Group, store: Store) -> pd.DataFrame:
    """What was added to each month at each age: COLUMNS, for the group's KPIs with `known_at`, sorted.

    `origin` is a month as text: each that is over and that the data hold from its first day. `age`: how many months
    after it the counting day lies (0: its own end, there only where the data reach to a month's end), up to the age
    at which it is mature. What no day has reached yet is missing; a total has no denominator.
    """
    return store.keep("runout", lambda: _all(group, store))


def develops(kpi: KPI) -> bool:
    """Whether the rows of a KPI's months keep coming in and say when they did, so that it can be completed."""
    summed = isinstance(kpi, Total) or (isinstance(kpi, Ratio) and kpi.over is None)
    return summed and isinstance(kpi, TableKPI) and bool(kpi.known_at and kpi.matures_days)


def _all(group: Group, store: Store) -> pd.DataFrame:
    chosen = {id for p in group.practices.values() for id in p.kpis} | set(group.shared.kpis)
    kpis = {id: kpi for id in sorted(chosen) if isinstance(kpi := kpi_named(id), TableKPI) and develops(kpi)}
    days = _by_day(store, kpis)
    found = [_aged(kpis[id], rows).assign(practice=p, kpi=id) for (p, id), rows in days.groupby(["practice", "kpi"])]
    whole = pd.concat(found) if found else pd.DataFrame()
    return whole.reindex(columns=COLUMNS).sort_values(COLUMNS[:4]).reset_index(drop=True)


def _sides(kpi: TableKPI):
    """(side, the date on which its rows became known, what is summed)."""
    if isinstance(kpi, Ratio):
        yield "numerator", kpi.known_at, kpi.numerator
        yield "denominator", kpi.table.at, kpi.denominator
    elif isinstance(kpi, Total):
        yield "numerator", kpi.known_at, kpi.amount


def _by_day(store: Store, kpis: dict[str, TableKPI]) -> pd.DataFrame:
    """practice, kpi, side, origin, known, amount; one pass per table and pair of dates."""
    wanted: dict[tuple[Table, str, str], dict[tuple[str, str], nw.Expr]] = defaultdict(dict)
    for id, kpi in kpis.items():
        for side, known, summed in _sides(kpi):
            wanted[kpi.table, kpi.at, known][id, side] = summed
    found = [pd.DataFrame(columns=["practice", "kpi", "side", "origin", "known", "amount"])]
    connection = connect()
    for (table, at, known), expressions in wanted.items():
        path = store.table(table.name)
        if path is None:
            continue
        rows = nw.from_native(connection.read_parquet(str(path))).filter(
            ~nw.col(at).is_null(), ~nw.col(known).is_null()
        )
        rows = rows.with_columns(origin=nw.col(at).dt.truncate("1mo"), known=nw.col(known).dt.truncate("1d"))
        sums = {"|".join(of): summed.cast(nw.Float64).sum() for of, summed in expressions.items()}
        days = rows.group_by("practice", "origin", "known").agg(**sums).to_native().df()
        days = days.assign(origin=pd.to_datetime(days["origin"]), known=pd.to_datetime(days["known"]))
        for id, side in expressions:
            amount = days[f"{id}|{side}"].fillna(0.0)
            found.append(days[["practice", "origin", "known"]].assign(kpi=id, side=side, amount=amount))
    connection.close()
    return pd.concat(found[1:] or found)


def _aged(kpi: TableKPI, rows: pd.DataFrame) -> pd.DataFrame:
    """One practice's increments by origin and age."""
    first, last = _span(rows["known"])
    closing = pd.Timedelta(days=kpi.table.closing_days)
    day = MONTH_END if last + closing >= last + pd.offsets.MonthEnd(0) else last.day
    youngest = int(day != MONTH_END)
    oldest = ceil((kpi.matures_days - day % MONTH_END) / 30) + youngest
    start = (first - closing - pd.Timedelta(days=1)).to_period("M") + 1  # the first month held from its first day
    origins = pd.period_range(start, last.to_period("M") - youngest, freq="M").strftime("%Y-%m")
    seen = _month(rows["known"]) + (rows["known"].dt.day > day)
    age = (seen - _month(rows["origin"])).clip(lower=youngest)
    there = rows.assign(age=age, origin=rows["origin"].dt.strftime("%Y-%m"))[seen <= last.year * 12 + last.month]
    sums = there.groupby(["origin", "age", "side"])["amount"].sum().unstack("side").reindex(columns=SIDES)
    index = pd.MultiIndex.from_product([origins, range(youngest, oldest + 1)], names=["origin", "age"])
    table = sums.reindex(index)
    table.loc[:, sums.notna().any()] = table.fillna(0.0)
    place, age = index.codes[0], index.codes[1]
    table[place + age >= len(origins)] = np.nan  # not reached yet
    return table.reset_index()


def _span(known: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and last day of the data: one mistyped date, far from all others, moves neither."""
    month = _month(known)
    there = set(month)
    begun, ended = known[(month + 1).isin(there)], known[(month - 1).isin(there)]
    return (begun.min(), ended.max()) if len(begun) else (known.min(), known.max())


def _month(days: pd.Series) -> pd.Series:
    """The months' numbers, counted through the years."""
    return days.dt.year * 12 + days.dt.month
