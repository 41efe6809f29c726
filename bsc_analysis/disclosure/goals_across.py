"""Where the goals of all practices stand, as far as a named audience may see it."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.disclosure.across import DisclosedGroup
from bsc_analysis.disclosure.disclosed import Disclosed
from bsc_analysis.disclosure.goals import DisclosedGoal, kept_goals
from bsc_analysis.disclosure.withhold import GUARDED, PERSONS, withhold
from bsc_analysis.kpis import KPIS
from bsc_analysis.params import Group, Practice
from bsc_analysis.readings.reconcile import reconciliation
from bsc_analysis.store import Store


def goals_across(seen: DisclosedGroup, everything: pd.DataFrame, store: Store) -> tuple[tuple[str, DisclosedGoal], ...]:
    """(title, goal) of every practice that has a reading of the period; `everything`: all readings of the group.

    Where practices go without their names, only goals that all of them share are told, and no more than their status.
    """
    found = []
    for practice in seen.group.practices.values():
        own = everything[everything["practice"] == practice.id]
        if practice.goals and (own["period"] == str(seen.period)).any():
            goals = kept_goals(_readings_of(seen.group, practice, seen.period, own, store), store)
            found += [(practice.title, goal) for goal in goals] if not seen.guarded else _unnamed(seen.group, goals)
    return tuple(found)


def reconciled(group: Group, practice: Practice, shown: pd.DataFrame, store: Store) -> pd.DataFrame:
    """The practice's rows for its KPIs; no difference where it could give a withheld number or persons back."""
    frame, audience = reconciliation(group, store), group.shared.audience
    own = frame[(frame["practice"] == practice.id) & frame["kpi"].isin(list(practice.kpis))].reset_index(drop=True)
    hidden = own["kpi"].isin(shown.loc[shown["state"] == "withheld", "kpi"])
    if audience in GUARDED:
        hidden |= own["kpi"].map({id: k.counts for id, k in KPIS.items()}).isin(PERSONS)
    return own.assign(largest=own["largest"].mask(hidden))


def _readings_of(group: Group, practice: Practice, period: pd.Period, own: pd.DataFrame, store: Store) -> Disclosed:
    """One practice's readings up to the period as the group's audience may see them, and nothing else of it."""
    ends = own["period"].map({text: group.calendar.parse(text).end_time for text in own["period"].unique()})
    shown = withhold(own[ends <= period.end_time], group.shared.audience, group.calendar).reset_index(drop=True)
    told, none = reconciled(group, practice, shown, store), pd.DataFrame()
    return Disclosed(group, practice, period, group.shared.audience, shown, none, none, none, none, told)


def _unnamed(group: Group, goals: tuple[DisclosedGoal, ...]) -> list[tuple[str, DisclosedGoal]]:
    shared = [each for each in goals if each.goal.practice is None and each.goal in group.shared.goals]
    return [("", DisclosedGoal(each.goal, each.by, each.status)) for each in shared]
