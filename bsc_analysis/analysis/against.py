"""A practice's reading against the benchmark that its params name."""

from __future__ import annotations

from datetime import date
from typing import cast

import pandas as pd

from bsc_analysis.analysis.benchmark import Benchmark, Compared, Measures, compare
from bsc_analysis.analysis.interval import Interval, rate, share
from bsc_analysis.analysis.overdispersion import overdispersion
from bsc_analysis.analysis.peers import kind_of
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import Standard


def against(kpi: KPI, reading: pd.Series, series: pd.DataFrame, standard: Standard, day: date) -> Compared:
    """A reading as of `day` beside its benchmark, in the KPI's unit.

    `series`: the KPI's usable readings by period (numerator, denominator, calendar-complete, NaN where missing): where
    they swing by more than counting error, the interval is wider for it.
    """
    told = Benchmark(
        standard.value,
        standard.unit or kpi.unit,
        cast(Measures, standard.measures),
        standard.source,
        date.fromisoformat(standard.at),
        standard.of or "",
    )
    measures = cast(Measures, kpi.measures or standard.measures)  # what a source publishes is what it says it is
    interval, scale = _interval(kpi, reading, series), kpi.scale if kind_of(kpi) else 1.0
    return compare(interval, told, measures=measures, unit=kpi.unit, better=kpi.better, at=day, scale=scale)


def _interval(kpi: KPI, reading: pd.Series, series: pd.DataFrame) -> Interval:
    """In the terms of `scale` above: shares and counts per exposure by themselves, all else in the KPI's unit."""
    kind = kind_of(kpi)
    if pd.isna(reading["value"]):
        return Interval("none", reason="missing")
    if not kind or pd.isna(reading["numerator"]):
        scale = kpi.scale if kind else 1.0
        value, lower, upper = (float(reading[side]) / scale for side in ("value", "lower", "upper"))
        return Interval("reading", value, lower, upper)
    phi = overdispersion(series["numerator"], series["denominator"], "proportion" if kind == "proportion" else "rate")
    make = share if kind == "proportion" else rate
    return make(float(reading["numerator"]), float(reading["denominator"]), phi=phi.known)
