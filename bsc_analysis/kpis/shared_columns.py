"""Which columns two KPIs are both made of: what moves there moves both, and no practice need have done anything.

Columns are found by leaving them out, so whatever an expression says, what it needs is what it is made of. Rows are
tried out: staff's and patients' answers stand in one table, but no row of it counts in a KPI of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import narwhals as nw
import numpy as np
import pyarrow as pa
from narwhals.exceptions import ColumnNotFoundError

from bsc_analysis.kpis import KPIS, kpi
from bsc_analysis.kpis.kpi import KPI, PeerScore, Published, Quantile, Ratio, Stock, Total
from bsc_analysis.tables import TABLES, Column, Table

TRIED = 20_000  # rows made at random, enough for one with a certain question, status and wait in both KPIs
START = np.datetime64("2026-01-01", "us")
TIME = pa.timestamp("us")
TYPES = {"flag": pa.bool_(), "integer": pa.int64(), "amount": pa.float64(), "date": TIME, "time": TIME}


@dataclass(frozen=True)
class Share:
    """What a KPI takes of one table: its columns (the date left out), the rows tried that it counts, and whether it
    does no more than count them."""

    columns: frozenset[str]
    rows: np.ndarray
    counts: bool


def shared_columns(leading_id: str, lagging_id: str) -> tuple[str, ...]:
    """Every '<table>.<column>' that both KPIs are made of, or '<table> rows' where both only count the same ones.

    Left out are dates, the practice, and what is only a part of another shared column. Raises UsageError for an id
    that is no KPI's.
    """
    leading, lagging = _shares(kpi(leading_id)), _shares(kpi(lagging_id))
    return tuple(name for table in leading if table in lagging for name in _both(table, leading[table], lagging[table]))


def bearer(column: str, id: str) -> str:
    """The '<table>.<column>' through which the shared `column` enters a KPI that does not take it itself; '' where it
    does, or knows nothing of it."""
    table, _, name = column.partition(".")
    own = _shares(kpi(id)).get(table)
    if own is None or name in own.columns:
        return ""
    taken = _whole(TABLES[table], own.columns)
    return next((f"{table}.{c.name}" for c in TABLES[table].columns if c.name in taken and name in c.made_of), "")


def _both(table: str, one: Share, other: Share) -> list[str]:
    if not (one.rows & other.rows).any():
        return []
    columns = _whole(TABLES[table], one.columns) & _whole(TABLES[table], other.columns)
    parts = {part for name in columns for part in _whole(TABLES[table], {name}) - {name}}
    named = [f"{table}.{c.name}" for c in TABLES[table].columns if c.name in columns - parts]
    return named or ([f"{table} rows"] if one.counts and other.counts else [])


def _whole(table: Table, names: set[str] | frozenset[str]) -> set[str]:
    """The columns with all that they are declared to be made of."""
    parts = {part for c in table.columns if c.name in names for part in c.made_of} - names
    return _whole(table, names | parts) if parts else set(names)


def _shares(one: KPI) -> dict[str, Share]:
    """Table → what the KPI takes of it."""
    found: dict[str, list[Share]] = {}
    for table, at, expression in _sides(one):
        found.setdefault(table.name, []).append(_share(table, at, expression))
    return {
        name: Share(
            frozenset().union(*(s.columns for s in shares)),
            np.logical_or.reduce([s.rows for s in shares]),
            all(s.counts for s in shares),
        )
        for name, shares in found.items()
    }


def _sides(one: KPI) -> Iterator[tuple[Table, str, nw.Expr]]:
    """(table, date column, expression) of all that a KPI is made of."""
    match one:
        case PeerScore():
            for part in one.of:
                yield from _sides(kpi(part))
        case Ratio():
            yield one.table, one.at, one.numerator
            yield one.over or one.table, one.over_at or one.at, one.denominator
        case Total():
            yield one.table, one.at, one.amount
        case Quantile():
            yield one.table, one.at, nw.when(one.eligible).then(one.value)
        case Stock():
            yield one.table, one.at, one.balance
            yield one.table, one.at, one.flow
        case Published():
            yield one.table, one.at, one.value


def _share(table: Table, at: str, expression: nw.Expr) -> Share:
    frame = nw.from_native(_tried(table))
    needed = {name for name in frame.columns if _needs(expression, frame.head(0), name)}
    found = frame.select(expression.alias("it"))["it"]
    rows = (found.cast(nw.Float64) != 0).fill_null(False).to_numpy()
    rows = rows if rows.any() else ~rows  # none of those tried: of which rows it is made is not known
    return Share(frozenset(needed - {at}), rows, found.dtype == nw.Boolean)


def _needs(expression: nw.Expr, frame: nw.DataFrame, name: str) -> bool:
    try:
        frame.drop(name).select(expression)
    except ColumnNotFoundError:
        return True
    return False


@cache
def _tried(table: Table) -> pa.Table:
    """Rows of a table as they may be, at random but the same each time."""
    rng = np.random.default_rng(0)
    return pa.table({c.name: _cells(c, rng) for c in table.columns})


def _cells(column: Column, rng: np.random.Generator) -> pa.Array:
    """A column's cells; a text is a KPI's id, because questions are named after the KPI that they are asked for."""
    match column.kind:
        case "flag":
            cells = rng.integers(2, size=TRIED).astype(bool)
        case "integer" | "amount":
            cells = rng.integers(int(column.least or 0), int(column.most or 10) + 1, TRIED)
        case "date" | "time":
            cells = START + rng.integers(2 * 24 * 60, size=TRIED).astype("timedelta64[m]")
        case _:
            cells = rng.choice(column.allowed or list(KPIS), TRIED)
    missing = rng.random(TRIED) < (0.2 if column.blank else 0)
    return pa.array(cells, mask=missing).cast(TYPES.get(column.kind, pa.string()))
