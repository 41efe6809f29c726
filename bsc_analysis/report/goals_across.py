"""The goals of a group's practices: how many stand where, and which are at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bsc_analysis.disclosure import DisclosedGoal, DisclosedGroup
from bsc_analysis.kpis import kpi
from bsc_analysis.report.goal import ORDER
from bsc_analysis.report.goals import ON_PAGE_ONE, counted
from bsc_analysis.report.parts import Part, part
from bsc_analysis.report.smart import declared_change, level
from bsc_analysis.words import listed, of, period, say

MOST_NAMED = 12  # practices of one status; more are counted


@dataclass(frozen=True)
class GoalAcross:
    """What several practices promise alike: (title, goal) of each."""

    told: tuple[tuple[str, DisclosedGoal], ...]

    @property
    def promise(self) -> str:
        """'No-show rate 15 % less (relative) by 2027 Q2'."""
        goal, by = self.told[0][1].goal, period(self.told[0][1].by)
        one = kpi(goal.kpi)
        if goal.change is not None:
            return say("goals.promise_open", kpi=of(one), change=declared_change(one, goal.change), by=by)
        return say("goals.promise_level", kpi=of(one), target=level(one, goal.target), by=by)

    @property
    def statuses(self) -> list[str]:
        return [goal.status for _, goal in self.told]

    @property
    def so_many(self) -> str:
        """'Of 12 goals, 3 are at risk and 9 on track.'"""
        return counted(self.statuses)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Status in words and who is there, exceptions first; nobody where practices go without their names."""
        found = []
        for status in ORDER:
            names = sorted(title for title, goal in self.told if goal.status == status and title)
            if names:
                who = listed(names) if len(names) <= MOST_NAMED else say("goals.across_many", n=len(names))
                found.append((say(f"goals.status.{status}"), who))
        return found

    @property
    def rank(self) -> float:
        """The share of practices for which it is missed or at risk, the largest first."""
        return -sum(status in ON_PAGE_ONE for status in self.statuses) / len(self.told)


def goals(seen: DisclosedGroup) -> Part:
    """What practices promise alike, the one at risk for most of them first."""
    rows = rows_of(seen.goals)
    return part("portfolio_goals", text="\n".join(f"{row.promise}: {row.so_many}" for row in rows), rows=rows)


def rows_of(told: Sequence[tuple[str, DisclosedGoal]]) -> list[GoalAcross]:
    """The goals, those of one KPI, deadline and amount together."""
    found: dict[tuple, list[tuple[str, DisclosedGoal]]] = {}
    for title, goal in told:
        asked = goal.goal
        found.setdefault((asked.kpi, asked.by, asked.target, asked.change), []).append((title, goal))
    return sorted((GoalAcross(tuple(alike)) for alike in found.values()), key=lambda row: row.rank)
