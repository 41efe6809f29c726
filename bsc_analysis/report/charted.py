"""Which chart a KPI is on and why, what was taken out before, and what its axis counts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.report import margin
from bsc_analysis.words import number, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card

OTHER = {"up": "down", "down": "up", "neutral": "neutral"}


def told(card: Card) -> str:
    """'p′ chart (Laney): …' and what else a reader of the chart must know; '' where it has no point."""
    if card.variation.points.empty:
        return ""
    varied, unit = card.varied, card.period_unit
    facts = {"unit": unit, "one": say(f"unit.{card.seen.group.shared.grain}_one"), "cases": cases(card)}
    chart = say(f"charted.chart.{varied.choice.chart}")
    lines = [say("charted.line", chart=chart, why=say(f"charted.why.{varied.choice.because}", **facts))]
    if varied.between and varied.choice.each > 1:
        lines.append(say("charted.each", each=varied.choice.each))
    if less := varied.adjusted:
        if less.out != "nothing":
            lines.append(say(f"charted.out.{less.out}"))
        elif less.because == "autocorrelated":
            lines.append(say(f"charted.left_in.{less.not_by['season']}", **facts))
    return " ".join(lines)


def cases(card: Card) -> str:
    """What lies between rare events, and what the KPI is counted of elsewhere: 'visits', 'days'."""
    return say("charted.days") if card.varied.between == "days" else _rows(card.kpi)


def amount(card: Card, value: float) -> str:
    """A value on the chart's axis: '214 visits' between events, else in the KPI's own unit.

    An average of minutes has a decimal that a single wait has not.
    """
    if card.varied.between:
        return say("charted.amount", number=number(value), cases=cases(card))
    decimals = max(card.kpi.decimals, 1) if card.kpi.unit == "min" else card.kpi.decimals
    return quantity(value, card.kpi.unit, decimals)


def target(card: Card) -> tuple[float, str] | None:
    """Where the target lies on the chart's axis, and what stands beside it; None without one.

    Rare events without a single stretch between them are drawn by period, in the KPI's own unit.
    """
    level, chosen = card.varied.target, card.seen.choice(card.id).target
    if chosen is None:
        return None
    if not card.varied.between or card.variation.points.empty:
        return chosen.value, card.target
    if level is None:
        return None
    turned = card.varied.choice.because == "rare_events"
    sign = margin.SIGNS[OTHER[card.kpi.better] if turned else card.kpi.better]
    return level, say("value.target", sign=sign, value=amount(card, level))


def _rows(kpi: KPI) -> str:
    table = getattr(kpi, "over", None) or getattr(kpi, "table", None)
    return say(f"rows.{table.name}") if table else say("rows.events")
