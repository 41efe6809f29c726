"""Rows of a canonical table, such as visits, survey answers or the ledger, from CSV, Excel or Parquet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Delivery, FileRows, sha256
from bsc_analysis.feeds.excel import WORKBOOKS
from bsc_analysis.feeds.file_date import date_in
from bsc_analysis.feeds.raw import RawRows, refuse
from bsc_analysis.feeds.rows import read_rows, require_columns
from bsc_analysis.feeds.signs import unsigned
from bsc_analysis.feeds.template import filled_in
from bsc_analysis.feeds.totals import without_totals
from bsc_analysis.feeds.typed import IN_HOURS, Given, typed_rows, without_clock
from bsc_analysis.feeds.unpivot import month_columns, unpivoted
from bsc_analysis.feeds.value_maps import mapped
from bsc_analysis.params.feed_models import TableFile
from bsc_analysis.tables import TABLES, Table


def table(context: Context) -> Table:
    """The canonical table that the feed fills."""
    return TABLES[context.spec.table]


def read_file(context: Context, path: Path) -> FileRows:
    """The rows of one file; where months are columns, a row is a cell that is not blank, or a line without any.

    Raises FeedError where it cannot be read, lacks a declared column, or does not add up to its own totals.
    """
    shown, table_ = context.shown(path), table(context)
    raw, context = _raw(context, path, table_)
    spec = context.spec
    wanted = _wanted(spec)
    unknown = require_columns(raw, wanted, shown, lambda ours: _place(ours, context))
    months = _months(raw, context, shown)
    raw = without_totals(raw, spec.totals, _summed(spec, table_, months), spec.decimal, shown)
    text = raw.text[list(spec.columns.values())].set_axis(list(spec.columns), axis=1)
    given: Given = {name: date_in(path.name, form, shown) for name, form in spec.from_file_name.items()}
    layout, physical = raw.layout, raw.physical
    if spec.months:
        lines = len(text)
        cells = raw.text[list(months)].set_axis(list(months.values()), axis=1)
        text, given[spec.months.into] = unpivoted(text, cells, spec.months.values)
        bare = lines - text.index.nunique()
        layout, physical = layout + bare, physical - lines + bare + len(text)
    rows, refused = typed_rows(mapped(text, table_, context, shown), given, raw, context, table_)
    rows = unsigned(rows, context, table_, shown)
    unused = [name for name in unknown if name not in months]
    warnings = [*raw.warnings, *([f"{shown}: columns not used: {', '.join(unused)}"] if unused else [])]
    if without_clock(rows, context, table_):
        column = spec.columns.get(table_.at, table_.at)
        message = f"tells no time of the day in any row, so {IN_HOURS} stays empty; export the time too"
        warnings.append(f"{shown}: column {column} {message}, or declare a column for {IN_HOURS}")
    return FileRows(rows, refused, physical, sha256(path), warnings, layout)


def finish(delivery: Delivery, context: Context) -> Delivery:
    """The delivery of all files, as it is."""
    return delivery


def _raw(context: Context, path: Path, table_: Table) -> tuple[RawRows, Context]:
    """The file's rows as text, and the context with all of our columns that it fills."""
    spec, shown = context.spec, context.shown(path)
    if spec.columns:
        return read_rows(path, shown, spec, _wanted(spec).values()), context
    if path.suffix.lower() in WORKBOOKS and spec.sheet is None:
        spec = spec.model_copy(update={"sheet": table_.name})
    raw = read_rows(path, shown, spec, _wanted(filled_in(spec, table_, [])))
    return raw, replace(context, spec=filled_in(spec, table_, raw.header))


def _wanted(spec: TableFile) -> dict[str, str]:
    """What has to be in the file: ours → its column."""
    return dict(spec.columns) | ({"the totals": spec.totals.column} if spec.totals else {})


def _place(ours: str, context: Context) -> str:
    """Where params name the file's column for ours."""
    return f"feeds.{context.feed}." + (f"columns.{ours}" if ours in context.spec.columns else "totals.column")


def _months(raw: RawRows, context: Context, shown: str) -> dict[str, pd.Timestamp]:
    """The file's columns that are months; none where none are declared."""
    if context.spec.months is None:
        return {}
    form = context.spec.months.form
    found = month_columns(raw.header, form)
    if not found:
        place = f"feeds.{context.feed}.months.form"
        raise refuse(
            shown, "header", f"names no month written as {form}; found {', '.join(raw.header)}. Correct {place}"
        )
    if repeated := [name for name in found if raw.header.count(name) > 1]:
        raise refuse(shown, "header", f"gives the same month twice: {', '.join(repeated)}; rename or remove one")
    return found


def _summed(spec: TableFile, table_: Table, months: dict[str, pd.Timestamp]) -> list[str]:
    """The file's columns of amounts, which totals add up."""
    amounts = {column.name for column in table_.columns if column.kind == "amount"}
    return list(months) or list(dict.fromkeys(theirs for ours, theirs in spec.columns.items() if ours in amounts))
