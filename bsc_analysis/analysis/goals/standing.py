"""Where a goal stands: reached or not, or how likely from the KPI's own history, and what must not get worse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.goals.aim import Aim, aim_of
from bsc_analysis.analysis.goals.detectable import Detectable, Side, detectable
from bsc_analysis.analysis.goals.fan import DRAWS, Fan, fan
from bsc_analysis.analysis.goals.history import History, Pooled, checked, expected, parts_of, pool, pooled_of, value_in
from bsc_analysis.analysis.goals.rarity import Rarity, rarity
from bsc_analysis.analysis.variation import Variation
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import CALENDAR_YEARS, Calendar

LIKELY = 0.5  # a goal is on track from this probability on
GUARDED = {"improvement": "better", "concern": "worse", "none": "no_real_change", "high": "no_real_change",
           "low": "no_real_change"}  # fmt: skip


@dataclass(frozen=True)
class Guardrail:
    """A KPI that must not get worse: 'better', 'worse', 'no_real_change', or 'cannot_tell' with its reason
    ('too_few', 'flat', or 'no_readings')."""

    kpi: str
    answer: str
    as_of: pd.Period | None = None
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """Facts on one goal.

    `status`: 'met' or 'missed' (the deadline's reading is there), 'on_track' or 'at_risk' (by `probability`, from
    LIKELY on), 'too_early' (no reading since the goal was declared; the probability is that of the history before it),
    or 'cannot_tell' with its `reason`: those of Aim, of Fan, and 'deadline_before_baseline',
    'deadline_before_declaration', 'finer_than_readings', 'other_grains' (a sum over another length than the
    baseline's), 'cannot_be_pooled', 'no_reading_at_deadline' (it has passed; the reading is missing).
    `now`: the latest reading, of the period `as_of`; `line`: period → value of the straight way from baseline to
    target; `due`: where the line is at `as_of`, None before the baseline or without one.
    `probability`: to be at the target or better in the period `by`; `ends`: the value expected there, with its interval
    of 80 %: lower, middle, upper.
    """

    status: str
    aim: Aim
    by: pd.Period
    reason: str = ""
    now: float | None = None
    as_of: pd.Period | None = None
    reached: float | None = None  # the value in the deadline's period
    probability: float | None = None
    ends: tuple[float, float, float] | None = None
    fan: Fan = field(default_factory=Fan)
    rarity: Rarity = field(default_factory=Rarity)
    detectable: Detectable = field(default_factory=Detectable)
    line: pd.Series = field(default_factory=lambda: pd.Series(dtype=float), repr=False, compare=False)
    due: float | None = None
    guardrails: tuple[Guardrail, ...] = ()


def judge(
    goal: Goal,
    kpi: KPI,
    history: History,
    *,
    guardrails: Mapping[str, Variation] | None = None,
    calendar: Calendar = CALENDAR_YEARS,
    through: pd.Period | None = None,
    seed: int = 0,
) -> Standing:
    """Where the goal stands, by the KPI's own `history`, at the goal's grain or a finer one.

    `guardrails`: KPI → its variation; `through`: the last period that the data reach, if later than the last reading.
    """
    by = calendar.parse(goal.by)
    guarded = tuple(_guardrail(each, (guardrails or {}).get(each)) for each in goal.guardrails)
    history, reason = checked(history)
    if reason:
        return Standing("cannot_tell", Aim(target=goal.target), by, reason, guardrails=guarded)
    how, index = pooled_of(kpi), history.values.index
    base = calendar.parse(goal.baseline) if goal.baseline else None
    aim = aim_of(goal, kpi, value_in(history, base, how) if base is not None else None)
    told = Standing("cannot_tell", aim, by, now=float(history.values.iloc[-1]), as_of=index[-1], guardrails=guarded)
    reason = aim.reason or _dates(goal, by, base) or _grains(how, by, base, index)
    if reason:
        return replace(told, reason=reason)
    told = replace(told, **_line(aim, base, by, how, index), **_measured(kpi, history, aim, base, by, how))
    value = value_in(history, by, how)
    if value is not None:
        return replace(told, status="met" if aim.reached(value) else "missed", reached=value)
    return _ahead(told, goal, kpi, history, how, seed, through or index[-1])


def _ahead(
    told: Standing, goal: Goal, kpi: KPI, history: History, how: Pooled, seed: int, through: pd.Period
) -> Standing:
    """The standing of a goal whose deadline's reading is not there yet."""
    aim, index = told.aim, history.values.index
    parts = parts_of(told.by, index)
    found = fan(
        history.values, max(parts[-1].ordinal - index[-1].ordinal, 0), possible=kpi.possible, breaks=history.breaks,
        draws=DRAWS, seed=seed,
    )  # fmt: skip
    told = replace(told, fan=found)
    passed = told.by.end_time <= through.end_time
    if found.reason or passed:
        return replace(told, reason="no_reading_at_deadline" if passed else found.reason)
    ends = _ends(found, history, parts, how)
    if ends is None or np.isnan(ends).any():
        return replace(told, reason="cannot_be_pooled" if ends is None else "no_reading_at_deadline")
    hits = int(np.count_nonzero([aim.reached(end) for end in ends]))
    probability = (hits + 1) / (len(ends) + 2)  # draws are never all of what may come
    lower, middle, upper = (float(v) for v in np.percentile(ends, (10, 50, 90)))
    early = index[-1].end_time < pd.Timestamp(goal.declared)
    status = "too_early" if early else "on_track" if probability >= LIKELY else "at_risk"
    return replace(told, status=status, probability=probability, ends=(lower, middle, upper))


def _ends(found: Fan, history: History, parts: pd.PeriodIndex, how: Pooled) -> np.ndarray | None:
    """The value in the deadline's period by each path; parts with a reading are that reading on every path."""
    ahead = pd.DataFrame(found.paths, columns=found.points.index).reindex(columns=parts)
    whole = ahead.fillna(history.values.reindex(parts))
    return pool(whole.to_numpy(), expected(history.denominators, parts), how)


def _dates(goal: Goal, by: pd.Period, base: pd.Period | None) -> str:
    if base is not None and by.end_time <= base.end_time:
        return "deadline_before_baseline"
    return "deadline_before_declaration" if by.end_time < pd.Timestamp(goal.declared) else ""


def _grains(how: Pooled, by: pd.Period, base: pd.Period | None, index: pd.PeriodIndex) -> str:
    parts = parts_of(by, index)
    if not len(parts):
        return "finer_than_readings"
    if how == "total" and base is not None and base.freqstr != by.freqstr:
        return "other_grains"
    return "cannot_be_pooled" if how == "none" and len(parts) > 1 else ""


def _line(aim: Aim, base: pd.Period | None, by: pd.Period, how: Pooled, index: pd.PeriodIndex) -> dict:
    """The straight way from the end of the baseline to the end of the deadline; sums go by whole periods."""
    if base is None or aim.start is None or aim.target is None:
        return {}
    freq = by.freq if how == "total" else index.freq
    way = pd.period_range(base.end_time, by.end_time, freq=freq)
    line = pd.Series(np.linspace(aim.start, aim.target, len(way)), way)
    at = index[-1] if freq == index.freq else (index[-1] + 1).start_time.to_period(freq) - 1
    return {"line": line, "due": float(line[at]) if at in line.index else None}


def _measured(kpi: KPI, history: History, aim: Aim, base: pd.Period | None, by: pd.Period, how: Pooled) -> dict:
    """Rarity and detectability of the way from the baseline, or from the latest reading of the deadline's length."""
    index, parts = history.values.index, parts_of(by, history.values.index)
    before = parts_of(base, index) if base is not None and aim.start is not None else index[-len(parts) :]
    start = aim.start
    if start is None and how == "total" and len(before) < len(parts):
        return {}  # a sum of fewer parts is nowhere to set out from
    if start is None:
        over = None if history.denominators is None else history.denominators.reindex(before).to_numpy()
        latest = pool(history.values.reindex(before).to_numpy(), over, how)
        start = None if latest is None or np.isnan(latest) else float(latest)
    span = parts[-1].ordinal - before[-1].ordinal
    if start is None or aim.target is None or span < 1:
        return {}
    sides = _side(start, before, history), _side(aim.target, parts, history)
    return {
        "rarity": rarity(history, aim.target - start, span, len(parts), how),
        "detectable": detectable(kpi, history, *sides, how),
    }


def _side(level: float, parts: pd.PeriodIndex, history: History) -> Side:
    over = expected(history.denominators, parts)
    return Side(level, None if over is None else float(over.sum()), len(parts))


def _guardrail(kpi: str, variation: Variation | None) -> Guardrail:
    if variation is None or variation.as_of is None:
        return Guardrail(kpi, "cannot_tell", reason="no_readings")
    answer = GUARDED.get(variation.latest, "cannot_tell")
    return Guardrail(kpi, answer, variation.as_of, variation.latest if answer == "cannot_tell" else "")
