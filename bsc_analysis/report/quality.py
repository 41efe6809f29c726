"""How the data came, for its reader: findings in sentences, the strip of months, files, rows set aside, gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.charts import strip
from bsc_analysis.disclosure import Disclosed
from bsc_analysis.report import found
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import commas, period, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

LINES_SHOWN = 5
COUNTS = ["physical", "used", "quarantined", "deduplicated", "layout"]
MONTHS_SHOWN = 36
LEVELS = ("full", "less", "thin", "none", "flood", "open", "missing")
STATUS = {"gap": "gap", "ended": "late", "stale": "late", "thin": "thin", "response": "less", "falling": "less"}


def findings(seen: Disclosed, cards: Mapping[str, Card]) -> Part:
    """The findings as sentences; those of more than a year before the period are folded away."""
    told = [(f.age, found.sentence(f, cards)) for f in seen.arrival]
    recent, older = ([text for age, text in told if (age > 1) is old] for old in (False, True))
    text = "\n".join(text for _, text in told) or say("found.none")
    return part("findings", text=text, recent=recent, older=older, documented=found.documented(cards))


def rows_in_short(seen: Disclosed) -> str:
    """How many rows were read, and what became of them; that it is not told where some files' counts are withheld."""
    if seen.accounts["physical"].isna().any():
        return say("trust.rows_withheld")
    rows = {name: int(seen.accounts[name].sum()) for name in COUNTS}
    told = {name: rows[name] for name in ("used", "quarantined", "deduplicated")}
    return say("trust.rows", read=rows["physical"] - rows["layout"], **told)


def in_short(seen: Disclosed) -> list[str]:
    """The most serious finding of the period or the year before it in one short sentence; nothing where none is."""
    grave = [f for f in seen.arrival if f.grave and f.age <= 1]
    return [found.short(grave[0])] if grave else []


def completeness(seen: Disclosed) -> Part:
    """The strip of the newest months, a line per table; nothing where no table is dated."""
    if seen.flow.empty:
        return part("completeness", text="", chart=None)
    end = seen.period.end_time.to_period("M")
    stretches, start = _stretches(seen.flow, end)
    said = in_short(seen)
    alt = say("strip.alt", first=period(start), last=period(end), finding=said[0] if said else say("strip.whole"))
    there = set(stretches["level"])
    januaries = [m for m in pd.period_range(start, end) if m.month == 1]
    shown = januaries[:: max(1, len(januaries) // 4)] or [start]
    chart = strip(
        stretches,
        months=(end - start).n + 1,
        name="strip",
        alt=alt,
        ticks=[((m - start).n, period(m)) for m in shown],
        legend={level: say(f"strip.{level}") for level in LEVELS if level in there},
    )
    return part("completeness", text=alt, chart=chart)


def _stretches(flow: pd.DataFrame, end: pd.Period) -> tuple[pd.DataFrame, pd.Period]:
    """Months on end of one level as line, start, length, level, in months from the first month shown; and that month.

    A row of a yearly table stands for the twelve months of its year; all years are shown where nothing is monthly.
    'missing': from the last month of a line to `end`.
    """
    rows = pd.DataFrame(
        {
            "line": [found.rows_of(table, part) for table, part in zip(flow["table"], flow["part"], strict=True)],
            "from": [p.start_time.to_period("M") for p in flow["period"]],
            "to": [p.end_time.to_period("M") for p in flow["period"]],
            "level": flow["level"].to_numpy(),
        }
    )
    monthly = any(p.freqstr == "M" for p in flow["period"])
    start = max(rows["from"].min(), end - MONTHS_SHOWN + 1) if monthly else rows["from"].min()
    late = rows.groupby("line", sort=False)["to"].max()
    late = late[late < end]
    rest = pd.DataFrame({"line": late.index, "from": [m + 1 for m in late], "to": end, "level": "missing"})
    rows = pd.concat([rows, rest]) if len(rest) else rows
    rows = rows[rows["to"] >= start]
    rows["from"] = [max(m, start) for m in rows["from"]]
    new = (rows["level"] != rows["level"].shift()) | (rows["line"] != rows["line"].shift())
    runs = rows.groupby(new.cumsum(), sort=False).agg({"line": "first", "from": "min", "to": "max", "level": "first"})
    runs["start"] = [(m - start).n for m in runs["from"]]
    runs["length"] = [(b - a).n + 1 for a, b in zip(runs["from"], runs["to"], strict=True)]
    return runs[["line", "start", "length", "level"]].reset_index(drop=True), start


def arrivals(seen: Disclosed, through_of: Callable[[str], str]) -> Part:
    """Every file with its rows, how far its feed reaches, and whether that is whole."""
    accounts = seen.accounts
    columns = [c for c in COUNTS if c != "layout" or ("layout" in accounts and accounts["layout"].sum() > 0)]
    rows = []
    for a in accounts.to_dict("records"):
        word = "unused" if a["used"] == 0 else _status(seen, a["feed"], a["file"])
        rows.append(
            {
                "file": a["file"],
                "whole_group": not a["practice"],
                "status": say(f"status.{word}"),
                "counts": [None if pd.isna(a[c]) else int(a[c]) for c in columns],
                "through": through_of(a["feed"]),
            }
        )
    troubles = list(seen.troubles["message"])
    hidden = bool(accounts["used"].isna().any())
    return part("arrivals", text=f"{len(rows)} files", rows=rows, columns=columns, troubles=troubles, hidden=hidden)


def _status(seen: Disclosed, feed: str, file: str) -> str:
    """The word for a file: what its feed lacks within the year, else what became of its rows, else that it is whole."""
    tables = set(seen.through.loc[seen.through["feed"] == feed, "table"])
    recent = [f for f in seen.arrival if f.age <= 1]
    told = [STATUS[f.kind] for f in recent if f.kind in STATUS and (f.table in tables or f.kind == "ended")]
    told += ["aside" for f in recent if f.kind == "refused" and f.file == file]
    return told[0] if told else "whole"


def quarantine(seen: Disclosed) -> Part:
    """Rows set aside, by file, column and rule, with the first lines; never what stood in them."""
    refused = seen.quarantine
    own, others = refused[refused["rule"].notna()], refused[refused["rule"].isna()]
    rows = [
        {"file": file, "column": "", "rule": "", "rows": int(count), "lines": ""}
        for file, count in others.groupby("file").size().items()
    ]
    for (file, column, rule), lines in own.groupby(["file", "column", "rule"], sort=True)["line"]:
        first = commas(str(n) for n in sorted(lines.astype(int))[:LINES_SHOWN])
        more = say("quality.lines_more", lines=first) if len(lines) > LINES_SHOWN else first
        rows.append({"file": file, "column": column, "rule": rule, "rows": len(lines), "lines": more})
    return part("quarantine", text=f"{len(refused)} rows set aside", rows=rows)


def gaps(cards: Iterable[Card], period_name: str) -> Part:
    """KPIs without a complete value in this period, and why."""
    rows = [{"kpi": c.told("title"), "why": c.state} for c in cards]
    return part("gaps", text=f"{len(rows)} KPIs without a value", rows=rows, period=period_name)
