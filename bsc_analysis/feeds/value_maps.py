"""An export's own words for ours: 'NS' and 'N/S' become no_show; what nobody mapped is quarantined."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bsc_analysis.feeds.columns import is_allowed
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.raw import refuse
from bsc_analysis.tables import Table

MOST_UNMAPPED = 0.01  # of a file's rows that are not blank there
SHOWN_LINES = 3


def mapped(text: pd.DataFrame, table: Table, context: Context, shown: str) -> pd.DataFrame:
    """The text in our words, where the feed maps a column's values; a mapped value wins over one of ours. In a column
    of free text, such as a role or a team, what is not mapped stays as it is.

    Raises FeedError where more than 1 % of a mapped column is neither: a new code, or the wrong column.
    """
    columns = {column.name: column for column in table.columns}
    text = text.copy()
    for name, words in context.spec.values.items():
        if name not in text:  # a template of which this column was left out
            continue
        raw = text[name].str.strip()
        ours = raw.map(words).fillna(raw)
        text[name] = ours.astype("str")
        if columns[name].kind == "text":
            continue
        filled = raw != ""
        unknown = text.index[filled & ~is_allowed(text[name], columns[name])]
        if len(unknown) > MOST_UNMAPPED * filled.sum():
            raise _unmapped(unknown, int(filled.sum()), name, context, shown)
    return text


def _unmapped(lines: Any, of: int, name: str, context: Context, shown: str) -> Exception:
    some = ", ".join(str(line) for line in lines[:SHOWN_LINES]) + (" …" if len(lines) > SHOWN_LINES else "")
    return refuse(
        shown,
        f"column {context.spec.columns[name]}",
        f"holds values in {len(lines):,} of {of:,} rows that are not mapped (lines {some}), more than "
        f"{MOST_UNMAPPED:.0%}; add them to feeds.{context.feed}.values.{name}",
    )
