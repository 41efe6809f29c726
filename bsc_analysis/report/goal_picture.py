"""The pictures of one goal, from the numbers that its sentences tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bsc_analysis import charts
from bsc_analysis.charts import Chart
from bsc_analysis.periods import grain_of
from bsc_analysis.words import period, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.report.goal import GoalView

ROLES = {"better": "better", "worse": "worse", "common": "common"}  # a goal's class → a colour of the page
SHOWN = ("ok", "value_only")  # states of readings that a goal is judged by


def bullet(goal: GoalView) -> Chart | None:
    """Baseline, now and target on a line; None where one end is not known."""
    told = goal.told
    if told.start is None or told.target is None or told.start == told.target:
        return None
    now = told.reached if told.reached is not None else told.now
    return charts.bullet(told.start, now, told.target, name=f"bullet-{goal.place}", due=told.due, role=ROLES[goal.css])


def fan(goal: GoalView) -> Chart | None:
    """History, fan, target and deadline; its alt text is where the goal stands."""
    told, kpi = goal.told, goal.kpi
    if kpi is None or told.target is None:
        return None
    history = _history(goal)
    if history.notna().sum() < 2:
        return None
    freq = history.index.freq
    deadline = told.by.end_time.to_period(freq)
    same = not len(told.fan) or told.fan.index.freqstr == history.index.freqstr
    return charts.fan(
        history,
        told.fan if same else told.fan.iloc[:0],
        target=(told.target, goal.target),
        deadline=deadline,
        name=f"fan-{goal.place}",
        alt=say("goals.alt", promise=goal.promise, status=goal.word, standing=goal.standing),
        label=lambda v: bare(v, kpi.unit, kpi.decimals),
        tick=lambda p: period(told.by) if p == deadline else f"{p.start_time.year}",
        words={key: say(f"goals.legend.{key}") for key in ("fan", "way", "target")},
        way=_way(goal, deadline),
        end=told.ends if grain_of(told.by) != grain_of(deadline) or not same else None,
        breaks=[parse.start_time.to_period(freq) for parse in _breaks(goal)],
    )


def _history(goal: GoalView) -> pd.Series:
    """The readings that the goal is judged by, up to the newest; sums at the deadline's own grain."""
    seen, told = goal.seen, goal.told
    rows = seen.readings[(seen.readings["kpi"] == told.kpi) & (seen.readings["grain"] == told.drawn)]
    index = pd.PeriodIndex(rows["period"], freq=seen.group.calendar.freq(told.drawn))
    values = rows["value"].where(rows["state"].isin(SHOWN)).set_axis(index).astype(float).sort_index()
    last = values.last_valid_index()
    return values if last is None else values[values.first_valid_index() : last]


def _way(goal: GoalView, deadline: pd.Period) -> list[tuple[pd.Period, float]]:
    """From the baseline's last period to the deadline's."""
    told = goal.told
    if told.start is None or told.target is None or told.goal.baseline is None:
        return []
    base = goal.seen.group.calendar.parse(told.goal.baseline).end_time.to_period(deadline.freq)
    return [(base, told.start), (deadline, told.target)]


def _breaks(goal: GoalView) -> list[pd.Period]:
    parse = goal.seen.group.calendar.parse
    return [parse(b.at) for b in goal.seen.breaks(goal.told.kpi)]
