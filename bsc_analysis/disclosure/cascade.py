"""The card below the practice, department by department and team by team, as far as a named audience may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.disclosure.fold import SUBGROUPS, fold
from bsc_analysis.disclosure.moved import left_out
from bsc_analysis.disclosure.withhold import FEWEST, GUARDED, gives_away
from bsc_analysis.kpis import kpi
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params import Group
from bsc_analysis.periods import grain_of
from bsc_analysis.readings import PEOPLE, USABLE, valued
from bsc_analysis.readings.labels import NOT_SAID, OTHERS, dimensions
from bsc_analysis.readings.parts import SIDES, cells, parts
from bsc_analysis.store import Store

MOST_TEAMS = 5  # of a department, the largest; the rest stand together
NUMBERS = [*SIDES, "value", "lower", "upper"]


@dataclass(frozen=True)
class Cascaded:
    """One KPI below the practice, in the newest `period` that can be told.

    `departments`: department and NUMBERS, whose sides add up to the practice's; `teams`: department, team and NUMBERS,
    whose sides add up to their department's, for departments of more than one team. NUMBERS are in the KPI's unit, with
    intervals at 95 %. `reason` why there are no departments (those of disclosure.moved.Moved, and not_said: no row
    names one), or ''; `teams_reason` why there are no teams: no_such_column, guarded (only leaders see teams), few (of
    a team's patients or respondents 1–10 could be told), or ''.
    """

    kpi: str
    period: str
    departments: pd.DataFrame = field(default_factory=pd.DataFrame)
    teams: pd.DataFrame = field(default_factory=pd.DataFrame)
    reason: str = ""
    teams_reason: str = ""


def cascade(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> tuple[Cascaded, ...]:
    """The card's KPIs below the practice, in its order; none where its strategy declares no cascade.

    `shown`: the practice's readings as the group's audience may see them (disclosure.withhold).
    """
    strategy, grain = group.practices[practice].strategy, grain_of(period)
    if strategy is None or not strategy.cascade:
        return ()
    department, *below = strategy.cascade
    own = _of(parts(group, store, grain), practice, period)
    own = own[own["dimension"] == department]
    seen = fold(own, group.shared.audience)
    inner = _of(cells(group, store, grain, department, *below), practice, period) if below else None
    found = []
    for one in map(kpi, group.practices[practice].kpis):
        at = _newest(shown, one.id, grain, str(period))
        reason = left_out(group, one, shown, own, seen, department, (at, at))
        if reason:
            found.append(Cascaded(one.id, at, reason=reason))
            continue
        told = _at(seen, one.id, at).rename(columns={"part": "department"})
        departments = _numbers(one, told, ["department"])
        if set(departments["department"]) <= {NOT_SAID}:
            found.append(Cascaded(one.id, at, reason="not_said"))
            continue
        missing = "no_such_column" if not below or below[0] not in dimensions(one) else ""
        missing = missing or ("guarded" if group.shared.audience in GUARDED else "")
        teams = pd.DataFrame() if missing else _teams(one, _at(inner, one.id, at), set(departments["department"]))
        if not missing and one.counts in SUBGROUPS and _few(one, teams):
            teams, missing = pd.DataFrame(), "few"
        teams = _numbers(one, teams, ["department", "team"]) if len(teams) else teams
        found.append(Cascaded(one.id, at, departments, teams, teams_reason=missing))
    return tuple(found)


def still_cascaded(told: tuple[Cascaded, ...], shown: pd.DataFrame) -> tuple[Cascaded, ...]:
    """Those without what is told of readings that `shown` withholds by now."""
    rows = shown[shown["state"] == "withheld"]
    hidden = set(zip(rows["kpi"], rows["period"], strict=True))
    return tuple(Cascaded(c.kpi, c.period, reason="withheld") if (c.kpi, c.period) in hidden else c for c in told)


def _of(frame: pd.DataFrame, practice: str, period: pd.Period) -> pd.DataFrame:
    return frame[(frame["practice"] == practice) & (frame["period"] <= str(period))]


def _at(frame: pd.DataFrame, id: str, period: str) -> pd.DataFrame:
    return frame[(frame["kpi"] == id) & (frame["period"] == period)]


def _newest(shown: pd.DataFrame, id: str, grain: str, period: str) -> str:
    """The newest period with a usable reading; the report's own where there is none."""
    rows = shown[(shown["kpi"] == id) & (shown["grain"] == grain) & shown["state"].isin(USABLE)]
    return max(rows["period"], default=period)


def _teams(one: KPI, rows: pd.DataFrame, departments: set[str]) -> pd.DataFrame:
    """The teams of the departments that are named and have more than one, small and many ones put together."""
    rows = rows[rows["department"].isin(departments - {OTHERS})]
    size = rows.groupby("department")["rows"].rank(method="first", ascending=False)
    kept = (rows["rows"] >= FEWEST) & (size <= MOST_TEAMS)
    rows = rows.assign(team=rows["team"].where(kept, OTHERS))
    by = rows.groupby(["department", "team"])
    found = by[SIDES].sum().join(by[PEOPLE].max()).reset_index().assign(kpi=one.id)
    return found[found.groupby("department")["team"].transform("size") > 1]


def _few(one: KPI, teams: pd.DataFrame) -> bool:
    counts = pd.Series(one.counts, index=teams.index)
    return bool(gives_away(teams.assign(n=teams["denominator"]), counts).any())


def _numbers(one: KPI, rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Names and NUMBERS, the largest first within a department, those put together last."""
    last = np.where(rows[names[-1]] == OTHERS, 1, 0)
    order = rows.assign(last=last, size=-rows["denominator"]).sort_values([*names[:-1], "last", "size", names[-1]])
    return valued(one, order.reset_index(drop=True))[[*names, *NUMBERS]]
