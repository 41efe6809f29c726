"""Where a practice's goals stand, as far as a named audience may see it: by the readings that it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis.analysis.goals.aim import Aim
from bsc_analysis.analysis.goals.detectable import Detectable
from bsc_analysis.analysis.goals.findings import Finding, Smart
from bsc_analysis.analysis.goals.history import History, Pooled, pooled_of, value_in
from bsc_analysis.analysis.goals.known import Known
from bsc_analysis.analysis.goals.rarity import Rarity
from bsc_analysis.analysis.goals.smart import smart
from bsc_analysis.analysis.goals.standing import Guardrail, Standing, judge
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import GRAINS, grain_of
from bsc_analysis.readings import USABLE

if TYPE_CHECKING:
    from bsc_analysis.disclosure.disclosed import Disclosed
    from bsc_analysis.store import Store

SHOWN = ["middle", "lower_50", "upper_50", "lower_80", "upper_80"]
UNREAD = ("no_readings", "no_baseline_reading", "no_reading_at_deadline")


@dataclass(frozen=True)
class DisclosedGoal:
    """One goal with all that its reader is told of it.

    `status`, `reason`, `reached`, `probability`, `ends`: as in analysis.goals.standing.Standing, reasons beside those
    being 'withheld' (from this audience) and 'not_on_card'. `start`, `target`: of the aim, in the KPI's unit, and `up`:
    whether it is reached from below. `now`: the value of `as_of`, the newest period as long as the report's or, if that
    is shorter, as the deadline's; `due`: where the straight way from baseline to target is then.
    `grain`: of the readings that it is judged by, `drawn` of those that it is drawn with: sums beside sums as long.
    `count`, `needed`, `reach`: of the history, as in analysis.goals.fan.Fan.
    `fan`: periods ahead of the history (its index), with SHOWN. `findings`: what is SMART about it and what is not,
    none once its deadline has passed.
    """

    goal: Goal
    by: pd.Period
    status: str
    reason: str = ""
    start: float | None = None
    target: float | None = None
    up: bool = True
    now: float | None = None
    as_of: pd.Period | None = None
    due: float | None = None
    reached: float | None = None
    probability: float | None = None
    ends: tuple[float, float, float] | None = None
    rarity: Rarity = field(default_factory=Rarity)
    detectable: Detectable = field(default_factory=Detectable)
    findings: tuple[Finding, ...] = ()
    guardrails: tuple[Guardrail, ...] = ()
    grain: str = ""
    drawn: str = ""
    count: int = 0
    needed: int = 0
    reach: int = 0
    fan: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SHOWN), repr=False, compare=False)

    @property
    def kpi(self) -> str:
        return self.goal.kpi

    @property
    def owner(self) -> str | None:
        return self.goal.owner


def kept_goals(seen: Disclosed, store: Store) -> tuple[DisclosedGoal, ...]:
    """`goals_of`, kept in the store: a fan takes a fifth of a second."""
    if not seen.practice.goals:
        return ()
    name = f"goals-{seen.practice.id}-{seen.period}"
    return tuple(record_of(DisclosedGoal, facts) for facts in store.keep_facts(name, lambda: packed(goals_of(seen))))


def goals_of(seen: Disclosed) -> tuple[DisclosedGoal, ...]:
    """Each goal of the practice as of the report's period, in the params' order."""
    return tuple(_goal(seen, goal) for goal in seen.practice.goals)


def met(seen: Disclosed, published: DisclosedGoal) -> bool | None:
    """Whether what a goal promised when it was published has come about; None while that cannot be told."""
    if published.kpi not in seen.kpis or published.target is None or published.by.end_time > seen.period.end_time:
        return None
    value = value_in(history_of(seen, published.kpi, published.by), published.by, pooled_of(seen.kpis[published.kpi]))
    return None if value is None else Aim(published.start, published.target, published.up).reached(value)


def history_of(seen: Disclosed, kpi: str, by: pd.Period) -> History:
    """The KPI's usable readings at the group's grain, or at the deadline's where they cannot be pooled to it."""
    series = _series(seen, kpi, by)
    freq = series.index.freq
    starts = (seen.group.calendar.parse(b.at).start_time for b in seen.breaks(kpi))
    usable = series["state"].isin(USABLE)
    return History(
        series["value"].where(usable).astype(float),
        series["denominator"].where(usable).astype(float) if series["denominator"].notna().any() else None,
        tuple(start.to_period(freq) for start in starts),
    )


