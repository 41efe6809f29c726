"""What the page says of a KPI that is still running out: its latest mature period, and this one completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.disclosure import Completion
from bsc_analysis.periods import grain_of
from bsc_analysis.words import day, interval, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card


def runs_out(card: Card) -> bool:
    """Whether rows of the report's period are still to come, so that its value is none to show."""
    return bool(card.kpi.matures_days) and card.seen.reading(card.id)["state"] == "immature"


def shown_period(card: Card) -> pd.Period:
    """The period of the value that is shown: the report's; while that runs out, the latest mature one."""
    report = card.seen.period
    return (card.seen.mature(card.id) or report) if runs_out(card) else report


def named(card: Card, value: str) -> str:
    """The value of an earlier period with that period's name: '2026 Q1: 94.1 %'."""
    return say("completed.value", period=period(card.at), value=value)


def state(card: Card) -> str:
    """'still running out until 28 Jan 2027'."""
    return say("state.running", day=day(card.seen.period.end_time + pd.Timedelta(days=card.kpi.matures_days)))


def verdict(card: Card) -> str:
    """The word of the mature months, with the newest of them by name: it is no news of this period."""
    v = card.variation
    word = say(f"word.{v.latest}", n=v.count, needed=v.needed, unit=card.unit)
    return word if v.as_of is None else say("completed.verdict", word=word, as_of=period(v.as_of))


def stale(card: Card) -> str:
    """Which month or quarter the chart's finding is of."""
    unit = say(f"unit.{card.seen.group.shared.grain}_one")
    return say("completed.stale", as_of=period(card.variation.as_of), unit=unit)


def headline(card: Card) -> str:
    """The one sentence where the only values are of an earlier period."""
    unit = say(f"unit.{grain_of(card.seen.period)}")
    return say("completed.headline", kpi=card.told("title"), value=card.value, unit=unit)


def lines(card: Card, brief: bool = False) -> list[str]:
    """'2026 Q3 completed: 93.2 % (91.0–95.4), from …', or why it cannot be; nothing where no run-out is known.

    The `brief` line leaves to the card what stands behind it, unless it has no interval to warn by.
    """
    found, this = card.seen.completion.get(card.id), period(card.seen.period)
    if not runs_out(card) or found is None:
        return []
    if found.answer != "completed":
        return [say(f"completed.{found.answer}", period=this, n=found.origins, needed=found.needed)]
    within = interval(found.lower, found.upper, card.kpi.unit, card.kpi.decimals)
    value = card.written(found.value)
    value = say("completed.within", value=value, interval=within) if within else value
    if brief and within:
        return [say("completed.brief", period=this, value=value)]
    return [say("completed.line", period=this, value=value, test=_test(card, found))]


def details(card: Card) -> list[str]:
    """The lines beside the chart: what still runs out, its completion, and what the interval is worth."""
    if not runs_out(card):
        return []
    told = [say("completed.running", period=period(card.seen.period), state=state(card)), *lines(card)]
    found = card.seen.completion.get(card.id)
    if found is not None and pd.notna(found.covered):
        told.append(say("completed.covered", share=quantity(100 * found.covered, "%", 0)))
    return told


def _test(card: Card, found: Completion) -> str:
    """How far off earlier completions were."""
    if not found.tests:
        return say("completed.untested")
    in_points = card.kpi.unit == "%"
    error = quantity(found.error, "" if in_points else card.kpi.unit, card.kpi.decimals)
    error = say("completed.points", error=error) if in_points else error
    few = "" if pd.notna(found.lower) else "_few"
    return say(f"completed.tested{few}", n=found.tests, error=error)
