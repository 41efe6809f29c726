"""Cards of a report made of monthly readings, for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.kpis import kpi
from bsc_analysis.params.models import Break, KpiChoice, Target
from bsc_analysis.readings.reconcile import COLUMNS as RECONCILED
from bsc_analysis.report.card import Card
from bsc_analysis.report.run import Run
from tests.stores import group_of

LAST = pd.Period("2026-09", freq="M")


def counted(id: str, numerator, denominator, state: str | list[str] = "ok") -> pd.DataFrame:
    """Monthly readings of a KPI up to September 2026, by what was counted."""
    numerator = pd.Series(numerator, dtype=float)
    denominator = pd.Series(np.broadcast_to(denominator, len(numerator)), dtype=float)
    return valued(id, numerator / denominator * kpi(id).scale, state).assign(
        numerator=numerator, denominator=denominator, n=denominator
    )


def valued(id: str, values, state: str | list[str] = "ok") -> pd.DataFrame:
    """Monthly readings of a KPI up to September 2026, without counts."""
    periods = pd.period_range(end=LAST, periods=len(values), freq="M").astype(str)
    frame = pd.DataFrame({"kpi": id, "grain": "month", "period": periods, "value": values, "state": state})
    return frame.assign(numerator=np.nan, denominator=np.nan, n=np.nan, lower=np.nan, upper=np.nan, complete=True)


def run_of(
    *readings: pd.DataFrame,
    targets: dict[str, float] | None = None,
    breaks: Sequence[Break] = (),
    audience="leadership",
) -> Run:
    """A report of these KPIs for September 2026."""
    ids = [str(frame["kpi"].iloc[0]) for frame in readings]
    group = group_of(ids, ["a"], report="month", audience=audience)
    goals = {id: Target(value=value, source="set here") for id, value in (targets or {}).items()}
    chosen = {"kpis": {id: KpiChoice(target=goals.get(id)) for id in ids}, "breaks": tuple(breaks)}
    practice = type(group.practices["a"])(**{**vars(group.practices["a"]), **chosen})
    history = pd.DataFrame(columns=RECONCILED)
    return Run(Disclosed(group, practice, LAST, audience, pd.concat(readings), *[None] * 4, reconciliation=history))


def card_of(readings: pd.DataFrame, target: float | None = None, **more) -> Card:
    id = str(readings["kpi"].iloc[0])
    return run_of(readings, targets={} if target is None else {id: target}, **more).cards[id]


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)
