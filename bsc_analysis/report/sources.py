"""Ready-made history and exports in words: how they compare, and why a series breaks between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import Break
from bsc_analysis.periods import Calendar
from bsc_analysis.words import of, period, quantity, say

if TYPE_CHECKING:
    from bsc_analysis.report.card import Card


def breaks(card: Card) -> list[tuple[pd.Period, str]]:
    """Period and reason of each break within a card's series: a documented change, or one of its source."""
    index, parse = card.seen.series(card.id).index, card.seen.group.calendar.parse
    found = [(parse(b.at).start_time.to_period(index.freq), b) for b in card.seen.breaks(card.id)]
    inside = [(at, b) for at, b in found if at in index and at != index[0]]
    return [(at, b.because if isinstance(b, Break) else because(b, card.kpi)) for at, b in inside]


def because(change, kpi: KPI) -> str:
    """Why a change of source is a break, to stand where a declared break has its reason."""
    facts = {"n": change.compared, "unit": say(f"unit.{change.grain}"), "one": say(f"unit.{change.grain}_one")}
    found = say("source.unmatched", **facts)
    if change.compared:
        most = difference(change.largest, kpi)
        found = say("source.differ_by" if most else "source.differ", differing=change.differing, most=most, **facts)
    return say(f"source.from_{change.source}", found=found)


def rows(seen: Disclosed) -> list[dict[str, object]]:
    """A row per KPI of the card that history and exports both tell, and per change from one to the other."""
    order = {id: i for i, id in enumerate(seen.kpis)}
    found = seen.reconciliation
    return [
        {
            "kpi": of(kpi_named(row.kpi)),
            "change": _change(row, seen.group.calendar),
            "compared": row.compared,
            "equal": row.equal,
            "largest": difference(row.largest, kpi_named(row.kpi)) or say("value.none"),
        }
        for row in found.sort_values("kpi", key=lambda ids: ids.map(order), kind="stable").itertuples()
    ]


def difference(value: float, kpi: KPI) -> str:
    """A difference in the KPI's unit, percent in points; '' where it is not to be told."""
    if pd.isna(value):
        return ""
    least = 10.0**-kpi.decimals
    small = 0 < round(value, kpi.decimals + 6) < least / 2  # prints as nothing, and is not
    unit = "" if kpi.unit == "%" else kpi.unit
    text = quantity(least if small else value, unit, kpi.decimals)
    text = say("source.points", value=text) if kpi.unit == "%" else text
    return say("source.less", value=text) if small else text


def _change(row, years: Calendar) -> str:
    """Where the series passes from one source to the other; that it does not, else."""
    if not isinstance(row.at, str):
        return say("reconciliation.no_change")
    until, at = (period(years.parse(text)) for text in (row.until, row.at))
    return say(f"reconciliation.to_{row.source}", until=until, at=at)
