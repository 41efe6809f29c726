"""A KPI on the chart that suits it, from nothing but the readings that its reader may see: a final, which keeps those,
draws the same chart again.

Peers' values are no part of them, so only a season is taken out; nor are the dates of single events, so a point of rare
events spans as many as the counts of the periods tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from bsc_analysis.analysis.variation import Variation, Varied, kind_of, vary
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.readings import USABLE

SIDES = ["numerator", "denominator", "value"]


def charted(kpi: KPI, series: pd.DataFrame, *, target: float | None, breaks: Iterable[str], audience: str) -> Varied:
    """The KPI's `series` (a row per period: SIDES and state) against chance.

    A guarded audience's rare events are refused ('withheld') where periods are: these are the ones with events.
    """
    found = vary(
        kind_of(kpi),
        series[SIDES].astype(float).where(series["state"].isin(USABLE)),
        better=kpi.better,
        target=target,
        breaks=tuple(breaks),
        scale=kpi.scale,
    )
    if found.between and audience in GUARDED and (series["state"] == "withheld").any():
        told = Variation(found.variation.points.iloc[:0], "refused", chart=found.choice.chart, reason="withheld")
        return replace(found, variation=told)
    return found
