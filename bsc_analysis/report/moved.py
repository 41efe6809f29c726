"""Why a KPI moved against the year before: its parts' rates or their shares; and what a point of it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.disclosure import NOT_SAID, OTHERS, Moved
from bsc_analysis.words import listed, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

MOST = 3  # contributors that are named


def sentences(card: Card) -> list[str]:
    """One for each label by which the change can be taken apart, those with more than chance in them first; of dollars
    per something, before them what became of the dollars."""
    found = [each for each in card.seen.moved if each.kpi == card.id and not _broken(card, each)]
    apart = sorted([each for each in found if not each.mix.reason], key=lambda each: not _apart(each))
    summed = [_summed(card, each) for each in [*apart, *found] if each.amount and not each.amount.reason]
    return [*summed[:1], *(_told(card, each) for each in apart)]


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
    first, last = (card.seen.group.calendar.parse(text) for text in (told.first, told.last))
    return any(first.start_time < at.start_time <= last.end_time for at, _ in card.breaks)


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
        "when": _when(card, told),
        "change": _by(card, mix.change),
        "rates": _by(card, mix.rate_effect),
        "shares": _by(card, mix.mix_effect),
    }
    if not largest:
        return say("moved.nothing", **facts)
    apart = _apart(told)
    chance = say("moved.apart", parts=listed(apart)) if apart else say("moved.chance", **facts)
    if mix.parts["apart"].isna().all():
        chance = say("moved.no_chance")
    return say("moved.by", largest=listed(largest), chance=chance, **facts)


def _summed(card: Card, told: Moved) -> str:
    """The dollars themselves: volume × price, and the mix of one label where it takes the price apart."""
    amount = told.amount
    assert amount is not None
    effects = {
        "change": amount.after - amount.before,
        "volume": amount.volume,
        "price": amount.price,
        "mix": amount.mix,
    }
    facts = {name: _signed(effect, "$", 0) for name, effect in effects.items()}
    if told.mix.reason:
        return say("moved.dollars", when=_when(card, told), **facts)
    return say("moved.dollars_mix", when=_when(card, told), labels=say(f"moved.labels.{told.dimension}"), **facts)


def _when(card: Card, told: Moved) -> str:
    """'since 2025 Q3'; with both ends where it is not the report's period that is told of."""
    first, last = (card.seen.group.calendar.parse(text) for text in (told.first, told.last))
    since = "since" if last == card.seen.period else "between"
    return say(f"moved.{since}", before=period(first), after=period(last))


def _by(card: Card, change: float) -> str:
    """A change with its sign, in the KPI's unit, or in points of it."""
    kpi = card.kpi
    if kpi.unit == "%":
        return say("moved.points", change=_signed(change, "", kpi.decimals))
    return _signed(change, kpi.unit, kpi.decimals)


def _signed(change: float, unit: str, decimals: int) -> str:
    sign = "+" if round(change, decimals) > 0 else ""
    return f"{sign}{quantity(change, unit, decimals)}"


def part_name(name: object) -> str:
    """A label as rows bear it, or the words for those without one and for those put together."""
    known = {NOT_SAID: "moved.not_said", OTHERS: "moved.others"}
    return say(known[str(name)]) if name in known else str(name)
