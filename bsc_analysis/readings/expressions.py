"""What each kind of KPI asks of its tables, as narwhals expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import narwhals as nw

from bsc_analysis.kpis.kpi import Published, Quantile, Ratio, Stock, TableKPI, Total
from bsc_analysis.tables import Table


@dataclass(frozen=True)
class Side:
    """One pass: a table, the date column that puts a row into its period, and the sums wanted from it."""

    table: Table
    at: str


def expressions_of(kpi: TableKPI) -> Iterator[tuple[Side, str, nw.Expr]]:
    """(side, column, aggregation) for everything a KPI needs; columns are called `<kpi>|<what>`."""
    side = Side(kpi.table, kpi.at)
    yield side, f"{kpi.id}|rows", nw.len()
    match kpi:
        case Ratio():
            yield from _of_ratio(kpi, side)
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
        case Stock():
            yield side, f"{kpi.id}|balance", _sum(kpi.balance)
            yield side, f"{kpi.id}|flow", _sum(kpi.flow)
        case Published():
            yield side, f"{kpi.id}|value", kpi.value.cast(nw.Float64).mean()


def _of_ratio(kpi: Ratio, side: Side) -> Iterator[tuple[Side, str, nw.Expr]]:
    """Both sums, and the distinct persons behind them where the tables name any.

    Rows of a share are in the numerator or are not, so `rest_people` can be counted among them; where the two sides
    are not alike (leavers and person-months, hours and staff) the rest are those of `people` not in the numerator. A
    sum of money or seconds has no rest.
    """
    other = Side(kpi.over, kpi.over_at) if kpi.over else side
    yield side, f"{kpi.id}|numerator", _sum(kpi.numerator)
    yield other, f"{kpi.id}|denominator", _sum(kpi.denominator)
    inside, under = _counts(kpi.numerator), _counts(kpi.denominator)
    if kpi.over:
        yield other, f"{kpi.id}|over_rows", nw.len()
    if side.table.person and (kpi.over or kpi.interval != "none"):
        yield side, f"{kpi.id}|numerator_people", _people(side.table.person, inside)
    if other.table.person:
        events = kpi.interval == "count" and not kpi.over  # a leaver of the first day has no part in the month
        yield other, f"{kpi.id}|people", _people(other.table.person, under | inside if events else under)
    if side.table.person and not kpi.over and kpi.interval == "proportion":
        yield side, f"{kpi.id}|rest_people", _people(side.table.person, under & ~inside)


def _sum(expression: nw.Expr) -> nw.Expr:
    """The sum; missing, not 0, where no row has anything to add."""
    amount = expression.cast(nw.Float64)
    return nw.when(amount.count() > 0).then(amount.sum())


def _counts(expression: nw.Expr) -> nw.Expr:
    """Whether a row has a part in a sum."""
    return (expression.cast(nw.Float64) != 0).fill_null(False)


def _people(person: str, condition: nw.Expr) -> nw.Expr:
    """Distinct persons where the condition holds; n_unique counts a missing one too, so that is taken off."""
    who = nw.when(condition).then(nw.col(person))
    return who.n_unique() - who.is_null().any().cast(nw.Int64)
