"""What has moved since it was published, as a reader meets it: published, now, by how much, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.ledger.entry import period_of
from bsc_analysis.ledger.restate import Restated
from bsc_analysis.params import Group
from bsc_analysis.report import counted
from bsc_analysis.words import day, listed, of, period, quantity, say
from bsc_analysis.words.numbers import number


def rows(restated: Restated, group: Group) -> list[dict[str, str]]:
    """One row per reading that moved: kpi, period, then, now, change, cause."""
    return [_row(moved._asdict(), group) for moved in restated.moved.itertuples(index=False)]  # type: ignore[operator]


def goals(restated: Restated, group: Group) -> list[str]:
    """Sentences on targets and breaks that are others now."""
    return [_goal(each, group) for each in restated.goals]


def since(restated: Restated, group: Group) -> dict[str, str]:
    """The final that is compared with, in words: its period and day."""
    return {"period": period(period_of(group, restated.period)), "day": day(pd.Timestamp(restated.on))}


def shown(kpi: KPI, value: float, n: float, state: str) -> str:
    """A reading in few words: '7.4 % (n = 2,113)', or why there is none."""
    if pd.isna(value):
        return say("restated.dropped_now") if state == "dropped" else say(f"restated.state.{state}")
    written = quantity(value, kpi.unit, kpi.decimals)
    told = say("restated.counted", value=written, n=round(n)) if counted.measure(kpi, n) else written
    return say("restated.open", value=told) if state == "immature" else told


def difference(kpi: KPI, before: float, after: float) -> str:
    """'+1.2 points', '−3 min'; '0' where only counts differ; '' where a side has no value.

    More decimals than the KPI's are shown where the difference would else round to nothing, or be another than that
    of the two values as they are shown.
    """
    if pd.isna(before) or pd.isna(after):
        return ""
    change = after - before
    decimals = next((d for d in range(kpi.decimals, kpi.decimals + 3) if _says(before, after, d)), kpi.decimals)
    if not round(change, decimals):
        return say("restated.same")
    if kpi.unit == "%":
        text = say("restated.points", value=number(abs(change), decimals))
    else:
        text = quantity(abs(change), kpi.unit, decimals)
    return say("restated.more" if change > 0 else "restated.less", by=text)


def _says(before: float, after: float, decimals: int) -> bool:
    """Whether the difference at so many decimals is there, and agrees with the values at the same."""
    change = round(after - before, decimals)
    return bool(change and np.isclose(change, round(after, decimals) - round(before, decimals)))


def cause(told: Mapping[str, Any]) -> str:
    """One cause in words."""
    return say(f"restated.cause.{told['kind']}", **{name: fact for name, fact in told.items() if name != "kind"})


def _row(moved: dict[str, Any], group: Group) -> dict[str, str]:
    kpi = KPIS[moved["kpi"]]
    told = "; ".join(cause(each) for each in moved["causes"])
    return {
        "kpi": of(kpi),
        "period": period(period_of(group, moved["period"])),
        "then": shown(kpi, moved["then"], moved["then_n"], moved["then_state"]),
        "now": shown(kpi, moved["now"], moved["now_n"], moved["now_state"]),
        "change": difference(kpi, moved["then"], moved["now"]),
        "cause": f"{told[0].upper()}{told[1:]}.",
    }


def _goal(told: Mapping[str, Any], group: Group) -> str:
    kpi = KPIS[told["kpi"]]
    if told["kind"] == "target":
        levels = {side: _level(kpi, told[side]) for side in ("before", "after")}
        return say("restated.target", kpi=of(kpi), **levels)
    added = [at for at in told["after"] if at not in told["before"]]
    gone = [at for at in told["before"] if at not in told["after"]]
    named = {key: listed(period(period_of(group, at)) for at in ats) for key, ats in (("new", added), ("gone", gone))}
    parts = [say(f"restated.break_{key}", kpi=of(kpi), periods=periods) for key, periods in named.items() if periods]
    return " ".join(parts)


def _level(kpi: KPI, value: float | None) -> str:
    return say("restated.no_target") if value is None else quantity(value, kpi.unit, kpi.decimals)
