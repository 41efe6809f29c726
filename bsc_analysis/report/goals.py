"""The goals of a practice, in parts: all of them, page one's lines, and how earlier forecasts did."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bsc_analysis.disclosure import Disclosed, Record
from bsc_analysis.report.goal import ORDER, GoalView
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import listed, number, quantity, say

ON_PAGE_ONE = ("missed", "at_risk")  # goals of these statuses are named there, others counted
MOST_NAMED = 3


def goals(seen: Disclosed) -> Part:
    """Every goal in a table, and then one by one with its fan, exceptions first."""
    views = views_of(seen)
    return part("goals", text="\n".join(f"{v.promise}: {v.word}. {v.standing}" for v in views), goals=views)


def in_short(seen: Disclosed) -> Part:
    """How many goals are on track or at risk, and which are at risk; empty without any goal."""
    views = views_of(seen)
    lines = [counted([view.told.status for view in views])] if views else []
    named = [view for view in views if view.told.status in ON_PAGE_ONE]
    lines += [_line(view) for view in named[:MOST_NAMED]]
    lines += [say("goals.more", n=len(named) - MOST_NAMED)] if len(named) > MOST_NAMED else []
    return part("goals_short", text="\n".join(lines), lines=lines)


def forecasts(seen: Disclosed, record: Record) -> Part:
    """How the probabilities that earlier finals published have come out; empty where none was and there is no goal."""
    if not seen.goals and not record.forecasts + record.waiting:
        return part("forecasts", sentences=[], rows=[])
    if record.reason or record.brier is None or record.base is None:
        text = say("forecasts.waiting", n=record.waiting) if record.waiting else say("forecasts.none")
        return part("forecasts", text=text, sentences=[text], rows=[])
    facts = {"goals": record.goals, "brier": number(record.brier, 2), "base": number(record.base, 2)}
    sentences = [say("forecasts.score", n=record.forecasts, **facts)]
    sentences += [say("forecasts.waiting_too", n=record.waiting)] if record.waiting else []
    bands = record.bands[record.bands["forecasts"] > 0]
    rows = [_band(band) for _, band in bands.iterrows()]
    return part("forecasts", text=" ".join(sentences), sentences=sentences, rows=rows)


def views_of(seen: Disclosed) -> list[GoalView]:
    """The goals, exceptions first."""
    return sorted((GoalView(seen, told, i) for i, told in enumerate(seen.goals)), key=lambda view: view.rank)


def counted(statuses: Sequence[str]) -> str:
    """'Of 5 goals, 2 are at risk and 3 on track.'"""
    so_many = [say(f"goals.so_many.{status}", n=n) for status in ORDER if (n := statuses.count(status))]
    return say("goals.counted", n=len(statuses), told=listed(so_many))


def _line(view: GoalView) -> str:
    if view.told.probability is None:
        return say("goals.line", promise=view.promise, status=view.word)
    return say("goals.line_chance", promise=view.promise, status=view.word, chance=view.chance)


def _band(band: pd.Series) -> list[str]:
    """Band, forecasts, goals, what was said, what came with its interval, and whether they agree."""
    edges = [quantity(100 * band[edge], "%", 0) for edge in ("lower_edge", "upper_edge")]
    said, hits, lower, upper = (quantity(100 * band[name], "%", 0) for name in ("said", "hits", "lower", "upper"))
    return [
        say("forecasts.band", low=edges[0], high=edges[1]),
        number(band["forecasts"]),
        number(band["goals"]),
        said,
        say("forecasts.came", hits=hits, lower=lower, upper=upper),
        say("forecasts.agrees" if band["held"] else "forecasts.differs"),
    ]
