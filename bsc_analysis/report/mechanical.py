"""What two KPIs share, in words: the rows that both count, or a part of one from which the other is reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.kpis.shared_columns import bearer
from bsc_analysis.words import language, listed, of, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Verdict
    from bsc_analysis.report.linked import Linked


def shared(linked: Linked, v: Verdict) -> str:
    """'Both count visits', or 'The spending behind savings rate includes emergency visits'."""
    for kpi in (linked.lagging, linked.leading):
        whole = {bearer(column, kpi.id): column for column in v.shares}
        named = {b: c for b, c in whole.items() if language.has(f"column.{b}") and language.has(f"column.{c}")}
        if whole and len(named) == len(v.shares):
            parts = listed(say(f"column.{column}") for column in named.values())
            first = next(iter(named))
            return say("shared.part", whole=say(f"column.{first}"), kpi=of(kpi, "short"), part=parts)
    columns = [say(f"column.{column}") for column in v.shares if language.has(f"column.{column}")]
    if columns and len(columns) == len(v.shares):
        return say("shared.columns", columns=listed(columns))
    tables = dict.fromkeys(column.partition(".")[0].removesuffix(" rows") for column in v.shares)
    named_rows = [say(f"rows.{t}") if language.has(f"rows.{t}") else t for t in tables]
    return say("shared.rows", rows=listed(named_rows) if named_rows else say("shared.the_same"))
