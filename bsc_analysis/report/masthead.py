"""Whose report this is, how far its data reach, and whether it is a draft."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.report.parts import Part, part, stylesheet
from bsc_analysis.tables import REGISTERS, TABLES
from bsc_analysis.words import beside, commas, day, period, say


def masthead(seen: Disclosed, edition: Edition, period_name: str) -> Part:
    """Practice, period, data through, draft or final; it also carries the style sheet."""
    facts = [say("masthead.scorecard", period=period_name)]
    facts += [say("masthead.invented")] if seen.group.shared.invented else []
    facts += [_data_through(seen)] if len(seen.through) else []
    names = {"group": seen.group.id, "practice": seen.practice.id, "period": str(seen.period)}
    return part(
        "masthead",
        text=f"{seen.practice.title} {period_name}",
        data=names | {"state": edition.state},
        style=stylesheet(),
        title=seen.practice.title,
        facts=facts,
        state=edition.state,
        standing=_standing(seen, edition),
        note=seen.group.shared.note,
    )


def through_of(seen: Disclosed, feed: str) -> str:
    """How far a feed's rows reach; '' where none came."""
    rows = seen.through[seen.through["feed"] == feed]
    return _reach(seen, rows["table"].iloc[0], pd.Timestamp(rows["last"].max())) if len(rows) else ""


def _standing(seen: Disclosed, edition: Edition) -> str:
    """'draft · for …' or 'final · 6 Jul 2026 · for …'."""
    audience, final = say(f"audience.{seen.audience}"), edition.final
    if final is None:
        return say("masthead.draft", audience=audience)
    return say("masthead.final", audience=audience, day=day(pd.Timestamp(final.on)))


def _data_through(seen: Disclosed) -> str:
    """Each day that feeds reach to, with the feeds that do, registers as one; the day of most first."""
    feeds: dict[str, list[str]] = {}
    for table, last in seen.through.groupby("table", sort=False)["last"].max().items():
        name = REGISTERS.name if table in TABLES and TABLES[str(table)].register else table
        names = feeds.setdefault(_reach(seen, str(table), pd.Timestamp(last)), [])
        names += [told] if (told := say(f"feed.{name}")) not in names else []
    ordered = sorted(feeds.items(), key=lambda reached: -len(reached[1]))
    named = [say("masthead.feed_day", day=when, feed=commas(names)) for when, names in ordered]
    return say("masthead.through_feeds", feeds=beside(named))


def _reach(seen: Disclosed, table: str, last: pd.Timestamp) -> str:
    """A day; or the month or year that the table's rows stand for; for ready-made readings the group's grain."""
    dated = TABLES[table].dated if table in TABLES else seen.group.shared.grain
    return day(last) if dated == "day" else period(last.to_period(seen.group.calendar.freq(dated)))
