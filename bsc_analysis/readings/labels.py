"""The labels that rows bear: by which of them a KPI can be taken apart, and the label of each row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw

from bsc_analysis.kpis.kpi import KPI, Ratio
from bsc_analysis.tables import CLAIMS, TRANSACTIONS, Table

DIMENSIONS = ("location", "provider_group", "payer", "visit_type")
NOT_SAID = ""  # the part of rows without a label
OTHERS = " "  # parts folded together; labels are stripped, so no export has either of the two
FROM = {TRANSACTIONS.name: (CLAIMS, "claim_id")}  # where rows lack a label, it is that of what they belong to


def dimensions(kpi: KPI) -> tuple[str, ...]:
    """By which labels both sides of a ratio can be taken apart; none for other kinds of KPI."""
    if not isinstance(kpi, Ratio):
        return ()
    told = [_told(table) for table in (kpi.table, kpi.over or kpi.table)]
    return tuple(name for name in DIMENSIONS if all(name in names for names in told))


def labelled(connection, rows: Any, table: Table, dimension: str, belong_to: Path | None) -> Any:
    """The rows of `table` with their label in a column named like the dimension, NOT_SAID where nobody says.

    `belong_to`: the file of the table that FROM names for this one; each of its rows is there once.
    """
    own, (other, key) = _own(table), FROM.get(table.name, (table, ""))
    label = nw.col(dimension) if dimension in own else nw.lit(None, nw.String)
    if key and belong_to and dimension in _own(other):
        theirs = nw.from_native(connection.read_parquet(str(belong_to)))
        theirs = theirs.select("practice", key, nw.col(dimension).alias("theirs"))
        rows = rows.join(theirs, on=["practice", key], how="left")
        label = nw.coalesce(label, nw.col("theirs"))
    found = rows.with_columns(label.cast(nw.String).str.strip_chars().fill_null(NOT_SAID).alias(dimension))
    return found.drop("theirs") if key and belong_to and dimension in _own(other) else found


def _own(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _told(table: Table) -> set[str]:
    other = FROM.get(table.name)
    return _own(table) | (_own(other[0]) if other else set())
