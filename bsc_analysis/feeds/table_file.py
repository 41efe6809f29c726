"""CSV or Parquet rows of a canonical table, such as visits, survey answers or the ledger."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bsc_analysis.feeds.columns import parse, refusals_at
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Delivery, FileRows, sha256
from bsc_analysis.feeds.rows import RawRows, read_rows, require_columns
from bsc_analysis.tables import TABLES, Column, Table

PRACTICE = Column("practice", "id")


def table(context: Context) -> Table:
    """The canonical table that the feed fills."""
    return TABLES[context.spec.table]


def read_file(context: Context, path: Path) -> FileRows:
    """The rows of one file. Raises FeedError where it cannot be read or lacks a declared column."""
    spec, shown = context.spec, context.shown(path)
    raw = read_rows(path, shown, spec.final_line_end)
    unknown = require_columns(raw, spec.columns, shown, lambda ours: f"feeds.{context.feed}.columns.{ours}")
    warnings = [f"{shown}: columns not used: {', '.join(unknown)}"] if unknown else []
    rows, refused = typed_rows(raw, context, table(context))
    return FileRows(rows, refused, raw.physical, sha256(path), warnings)


def finish(delivery: Delivery, context: Context) -> Delivery:
    """The delivery of all files, as it is."""
    return delivery


def typed_rows(raw: RawRows, context: Context, table: Table) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that could be read, and the refusals of the others (practice, line, column, rule)."""
    spec = context.spec
    text = raw.text[list(spec.columns.values())].set_axis(list(spec.columns), axis=1)
    wanted = (*((PRACTICE,) if "practice" in spec.columns else ()), *table.columns)
    typed, refusals = parse(text, wanted, spec.date_format, context.pseudonym)
    if "practice" not in typed:
        typed["practice"] = pd.Series(context.practice, index=typed.index, dtype="str")
    named = context.named(typed["practice"])
    unknown = typed.index[~named].difference(refusals["line"])
    cut = refusals_at(raw.refused, "", raw.refused.values())
    refusals = pd.concat([refusals, refusals_at(unknown, "practice", context.unnamed), cut])
    practice = typed["practice"].where(named, "").reindex(refusals["line"]).fillna(context.practice)
    refusals["practice"] = practice.to_numpy()
    return typed.drop(index=typed.index.intersection(refusals["line"])), refusals
