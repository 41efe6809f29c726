"""Why a KPI moved against the year before: its parts' rates or their shares; and what a point of it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.disclosure import NOT_SAID, OTHERS, Moved
from bsc_analysis.words import listed, number, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

MOST = 3  # contributors that are named


def sentences(card: Card) -> list[str]:
    """One for each label by which the change can be taken apart, those with more than chance in them first."""
    found = [
        each for each in card.seen.moved if each.kpi == card.id and not each.mix.reason and not _broken(card, each)
    ]
    return [_told(card, each) for each in sorted(found, key=lambda each: not _apart(each))]


def worth(card: Card) -> str:
    """'One point of it is about $1,200 of net revenue a quarter.'; '' where it moves no money."""
    told = next((each for each in card.seen.worth if each.kpi == card.id), None)
    if told is None:
        return ""
    step = say("moved.point") if card.kpi.unit == "%" else quantity(1, card.kpi.unit, 0)
    at = period(card.seen.group.calendar.parse(told.period))
    return say(f"moved.worth.{told.money}", step=step, dollars=quantity(told.dollars, "$", 0), period=at)


def _broken(card: Card, told: Moved) -> bool:
    """Whether a change of the series lies between the two periods: they are not one series."""
    first = card.seen.group.calendar.parse(told.first)
    return any(at.start_time > first.start_time for at, _ in card.breaks)


def _apart(told: Moved) -> list[str]:
    """The parts whose rates changed by more than chance."""
    parts = told.mix.parts
    return [part_name(name) for name in parts.index[parts["apart"].fillna(False).astype(bool)]]


def _told(card: Card, told: Moved) -> str:
    mix = told.mix
    effects = mix.largest(MOST)["effect"]
    largest = [say("moved.part", part=part_name(name), effect=_by(card, effect)) for name, effect in effects.items()]
    facts = {
        "label": say(f"moved.label.{told.dimension}"),
        "labels": say(f"moved.labels.{told.dimension}"),
        "before": period(card.seen.group.calendar.parse(told.first)),
        "change": _by(card, mix.change),
        "rates": _by(card, mix.rate_effect),
        "shares": _by(card, mix.mix_effect),
    }
    if not largest:
        return say("moved.nothing", **facts)
    apart = _apart(told)
    chance = say("moved.apart", parts=listed(apart)) if apart else say("moved.chance", **facts)
    return say("moved.by", largest=listed(largest), chance=chance, **facts)


def _by(card: Card, change: float) -> str:
    """A change with its sign, in the KPI's unit, or in points of it."""
    kpi = card.kpi
    sign = "+" if round(change, kpi.decimals) > 0 else ""
    if kpi.unit == "%":
        return say("moved.points", change=f"{sign}{number(change, kpi.decimals)}")
    return f"{sign}{quantity(change, kpi.unit, kpi.decimals)}"


def part_name(name: object) -> str:
    """A label as rows bear it, or the words for those without one and for those put together."""
    known = {NOT_SAID: "moved.not_said", OTHERS: "moved.others"}
    return say(known[str(name)]) if name in known else str(name)
