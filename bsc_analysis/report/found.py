"""What was found of how the data came, in sentences from the findings' own facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.words import commas, count, day, listed, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Finding
    from bsc_analysis.report.card import Card

NAMED = 3  # KPIs named in a sentence; more are counted


def sentence(f: Finding, cards: Mapping[str, Card]) -> str:
    """The finding, what it means for which KPIs, and what to look at."""
    facts = _facts(f)
    match f.kind:
        case "gap":
            return _joined(say("found.gap", **facts), _usual(f), _empty(f, cards))
        case "thin":
            return _joined(say(f"found.thin{_form(f)}", **facts), _usual(f), say("found.thin_why"))
        case "flood":
            return _joined(say(f"found.flood{_form(f)}", **facts), _usual(f), say("found.flood_why"))
        case "falling" | "rising":
            few = "_few" if pd.isna(f.now) or pd.isna(f.before) else ""
            return _joined(say(f"found.{f.kind}{few}", **facts), say(f"found.{f.kind}_why"))
        case "response":
            few = "_few" if pd.isna(f.share_now) or pd.isna(f.before) else ""
            return _joined(say(f"found.response{few}", **facts), say("found.response_why"))
        case "stale":
            return _joined(say("found.stale", **facts), _open(f, cards))
        case "orphans":
            few = "_few" if pd.isna(f.n) else ""
            early = say("found.orphans_early", n=f.early) if f.early else ""
            return _joined(say(f"found.orphans_{f.table}{few}", **facts), early)
        case "refused" | "twice":
            return say(f"found.{f.kind}{'_few' if pd.isna(f.n) else ''}", **facts)
        case _:
            return say(f"found.{f.kind}", **facts)


def short(f: Finding) -> str:
    """A grave finding in one short sentence, for page one."""
    form = _form(f) if f.kind == "thin" else ""
    return say(f"found_short.{f.kind}{form}", **_facts(f))


def _form(f: Finding) -> str:
    """Which sentence fits: no number may be told, or it is of several months."""
    return "_few" if pd.isna(f.now) else "" if f.first == f.last else "_run"


def documented(cards: Mapping[str, Card]) -> list[str]:
    """A sentence for each break that the params declare within what is drawn, the newest first."""
    told: dict[tuple[pd.Period, str], list[str]] = {}
    for card in cards.values():
        declared = {b.because for b in card.seen.practice.breaks}
        for at, because in card.breaks:
            if because in declared:
                told.setdefault((at, because), []).append(card.told("title"))
    return [
        say("found.documented", because=because, period=period(at), kpis=_named(titles))
        for (at, because), titles in sorted(told.items(), reverse=True)
    ]


def rows_of(table: str, part: str = "") -> str:
    """What the rows of a table are called, in the plural: 'calls', 'answers of patients'."""
    return say(f"rows.{table}_{part}" if part else f"rows.{table}")


def _facts(f: Finding) -> dict[str, object]:
    rows = listed(map(rows_of, f.tables)) if f.tables else rows_of(f.table, f.part) if f.table else ""
    unit = "year" if f.first is not None and f.first.freqstr[0] == "Y" else "month"
    facts = {
        "rows": rows,
        "Rows": rows[:1].upper() + rows[1:],
        "when": _when(f) if f.first is not None and f.last is not None else "",
        "since": period(f.first) if f.first is not None else "",
        "unit": say(f"unit.{unit}_one"),
        "units": say(f"unit.{unit}"),
        "before": _round(f.before),
        "now": _round(f.now),
        "share_before": quantity(f.share_before, "%", 1),
        "share_now": quantity(f.share_now, "%", 1),
        "of": _round(f.of),
        "share": quantity(100 * f.n / f.of, "%", 1) if f.of > 0 else "",
        "day": day(f.day) if f.day is not None else "",
        "days": f.days,
        "file": f.file,
    }
    return facts | ({"n": int(f.n)} if pd.notna(f.n) else {})


def _round(value: float) -> str:
    return count(value) if pd.notna(value) else ""


def _when(f: Finding) -> str:
    if f.first == f.last:
        return say("found.in", month=period(f.first))
    return say("found.from_to", first=period(f.first), last=period(f.last))


def _usual(f: Finding) -> str:
    if pd.isna(f.before):
        return ""
    unit = say("unit.year_one" if f.first is not None and f.first.freqstr[0] == "Y" else "unit.month_one")
    return say("found.usual", before=_round(f.before), unit=unit)


def _of_table(f: Finding, cards: Mapping[str, Card]) -> list[Card]:
    """The cards whose KPI needs the finding's table."""
    return [
        card
        for card in cards.values()
        if f.table in {getattr(getattr(card.kpi, side, None), "name", None) for side in ("table", "over")}
    ]


def _empty(f: Finding, cards: Mapping[str, Card]) -> str:
    """The KPIs that have no value in every period of a gap; nothing where the group's grain is another."""
    titles = []
    for card in _of_table(f, cards):
        series = card.seen.series(card.id)["value"]
        if f.first is not None and series.index.freqstr == f.first.freqstr:
            inside = series[(series.index >= f.first) & (series.index <= f.last)]
            titles += [card.told("title")] if len(inside) and inside.isna().all() else []
    return say("found.no_value", kpis=_named(titles)) if titles else ""


def _open(f: Finding, cards: Mapping[str, Card]) -> str:
    titles = [c.told("title") for c in _of_table(f, cards) if c.word in ("open", "no_value")]
    return say("found.left_open", kpis=_named(titles)) if titles else ""


def _named(titles: list[str]) -> str:
    if len(titles) <= NAMED:
        return listed(titles)
    return say("found.and_more", kpis=commas(titles[:NAMED]), n=len(titles) - NAMED)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
