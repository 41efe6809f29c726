"""How the probabilities of goals that finals published have come out, by today's readings."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from bsc_analysis.disclosure import Disclosed, DisclosedGoal, Record, met, scored
from bsc_analysis.ledger.entry import Entry, period_of
from bsc_analysis.packed import record_of


def forecasts_of(seen: Disclosed, finals: Iterable[Entry]) -> Record:
    """The record of what the practice's finals of earlier periods forecast, the newest final of each.

    A goal that was edited or dropped since counts by what was promised when its forecast was published. Raises
    UsageError where a final is not what was frozen.
    """
    ends = {entry: period_of(seen.group, entry.period).end_time for entry in finals}
    newest = {end: entry for entry, end in sorted(ends.items(), key=lambda each: each[0].n)}
    told = [goal for end, entry in newest.items() if end < seen.period.end_time for goal in _published(entry.checked())]
    rows = [(f"{g.kpi} {g.goal.by}", g.probability, met(seen, g)) for g in told if g.probability is not None]
    return scored(pd.DataFrame(rows, columns=["goal", "probability", "met"]).astype({"met": object}))


def _published(entry: Entry) -> list[DisclosedGoal]:
    """The goals that a final published; none where it is from before there were any."""
    return [record_of(DisclosedGoal, facts) for facts in entry.facts("seen.json").get("goals", [])]
