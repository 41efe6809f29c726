"""One number taken apart: how it is defined, what it was counted from, and why it is shown or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis.kpi import KPI, Ratio, TableKPI
from bsc_analysis.periods import grain_of
from bsc_analysis.report import completed
from bsc_analysis.report.card import Card
from bsc_analysis.report.counted import left_out, measure
from bsc_analysis.tables import STAFF, STAFF_MONTHS
from bsc_analysis.words import beside, interval, number, period, say

ROWS = ["physical", "used", "quarantined", "deduplicated"]


def explained(seen: Disclosed, id: str) -> str:
    """Definition, reading, parts and files of KPI `id` for the practice and period, as its audience may see them.

    Raises UsageError where the practice's card does not hold the KPI.
    """
    if id not in seen.kpis:
        hint = did_you_mean(id, seen.kpis)
        raise UsageError(f"{id!r} is not a KPI of {seen.practice.id}.{hint} ({', '.join(seen.kpis)})")
    card = Card(seen, id)
    title = {"kpi": card.told("title"), "id": id, "practice": seen.practice.title, "period": period(seen.period)}
    blocks = [
        [say("explain.title", **title), f"{card.told('plain')} {card.told('why')}"],
        _columns(_definition(card.kpi)),
        _columns(_reading(card)),
        _parts(seen, id),
        *_files(seen, card.kpi),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _definition(kpi: KPI) -> list[tuple[str, str]]:
    return [
        (say("explain.formula"), kpi.formula),
        (say("explain.definition"), kpi.source),
        (say("explain.table"), _counted_in(kpi)),
    ]


def _counted_in(kpi: KPI) -> str:
    if not isinstance(kpi, TableKPI):
        return say("explain.table_none")
    table = say(f"feed.{kpi.table.name}")
    if isinstance(kpi, Ratio) and kpi.over:
        over = say(f"feed.{kpi.over.name}")
        return say("explain.table_over", table=table, at=kpi.at, over=over, over_at=kpi.over_at)
    return say("explain.table_at", table=table, at=kpi.at)


def _reading(card: Card) -> list[tuple[str, str]]:
    reading = card.seen.reading(card.id)  # the period's own, also while it runs out
    count = beside([measure(card.kpi, reading["n"]), left_out(card.kpi, reading)])
    lines = [
        (say("explain.numerator"), _plain(reading["numerator"])),
        (say("explain.denominator"), _plain(reading["denominator"])),
        (say("explain.count"), count),
        (say("explain.value"), card.written(reading["value"]) or say("value.none")),
        (say("explain.interval"), interval(reading["lower"], reading["upper"], card.kpi.unit, card.kpi.decimals)),
        (say("explain.state"), card.state),
        *((say("explain.completed"), line) for line in completed.lines(card)),
        (say("explain.audience"), say(f"audience.{card.seen.audience}")),
    ]
    return [(name, told) for name, told in lines if told]


def _parts(seen: Disclosed, id: str) -> list[str]:
    """The finer periods of the group's grain within a longer one."""
    grain = seen.group.shared.grain
    if grain_of(seen.period) == grain:
        return []
    series = seen.series(id)
    inside = series[
        (series.index.start_time >= seen.period.start_time) & (series.index.end_time <= seen.period.end_time)
    ]
    columns = ("period", "numerator", "denominator", "count", "value", "state")
    rows = [tuple(say(f"explain.parts_columns.{name}") for name in columns)]
    for part in inside.index:
        card = Card(replace(seen, period=part), id)
        own = card.seen.reading(id)
        numbers = (_plain(own[side]) for side in ("numerator", "denominator", "n"))
        rows.append((period(part), *numbers, card.written(own["value"]) or say("value.none"), card.state))
    return [say("explain.parts", period=period(seen.period)), *_columns(rows)]


def _files(seen: Disclosed, kpi: KPI) -> list[list[str]]:
    """What was read for the KPI's tables, what was set aside and why, and what the feeds had to say."""
    feeds = _feeds(seen, kpi)
    accounts = seen.accounts[seen.accounts["feed"].isin(feeds)]
    if accounts.empty:
        return [[say("explain.files_none")], *_troubles(seen, feeds)]
    counts = [
        [say("quality.few") if pd.isna(count) else number(count) for count in row]
        for row in accounts[ROWS].itertuples(index=False)
    ]
    head = tuple(say(f"explain.files_columns.{name}") for name in ("file", *ROWS))
    told = [(file, *row) for file, row in zip(accounts["file"], counts, strict=True)]
    read = [say("explain.files"), *_columns([head, *told])]
    return [read, _refused(seen.quarantine[seen.quarantine["feed"].isin(feeds)]), *_troubles(seen, feeds)]


def _count(rows: float) -> str:
    return say("quality.few") if pd.isna(rows) else number(rows)


def _refused(rows: pd.DataFrame) -> list[str]:
    """Rows set aside by file, column and rule; of other practices' rows only that there are some."""
    if rows.empty:
        return []
    others = rows["rule"].isna()
    named = rows.assign(
        column=rows["column"].mask(rows["column"] == "", say("quality.row_itself")).mask(others, ""),
        rule=rows["rule"].mask(others, say("quality.others")),
    )
    groups = named.groupby(["file", "column", "rule"], sort=True).size().items()
    told = [(*(str(part) for part in place), number(count)) for place, count in groups]
    head = tuple(say(f"explain.refused_columns.{name}") for name in ("file", "column", "rule", "rows"))
    return [say("explain.refused"), *_columns([head, *told])]


def _troubles(seen: Disclosed, feeds: set[str]) -> list[list[str]]:
    messages = seen.troubles.loc[seen.troubles["feed"].isin(feeds), "message"]
    return [[say("explain.troubles"), *messages]] if len(messages) else []


def _feeds(seen: Disclosed, kpi: KPI) -> set[str]:
    """The feeds that fill a table of the KPI, or give its readings ready-made."""
    if not isinstance(kpi, TableKPI):
        return set()
    wanted = {table.name for table in (kpi.table, getattr(kpi, "over", None)) if table}
    wanted |= {STAFF.name} if STAFF_MONTHS.name in wanted else set()
    filled = dict(zip(seen.through["feed"], seen.through["table"], strict=True))
    declared = seen.group.shared.feeds | seen.practice.feeds
    tables = {name: getattr(spec, "table", None) or filled.get(name) for name, spec in declared.items()}
    ready = {n for n, spec in declared.items() if spec.kind == "readings" and kpi.id in (spec.kpis or [kpi.id])}
    return {name for name, table in tables.items() if table in wanted} | ready


def _plain(amount: float) -> str:
    """A side of a reading: whole where it is whole; '–' where there is none."""
    if pd.isna(amount):
        return say("value.none")
    return number(amount, 0 if float(amount).is_integer() else 2)


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The rows with their cells in line."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    return [f"  {line}".rstrip() for line in lines]
