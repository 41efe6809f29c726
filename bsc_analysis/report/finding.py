"""What a KPI's chart says, and what all of them say together, in sentences from their own results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.report import completed
from bsc_analysis.words import day, listed, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card


def headline(seen: Disclosed, cards: list[Card], period_name: str) -> str:
    """The one sentence a reader takes away: what really changed; where nothing can be judged, the first value."""
    shown = [c for c in cards if c.has_value]
    judged = [c for c in shown if c.judged]
    if not shown:
        ended = [f for f in seen.arrival if f.kind == "ended"]
        if ended:
            return say("headline.ended", period=period_name, day=day(ended[0].day))
        return say("headline.nothing", period=period_name)
    if not judged:
        news = [c for c in shown if not c.runs_out]
        return _unjudged(seen, news[0]) if news else completed.headline(shown[0])
    names = {w: [c.told("short") for c in judged if c.word == w] for w in ("improvement", "concern", "high", "low")}
    told = [say(f"headline.{word}", kpis=listed(kpis)) for word, kpis in names.items() if kpis]
    rest = sum(c.word == "none" for c in judged)
    if not told:
        return say("headline.steady", n=rest)
    told += [say("headline.rest", n=rest)] if rest else []
    told[1:] = [f"{part[0].lower()}{part[1:]}" for part in told[1:]]  # one sentence
    return say("headline.real", told="; ".join(told))


def _unjudged(seen: Disclosed, card: Card) -> str:
    before = card.written(seen.reading(card.id, seen.period - 1)["value"])
    told = say("headline.before", value=before, period=period(seen.period - 1)) if before else ""
    unit, v = say(f"unit.{seen.group.shared.grain}"), card.variation
    if card.word != "too_few":
        return say("headline.unjudged", before=told, kpi=card.told("title"), value=card.value)
    facts = {"kpi": card.told("title"), "value": card.value, "n": v.count, "needed": v.needed, "unit": unit}
    return say("headline.too_few", before=told, **facts)


def sentences(card: Card) -> list[str]:
    """The finding first; then how firm it is, what broke the series, the target, and how old the newest value is."""
    v, unit = card.variation, say(f"unit.{card.seen.group.shared.grain}")
    if v.as_of is None:
        facts = {"unit": unit, "period": period(card.at)}
        return [say("card.nothing_alone", **facts) if card.has_value else say("card.nothing", state=card.state)]
    lines = [_first(card, unit)]
    if v.trial and v.latest not in ("too_few", "flat"):
        lines.append(say("card.trial"))
    lines += _breaks(card)
    if v.assurance != "none":
        lines.append(say(f"card.{v.assurance}", unit=unit))
    if v.as_of.end_time < card.seen.period.end_time:
        lines.append(completed.stale(card) if card.runs_out else say("card.stale", as_of=period(v.as_of)))
    return lines


def _first(card: Card, unit: str) -> str:
    v = card.variation
    if v.latest == "flat":
        return say("card.flat", unit=unit)
    if v.latest == "too_few":
        before = card.year_before
        key = "card.too_few_before" if before else "card.too_few"
        return say(key, before=before, n=v.count, needed=v.needed, unit=unit)
    if v.latest == "none":
        return say("card.chance", as_of=period(v.as_of), n=v.count, unit=unit)
    side = say("card.above" if v.points["side"][v.as_of] > 0 else "card.below")
    return say(f"card.{v.rule}", as_of=period(v.as_of), n=v.stretch, unit=unit, side=side)


def _breaks(card: Card) -> list[str]:
    """The averages on both sides of the last break, where both have limits; else what broke, and when."""
    if not card.breaks:
        return []
    at, because = card.breaks[-1]
    centre = card.variation.points["centre"]
    before, after = centre.get(at - 1), centre.get(at)
    if pd.notna(before) and pd.notna(after):
        levels = {"before": _average(card, before), "after": _average(card, after)}
        return [say("card.break_levels", because=because, period=period(at), **levels)]
    reasons = dict.fromkeys(because for _, because in card.breaks)
    when = {r: listed(period(at) for at, because in card.breaks if because == r) for r in reasons}
    return [say("card.break_told", periods=when[r], because=r) for r in reasons]


def _average(card: Card, value: float) -> str:
    """An average of minutes has a decimal that a single wait has not."""
    decimals = max(card.kpi.decimals, 1) if card.kpi.unit == "min" else card.kpi.decimals
    return quantity(value, card.kpi.unit, decimals)
