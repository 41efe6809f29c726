"""A KPI on the chart that suits it, after what makes its points depend on each other is taken out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation.adjustment import Adjusted, adjusted
from bsc_analysis.analysis.variation.between import days_between, g_chart, gaps, t_chart
from bsc_analysis.analysis.variation.choice import RARE, Choice, choose, with_counts
from bsc_analysis.analysis.variation.counts import p_chart, u_chart
from bsc_analysis.analysis.variation.given import refused, whole
from bsc_analysis.analysis.variation.individuals import xmr
from bsc_analysis.analysis.variation.result import Variation

OTHER = {"up": "down", "down": "up", "neutral": "neutral"}


@dataclass(frozen=True)
class Varied:
    """A KPI on the chart that suits it; `adjusted`: what was taken out before, None where the chart allows nothing.

    `target` on the axis of the chart. `between`: what a g or t chart counts from event to event, 'cases' of the
    denominator or 'days'; '' in other charts.
    """

    choice: Choice
    variation: Variation
    adjusted: Adjusted | None = None
    target: float | None = None
    between: str = ""


def vary(
    kind: str,
    readings: pd.DataFrame,
    *,
    better: str,
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    scale: float = 1.0,
    peers: pd.DataFrame | None = None,
    dates: Iterable | None = None,
) -> Varied:
    """A KPI on the chart that suits it, after what its peers share or its season is taken out of a series that is not
    independent.

    `readings`: as in `choose`, PeriodIndex; value = numerator / denominator × scale. `peers`: their values, as in
    `adjusted`. `dates`: when rare events were, where that is known: then each is a point, else a point of a g or t
    chart spans as many events as two periods hold. There high means rare, and direction and target are turned to fit.
    """
    breaks, choice, readings = tuple(breaks), choose(kind, readings), with_counts(kind, readings)
    columns = {name: readings[name] for name in ("numerator", "denominator", "value") if name in readings}
    if "numerator" not in columns and "value" not in columns:
        columns["value"] = pd.Series(np.nan, index=readings.index)
    given = whole(columns, breaks)
    if isinstance(given, str):
        return Varied(choice, refused(given, choice.chart))
    if choice.because in ("rare_events", "rare_others"):
        return _rare(choice, given, dates, better, target, breaks, scale)
    if "value" not in given:
        exposure = given["denominator"].where(given["denominator"] > 0) if "denominator" in given else 1.0
        given["value"] = given["numerator"] / exposure * scale
    shown = given["value"]
    less = adjusted(shown, peers, breaks)
    if less.out != "nothing" and choice.mean_count < RARE:  # what is left would have to go on an XmR chart
        not_by = less.not_by | {less.out: "few_counts"}
        less = replace(less, values=shown, out="nothing", not_by=not_by, after=less.before)
    if choice.chart == "xmr" or less.out != "nothing":
        found = xmr(less.values, better=better, target=target, breaks=breaks)
        if less.out != "nothing":  # whether a target is met is asked of the months as they were
            found = replace(found, assurance=xmr(shown, better=better, target=target, breaks=breaks).assurance)
            choice = replace(choice, chart="xmr", because="adjusted" if choice.chart != "xmr" else choice.because)
        return Varied(choice, found, less, target)
    chart = p_chart if choice.chart.startswith("p") else u_chart
    found = chart(
        given["numerator"],
        given["denominator"],
        better=better,
        target=target,
        breaks=breaks,
        scale=scale,
        prime=choice.chart.endswith("prime"),
    )
    return Varied(choice, found, less, target)


def _rare(
    choice: Choice,
    given: pd.DataFrame,
    dates: Iterable | None,
    better: str,
    target: float | None,
    breaks: tuple[pd.Period | str, ...],
    scale: float,
) -> Varied:
    """Rare events, or rare others, by what lies between them."""
    others = choice.because == "rare_others"
    days = pd.Series((given.index + 1).start_time - given.index.start_time, index=given.index) / pd.Timedelta(days=1)
    exposure = given["denominator"] if "denominator" in given and (given["denominator"] > 0).any() else days
    share = None if target is None else scale - target if others else target
    wanted = None if share is None or not share > 0 else scale / share
    if exposure is days and wanted is not None:
        wanted = wanted * days.mean()  # the target is of a period's count
    if dates is not None and not others:
        if exposure is not days and wanted is not None:
            wanted = wanted * float(days.sum() / exposure[exposure > 0].sum())
        between, choice = days_between(dates), replace(choice, chart="t", each=1)
        if (between == 0).any():
            choice = replace(choice, chart="g")  # two on one day: whole days are counted
    else:
        counts = given["denominator"] - given["numerator"] if others else given["numerator"]
        between = gaps(counts, exposure, choice.each)
    chart = g_chart if choice.chart == "g" else t_chart
    turned = better if others else OTHER.get(better, better)
    wanted = None if wanted is None else wanted * choice.each
    found = chart(between, better=turned, target=wanted, breaks=breaks, each=choice.each)
    counted = "days" if exposure is days or (dates is not None and not others) else "cases"
    return Varied(choice, found, target=wanted, between=counted)
