"""From where to where a goal goes, in the KPI's unit, and which way."""

from __future__ import annotations

from dataclasses import dataclass

from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.goal_models import Goal

ROUNDING = 1e-9  # of the target: what arithmetic may miss it by


@dataclass(frozen=True)
class Aim:
    """`start`: the baseline's value, None where there is none; `up`: whether the target is reached from below.

    `reason`: why it is no aim: 'no_baseline_reading', 'baseline_zero' (of which no share can be taken),
    'target_impossible' (the KPI cannot have that value), 'no_direction' (neither way is better and there is no
    baseline), 'target_on_wrong_side' (of the baseline, which has reached it or lies beyond).
    """

    start: float | None = None
    target: float | None = None
    up: bool = True
    reason: str = ""

    def reached(self, value: float) -> bool:
        """Whether the value is as good as the target, or better."""
        assert self.target is not None
        give = ROUNDING * max(1.0, abs(self.target))
        return value >= self.target - give if self.up else value <= self.target + give


def aim_of(goal: Goal, kpi: KPI, start: float | None) -> Aim:
    """The goal's aim, from the baseline's value `start`. A relative change is one of the baseline's size."""
    target = goal.target
    if goal.change is not None:
        if start is None:
            return Aim(reason="no_baseline_reading")
        if goal.change.relative is not None and start == 0:
            return Aim(start, reason="baseline_zero")
        by = goal.change.points if goal.change.points is not None else abs(start) * (goal.change.relative or 0) / 100
        target = start + by
    assert target is not None  # a goal has a target or a change
    if kpi.better == "neutral" and start is None:
        return Aim(start, target, reason="no_direction")
    up = kpi.better == "up" if kpi.better != "neutral" or start is None else target > start
    least, greatest = kpi.possible
    if not least <= target <= greatest:
        return Aim(start, target, up, "target_impossible")
    if start is not None and Aim(start, target, up).reached(start):
        return Aim(start, target, up, "target_on_wrong_side")
    return Aim(start, target, up)
