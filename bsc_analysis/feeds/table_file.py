"""CSV or Parquet rows of a canonical table, such as visits, survey answers or the ledger."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.feeds.columns import parse, refusals_at
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import REFUSED, Account, Delivery, balance, sha256
from bsc_analysis.feeds.rows import RawRows, read_rows, require_columns
from bsc_analysis.tables import TABLES, Column, Table

PRACTICE = Column("practice", "id")


def read(context: Context) -> Delivery:
    """The rows of all the feed's files, each row once.

    Raises FeedError where a file cannot be read or lacks a declared column.
    """
    spec, table = context.spec, TABLES[context.spec.table]
    rows, refused, warnings, files = [], [], [], {}
    for path in context.files():
        shown = context.shown(path)
        raw = read_rows(path, shown, spec.final_line_end)
        unknown = require_columns(raw, spec.columns, shown, lambda ours: f"feeds.{context.feed}.columns.{ours}")
        if unknown:
            warnings.append(f"{shown}: columns not used: {', '.join(unknown)}")
        typed, refusals = typed_rows(raw, context, table)
        rows.append(typed.assign(file=shown, line=typed.index))
        refused.append(refusals.assign(file=shown))
        files[shown] = (sha256(path), raw.physical)
    return settle(pd.concat(rows), pd.concat(refused), warnings, files, context, table)


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


def settle(rows, refused, warnings, files, context: Context, table: Table) -> Delivery:
    """The delivery: a row delivered twice counts once, keys with contradicting rows are quarantined, all balances."""
    content = ["practice", *(c.name for c in table.columns)]
    rows = rows.reset_index(drop=True)
    twice = rows.duplicated(content)
    once = rows[~twice]
    clash = once.duplicated(["practice", *table.key], keep=False)
    clashing = once.loc[clash, ["practice", "file", "line"]].assign(
        column=", ".join(table.key), rule="the same key with other values"
    )
    refused = pd.concat([refused, clashing])[REFUSED].sort_values(["file", "line"]).reset_index(drop=True)
    used = once[~clash]
    counts = pd.DataFrame(
        {
            "used": used["file"].value_counts(),
            "quarantined": refused["file"].value_counts(),
            "deduplicated": rows.loc[twice, "file"].value_counts(),
        }
    ).reindex(list(files), fill_value=0)
    counts = counts.fillna(0).astype(int)
    accounts = [
        balance(Account(context.feed, context.practice, file, digest, physical, *map(int, counts.loc[file])))
        for file, (digest, physical) in files.items()
    ]
    return Delivery(table.name, used[content].reset_index(drop=True), refused, accounts, warnings)
