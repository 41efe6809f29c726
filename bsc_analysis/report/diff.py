"""Two periods of a practice beside each other, or a final beside what it would be now, as rows of text."""

from __future__ import annotations

from bsc_analysis.errors import UsageError
from bsc_analysis.kpis import KPIS
from bsc_analysis.ledger.edition import moved_since_final, open_edition
from bsc_analysis.ledger.entry import period_of
from bsc_analysis.params import Group
from bsc_analysis.report.card import Card
from bsc_analysis.report.restated import difference, goals, rows, shown
from bsc_analysis.words import of, period, say

Row = tuple[str, str, str, str, str]  # KPI, before, after, change, note


def between(group: Group, practice: str, first: str, second: str) -> list[Row]:
    """The practice's KPIs in two periods; the note is what the second report says of each.

    Raises UsageError where a period has no data or the two are of different lengths.
    """
    spans = [period_of(group, text) for text in (first, second)]
    if spans[0].freqstr != spans[1].freqstr:
        raise UsageError(f"{first} and {second} are of different lengths; name two quarters, months or years")
    (before, _), (after, _) = (open_edition(group, practice, text) for text in (first, second))
    found = [_head(period(spans[0]), period(spans[1]), say("diff.finding"))]
    for id, kpi in after.kpis.items():
        then, now = before.reading(id), after.reading(id)
        sides = [shown(kpi, r["value"], r["n"], r["state"]) for r in (then, now)]
        change = difference(kpi, then["value"], now["value"])
        found.append((of(kpi), sides[0], sides[1], change, Card(after, id).verdict))
    return found


def since_final(group: Group, practice: str, text: str) -> list[Row]:
    """What of the practice's newest final of a period has moved since, and why; or that nothing has.

    Raises UsageError where it was never made final.
    """
    moved = moved_since_final(group, practice, text)
    if not (len(moved.moved) or moved.goals):
        return [(say("diff.nothing"), "", "", "", "")]
    head = _head(say("restated.columns.then"), say("restated.columns.now"), say("restated.columns.cause"))
    told = [(f"{r['kpi']}, {r['period']}", r["then"], r["now"], r["change"], r["cause"]) for r in rows(moved, group)]
    lines = zip(moved.goals, goals(moved, group), strict=True)
    return [head, *told, *((of(KPIS[goal["kpi"]]), "", "", "", line) for goal, line in lines)]


def _head(before: str, after: str, note: str) -> Row:
    return (say("restated.columns.kpi"), before, after, say("restated.columns.change"), note)
