"""What stands beside a card's chart: completion, counts, target, owner, and what the KPI is; and the same in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.kpis.kpi import Published
from bsc_analysis.report import benchmark, completed, counted, moved
from bsc_analysis.words import beside, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

SIGNS = {"up": "≥", "down": "≤", "neutral": ""}


def lines(card: Card) -> list[str]:
    """All of it, a paragraph each."""
    told = [
        *completed.details(card),
        say("card.open", state=card.state) if card.word == "open" else "",
        _counted(card),
        counted.left_out(card.kpi, card.reading),
        f"{_target(card)} {_owner(card)}",
        benchmark.line(card),
        moved.worth(card),
        say("card.definition", plain=card.told("plain"), why=card.told("why")),
        say("card.formula", formula=card.told("formula")),
    ]
    return [line for line in told if line]


def brief(card: Card) -> list[str]:
    """The small lines of a vital sign: interval and n; the year before and the target."""
    if not card.has_value:
        return [card.state, *completed.lines(card, brief=True)]
    first = [card.state] if card.word == "open" else []
    told = [[*first, card.interval, card.measure], [card.year_before, card.target]]
    return [*(beside(line) for line in told if any(line)), *completed.lines(card, brief=True)]


def _counted(card: Card) -> str:
    """What was counted, and the interval of chance; why there is no value where there is none."""
    if not card.has_value:
        return "" if card.runs_out else card.state
    if isinstance(card.kpi, Published):
        return say("card.n_published")
    if card.interval:
        return say("card.n", measure=card.measure, interval=card.interval)
    if not card.measure:
        return ""
    return say("card.n_no_interval" if card.kpi.counts == "money" else "card.n_alone", measure=card.measure)


def _target(card: Card) -> str:
    target = card.seen.choice(card.id).target
    if target is None:
        return say("card.no_target")
    value = card.written_target(target.value)
    return say("value.target_source", sign=SIGNS[card.kpi.better], value=value, source=target.source)


def _owner(card: Card) -> str:
    owner = card.seen.choice(card.id).owner
    left = f" {say('acts.owner_left', owner=owner)}" if card.seen.has_left(owner) else ""
    return f"{say('card.owner', owner=owner)}{left}" if owner else say("card.no_owner")
