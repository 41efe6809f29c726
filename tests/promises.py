"""Goals and the readings that they are judged by, made of a few numbers, as one reader sees them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bsc_analysis.disclosure import Disclosed, goals_of
from bsc_analysis.kpis import kpi
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.params.strategy import Objective, Strategy
from tests.stores import group_of

PERIOD = pd.Period("2026Q3")
MONTHS = pd.period_range("2023-10", "2026-09", freq="M")
KPIS = ("no_show_rate", "wait_median", "provider_rating", "denial_rate", "days_in_ar")
AIMS = [Objective(id="kept", title="Booked visits take place", perspective="processes", kpis=["no_show_rate"])]


def goal(kpi: str = "no_show_rate", **other) -> Goal:
    """No-shows from 2026Q2, 15 % less by 2027Q2, unless told otherwise (None: left out)."""
    told = {
        "kpi": kpi,
        "baseline": "2026Q2",
        "change": {"relative": -15},
        "by": "2027Q2",
        "owner": "front desk <lead>",
        "objective": "kept",
        "because": "Empty slots cost money & time.",
        "declared": "2026-07-02",
    }
    return Goal.model_validate({name: value for name, value in (told | other).items() if value is not None})


def series(id: str, level: float, spread: float = 0.5, over: float = 800, rise: float = 0.0, months=MONTHS):
    """Readings of a KPI, month by month and quarter by quarter: a level with chance about it."""
    rng = np.random.default_rng(list(id.encode()))
    value = level + rise * np.arange(len(months)) / len(months) + spread * rng.standard_normal(len(months))
    scale = kpi(id).scale
    month = pd.DataFrame({"period": months, "denominator": over, "numerator": value * over / scale})
    by_quarter = month.groupby(month["period"].dt.asfreq("Q"))[["numerator", "denominator"]].sum().reset_index()
    rows = pd.concat([month.assign(grain="month"), by_quarter.assign(grain="quarter")], ignore_index=True)
    rows["value"] = rows["numerator"] / rows["denominator"] * scale
    told = {"kpi": id, "practice": "a", "n": rows["denominator"], "state": "ok", "complete": True}
    return rows.assign(**told, lower=np.nan, upper=np.nan, period=rows["period"].astype(str))


def promised(*goals: Goal, readings: pd.DataFrame | None = None, period=PERIOD, audience="leadership", **shared):
    """What the reader sees of practice a with these goals, as of the period."""
    kpis = [*KPIS, *shared.pop("kpis", [])]
    group = group_of(kpis, ["a"], report="quarter", audience=audience, **shared)
    practice = replace(group.practices["a"], goals=goals, strategy=Strategy(objectives=AIMS))
    group = replace(group, practices={"a": practice})
    shown = readings if readings is not None else pd.concat([series("no_show_rate", 9.0), series("wait_median", 18, 2)])
    ends = shown["period"].map(lambda text: pd.Period(text).end_time)
    seen = Disclosed(group, practice, period, audience, shown[ends <= period.end_time], *[pd.DataFrame()] * 4)
    return replace(seen, goals=goals_of(seen))
