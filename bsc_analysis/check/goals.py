"""Goals as they may be declared: a KPI of the card, an owner, an objective, a deadline ahead, the better way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from bsc_analysis.check.named import impossible, is_day, unchosen
from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.kpis import KPIS
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import CALENDAR_YEARS, GRAINS, Calendar, grain_in


def goal_faults(
    file: str,
    goals: Sequence[Goal],
    kpis: Iterable[str],
    *,
    objectives: Iterable[str] | None = None,
    practices: Iterable[str] | None = None,
    grain: str = "month",
    calendar: Calendar = CALENDAR_YEARS,
) -> Iterable[Fault]:
    """Every fault of the goals that `file` declares.

    `objectives`: those declared, None where the group declares none; `practices`: whom a goal may be of, None where a
    feed names them; `grain`: that of the group's readings.
    """
    known: dict[tuple[str, str | None, str], str] = {}
    for i, goal in enumerate(goals):
        place, same = f"goals[{i}]", (goal.kpi, goal.practice, goal.by)
        yield from unchosen(file, f"{place}.kpi", [goal.kpi], kpis)
        yield from _guardrails(file, f"{place}.guardrails", goal, kpis)
        if same in known:
            yield Fault(file, place, f"sets a goal for {goal.kpi} by {goal.by} again, after {known[same]}; keep one")
        known.setdefault(same, place)
        if not goal.owner:
            yield Fault(file, f"{place}.owner", "is missing; name who answers for the goal, by role")
        yield from _objective(file, f"{place}.objective", goal, objectives)
        if goal.practice and practices is not None and goal.practice not in practices:
            hint = did_you_mean(goal.practice, practices)
            yield Fault(file, f"{place}.practice", f"is {goal.practice!r}, which is not a practice here.{hint}")
        yield from _way(file, place, goal)
        yield from _times(file, place, goal, grain, calendar)
        yield from _edits(file, place, goal)


def _guardrails(file: str, place: str, goal: Goal, kpis: Iterable[str]) -> Iterable[Fault]:
    yield from unchosen(file, place, goal.guardrails, kpis)
    if goal.kpi in goal.guardrails:
        yield Fault(
            file, place, f"hold {goal.kpi}, the goal's own KPI; name what must not get worse while it gets better"
        )
    for kpi in sorted({each for each in goal.guardrails if goal.guardrails.count(each) > 1}):
        yield Fault(file, place, f"hold {kpi} twice; keep one of them")


def _objective(file: str, place: str, goal: Goal, objectives: Iterable[str] | None) -> Iterable[Fault]:
    if objectives is None:
        return
    if goal.objective is None:
        yield Fault(file, place, f"is missing; name the objective that the goal serves: {', '.join(objectives)}")
    elif goal.objective not in objectives:
        hint = did_you_mean(goal.objective, objectives)
        yield Fault(file, place, f"is {goal.objective!r}, which is not an objective of this group.{hint}")


def _way(file: str, place: str, goal: Goal) -> Iterable[Fault]:
    """A target that the KPI cannot have, and a change for the worse."""
    if goal.kpi not in KPIS:
        return
    kpi = KPIS[goal.kpi]
    if goal.target is not None:
        yield from impossible(file, f"{place}.target", kpi, goal.target)
    if goal.change is None or kpi.better == "neutral":
        return
    kind, by = (
        ("relative", goal.change.relative) if goal.change.relative is not None else ("points", goal.change.points)
    )
    if by is not None and (by > 0) != (kpi.better == "up"):
        better = "higher" if kpi.better == "up" else "lower"
        message = f"is {by:g}, for the worse: {kpi.in_sentence} is better when {better}; write {-by:g}"
        yield Fault(file, f"{place}.change.{kind}", message)


def _times(file: str, place: str, goal: Goal, grain: str, calendar: Calendar) -> Iterable[Fault]:
    for name, period in (("by", goal.by), ("baseline", goal.baseline)):
        if period and GRAINS.index(grain_in(period)) < GRAINS.index(grain):
            yield Fault(file, f"{place}.{name}", f"is {period}; readings come by the {grain}: write one such period")
    by, day = calendar.parse(goal.by), is_day(goal.declared)
    if not day:
        yield Fault(file, f"{place}.declared", f"is {goal.declared!r}, which no calendar has")
    if goal.baseline and calendar.parse(goal.baseline).end_time >= by.end_time:
        yield Fault(file, f"{place}.by", f"is {goal.by}, not after the baseline {goal.baseline}; set a later one")
    elif day and by.end_time < pd.Timestamp(goal.declared):
        message = f"is {goal.by}, over when the goal was declared ({goal.declared}); set a later one"
        yield Fault(file, f"{place}.by", message)


def _edits(file: str, place: str, goal: Goal) -> Iterable[Fault]:
    """Edits that tell of no change, of no day, or of one before the edit above them."""
    for i, (edit, after) in enumerate(zip(goal.edits, _said(goal)[1:], strict=True)):
        was, spot = edit.was.model_dump(), f"{place}.edits[{i}]"
        if not was:
            yield Fault(file, f"{spot}.was", "names nothing; write what the goal said before, as {target: 7}")
        for name, value in was.items():
            if value == after[name]:
                yield Fault(file, f"{spot}.was.{name}", f"is {value}, as it is after the edit; name what was other")
        before, told = (goal.edits[i - 1].at, "the edit above it") if i else (goal.declared, "the goal was declared")
        if not is_day(edit.at):
            yield Fault(file, f"{spot}.at", f"is {edit.at!r}, which no calendar has")
        elif edit.at < before:
            yield Fault(file, f"{spot}.at", f"is {edit.at}, before {told} ({before}); write the oldest edit first")


def _said(goal: Goal) -> list[dict[str, Any]]:
    """What the goal said before each of its edits, and last what it says now."""
    said = [goal.model_dump()]
    for edit in reversed(goal.edits):
        said.append(said[-1] | edit.was.model_dump())
    return said[::-1]