def read(seen: Disclosed, text: str) -> Smart:
    """A goal in words as understood of this practice, with what is SMART about it and what is not."""
    return smart(text, _known(seen, {id: history_of(seen, id, seen.period) for id in seen.kpis}, seen.period))


def _known(seen: Disclosed, histories: dict[str, History], as_of: pd.Period) -> Known:
    return Known(
        kpis=seen.kpis,
        practice=seen.practice.id,
        practices={seen.practice.id: seen.practice.title},
        objectives={aim.id: aim.kpis for aim in seen.strategy.objectives},
        histories=histories,
        as_of=as_of,
        calendar=seen.group.calendar,
    )


def _goal(seen: Disclosed, goal: Goal) -> DisclosedGoal:
    calendar = seen.group.calendar
    by = calendar.parse(goal.by)
    if goal.kpi not in seen.kpis:
        return DisclosedGoal(goal, by, "cannot_tell", "not_on_card", target=goal.target, grain=seen.group.shared.grain)
    kpi, history = seen.kpis[goal.kpi], history_of(seen, goal.kpi, by)
    how = pooled_of(kpi)
    guarded = {id: seen.variation[id] for id in goal.guardrails if id in seen.variation}
    series = _series(seen, goal.kpi, by)
    through = _through(seen, series)
    standing = judge(goal, kpi, history, guardrails=guarded, calendar=calendar, through=through)
    hidden = standing.reason in UNREAD and (series["state"] == "withheld").any()
    known = _known(seen, {goal.kpi: history}, through)
    return DisclosedGoal(
        goal,
        by,
        standing.status,
        "withheld" if hidden else standing.reason,
        start=standing.aim.start,
        target=standing.aim.target,
        up=standing.aim.up,
        reached=standing.reached,
        probability=standing.probability,
        ends=standing.ends,
        rarity=standing.rarity,
        detectable=standing.detectable,
        findings=smart(goal, known, standing).findings if by.end_time > through.end_time else (),
        guardrails=standing.guardrails,
        grain=_grain(seen, by, how == "none"),
        drawn=_grain(seen, by, how in ("none", "total")),
        count=standing.fan.count,
        needed=standing.fan.needed,
        reach=standing.fan.reach,
        fan=_fan(standing),
        **_now(seen, standing, history, by, how),
    )


def _series(seen: Disclosed, kpi: str, by: pd.Period) -> pd.DataFrame:
    """The KPI's readings, indexed by period, at the grain at which the goal is judged."""
    grain = _grain(seen, by, pooled_of(seen.kpis[kpi]) == "none")
    rows = seen.readings[(seen.readings["kpi"] == kpi) & (seen.readings["grain"] == grain)]
    return rows.set_index(pd.PeriodIndex(rows["period"], freq=seen.group.calendar.freq(grain)))


def _grain(seen: Disclosed, by: pd.Period, long: bool) -> str:
    """The deadline's grain if it is to be as `long`, and readings of it there can be; else the group's."""
    own = seen.group.shared.grain
    return max(own, grain_of(by), key=GRAINS.index) if long else own


def _through(seen: Disclosed, series: pd.DataFrame) -> pd.Period:
    """The last period whose reading would be here by now: what still runs out at the end is yet to come."""
    end = seen.period.end_time.to_period(series.index.freq)
    firm = series.index[series["state"] != "immature"]
    runs_out = len(series) and series["state"].iloc[-1] == "immature"
    return min(end, firm[-1]) if runs_out and len(firm) else end


def _now(seen: Disclosed, standing: Standing, history: History, by: pd.Period, how: Pooled) -> dict:
    """`now`, `as_of` and `due` of the newest period that has a value; sums are held against sums as long."""
    if standing.as_of is None:
        return {}
    total = how == "total"
    finer = by if total else min(by, seen.period, key=lambda each: GRAINS.index(grain_of(each)))
    whole = standing.as_of.end_time.to_period(finer.freq)
    whole = whole if whole.end_time == standing.as_of.end_time else whole - 1
    value = value_in(history, whole, how)
    if value is None:
        return {} if total else {"now": standing.now, "as_of": standing.as_of, "due": standing.due}
    due = standing.line[standing.line.index.end_time == whole.end_time] if len(standing.line) else standing.line
    return {"now": value, "as_of": whole, "due": float(due.iloc[0]) if len(due) else None}


def _fan(standing: Standing) -> pd.DataFrame:
    points = standing.fan.points
    return points[SHOWN].rename_axis("period") if len(points) else pd.DataFrame(columns=SHOWN)
