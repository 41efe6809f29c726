"""What a KPI's chart says, and what all of them say together, in sentences from their own results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.report import charted, completed
from bsc_analysis.words import day, listed, period, say

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
    v = card.variation
    if card.word != "too_few":
        return say("headline.unjudged", before=told, kpi=card.told("title"), value=card.value)
    facts = {"kpi": card.told("title"), "value": card.value, "n": v.count, "needed": v.needed, "unit": card.unit}
    return say("headline.too_few", before=told, **facts)


def sentences(card: Card) -> list[str]:
    """The finding first; then how firm it is, what broke the series, the target, and how old the newest value is."""
    v = card.variation
    if v.as_of is None:
        return [_nothing(card)]
    lines = [_first(card)]
    if v.trial and v.latest not in ("too_few", "flat"):
        lines.append(say("card.trial"))
    lines += _breaks(card)
    if v.assurance != "none":
        lines.append(say(f"card.{v.assurance}", unit=card.unit))
    if v.as_of.end_time < card.seen.period.end_time:
        stale = "charted.stale" if card.varied.between else "card.stale"
        lines.append(completed.stale(card) if card.runs_out else say(stale, as_of=period(v.as_of)))
    return lines


def _nothing(card: Card) -> str:
    """Why there is no point at all."""
    if card.variation.reason:
        return say(f"charted.refused.{card.variation.reason}", unit=card.period_unit)
    if card.varied.between:
        return say("charted.no_stretch")
    if card.word == "open":
        return say("card.open", state=card.state)
    facts = {"unit": card.unit, "period": period(card.at)}
    return say("card.nothing_alone", **facts) if card.has_value else say("card.nothing", state=card.state)


def _first(card: Card) -> str:
    v, unit = card.variation, card.unit
    if v.latest == "flat":
        return say("card.flat", unit=unit)
    if v.latest == "too_few":
        before = card.year_before
        key = "card.too_few_before" if before else "card.too_few"
        return say(key, before=before, n=v.count, needed=v.needed, unit=unit)
    as_of = say("charted.stretch", as_of=period(v.as_of)) if card.varied.between else period(v.as_of)
    if v.latest == "none":
        return say("card.chance", as_of=as_of, n=v.count, unit=unit)
    side = say("card.above" if v.side > 0 else "card.below")
    middle = say("card.middle" if v.chart == "g" else "card.average")
    return say(f"card.{v.rule}", as_of=as_of, n=v.stretch, unit=unit, side=side, middle=middle)


def _breaks(card: Card) -> list[str]:
    """The averages on both sides of the last break, where both have limits; else what broke, and when."""
    if not card.breaks:
        return []
    at, because = card.breaks[-1]
    points = card.variation.points
    when = pd.PeriodIndex(points["at"]) if "at" in points else points.index
    before, after = points["centre"][when < at], points["centre"][when >= at]
    if len(before) and len(after) and pd.notna(before.iloc[-1]) and pd.notna(after.iloc[0]):
        levels = {"before": charted.amount(card, before.iloc[-1]), "after": charted.amount(card, after.iloc[0])}
        level = say("card.middle" if card.variation.chart == "g" else "card.average")
        return [say("card.break_levels", because=because, period=period(at), level=level, **levels)]
    reasons = dict.fromkeys(because for _, because in card.breaks)
    when = {r: listed(period(at) for at, because in card.breaks if because == r) for r in reasons}
    return [say("card.break_told", periods=when[r], because=r) for r in reasons]
