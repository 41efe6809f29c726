"""What the funnels of a practice's page and of the portfolio share: their words, their order and how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.charts import Chart, funnel
from bsc_analysis.words import count, interval, quantity, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Beside, PeerSet
    from bsc_analysis.kpis.kpi import KPI

MARKS = {"better": "improvement", "worse": "concern", "higher": "high", "lower": "low", "inside": "none"}
CSS = {"better_998": "better", "worse_998": "worse", "higher_998": "other", "lower_998": "other"}
ORDER = ("worse_998", "better_998", "higher_998", "lower_998", "worse_95", "better_95", "higher_95", "lower_95")


def finding(place: str, word: str) -> str:
    """'worse_998', 'better_95', 'higher_95', 'inside' … of a place and word of a funnel."""
    if place == "inside":
        return place
    side, level = place.split("_")
    way = word if word in ("better", "worse") else "higher" if side == "above" else "lower"
    return f"{way}_{level}"


def peers_named(specialty: str, n: int) -> str:
    """'the 7 practices of family medicine'."""
    return say("peers.of", n=n, of=specialty) if specialty else say("peers.of_group", n=n)


def likely(kpi: KPI, value: float, lower: float, upper: float) -> str:
    """'11.6 % (9.8–13.1)'; '' where it is not told."""
    if pd.isna(value):
        return ""
    return say("peers.likely", value=written(kpi, value), interval=interval(lower, upper, kpi.unit, kpi.decimals))


def ranks(first: float, last: float, n: int) -> str:
    """'6–7 of 7'; '' where it is not told."""
    if pd.isna(first):
        return ""
    key = "peers.ranks_alone" if first == last else "peers.ranks"
    return say(key, first=int(first), last=int(last), n=n)


def named(kpi: KPI, row) -> str:
    """'Harbor Heart 12.1 %'."""
    return say("peers.other", practice=row.practice, value=written(kpi, row.value))


def drawn(kpi: KPI, points: pd.DataFrame, told: Beside | PeerSet, name: str, alt: str) -> Chart:
    """The funnel of `points` (practice, of, value, place, word, own), with the curve and centre of `told`."""
    found = [finding(place, word) for place, word in zip(points["place"], points["word"], strict=True)]
    marked = points.assign(
        word=[MARKS[each.split("_")[0]] for each in found], firm=[each.endswith("_998") for each in found]
    )
    label = [
        "" if not row.practice else row.practice if row.own else named(kpi, row) if row.word != "none" else ""
        for row in marked.itertuples()
    ]
    return funnel(
        marked.assign(label=label),
        told.curve,
        centre=told.centre,
        name=name,
        alt=alt,
        words={"inner": say("peers.inner"), "outer": say("peers.outer"), "axis": say("peers.axis")},
        label=lambda value: bare(value, kpi.unit, kpi.decimals),
        size=count,
    )


def written(kpi: KPI, value: float) -> str:
    """A value of this KPI with its unit, '' where it is missing."""
    return quantity(value, kpi.unit, kpi.decimals)
