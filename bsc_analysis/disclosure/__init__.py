"""Disclosure: what a named audience may see. Charts, words and report get results only through here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from bsc_analysis.analysis.adoption_steps import Evidence, Step
from bsc_analysis.analysis.attenuation import Attenuation
from bsc_analysis.analysis.audit import Audit
from bsc_analysis.analysis.benchmark import Compared
from bsc_analysis.analysis.chains import ChainEffect
from bsc_analysis.analysis.completion import Completion, complete
from bsc_analysis.analysis.departures import Departure
from bsc_analysis.analysis.evidence import evidence
from bsc_analysis.analysis.finding import Finding
from bsc_analysis.analysis.goals.findings import Finding as SmartFinding
from bsc_analysis.analysis.goals.record import Record
from bsc_analysis.analysis.goals.record import record_of as scored
from bsc_analysis.analysis.people_needs import Need
from bsc_analysis.analysis.shape import Moderated, Saturation
from bsc_analysis.analysis.strategy import Gap
from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.undertaken.effects import Alike
from bsc_analysis.analysis.undertaken.entry import Entry, Vacant
from bsc_analysis.analysis.undertaken.registered import Decision, Initiative
from bsc_analysis.analysis.undertaken.told import Told
from bsc_analysis.analysis.undertaken.whole import Tried
from bsc_analysis.analysis.variation import Variation, Varied
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.analysis.worth import Worth, worth
from bsc_analysis.disclosure.across import DisclosedGroup, Practices, of_group
from bsc_analysis.disclosure.arrived import arrived
from bsc_analysis.disclosure.cascade import Cascaded, cascade, still_cascaded
from bsc_analysis.disclosure.deeds import Deed
from bsc_analysis.disclosure.disclosed import Disclosed
from bsc_analysis.disclosure.goals import DisclosedGoal, goals_of, kept_goals, met
from bsc_analysis.disclosure.goals import read as read_goal
from bsc_analysis.disclosure.goals_across import goals_across, reconciled
from bsc_analysis.disclosure.led import Led
from bsc_analysis.disclosure.moved import Moved, moved, still_explained
from bsc_analysis.disclosure.needs import Needs
from bsc_analysis.disclosure.peers import LEAST_PEERS, Beside, PeerSet, beside, still_shown
from bsc_analysis.disclosure.people import People, people
from bsc_analysis.disclosure.undertaken import acts, still_told
from bsc_analysis.disclosure.voices import Answered, BuyIn, Confidence
from bsc_analysis.disclosure.withhold import GUARDED, withhold, withhold_differences
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis import kpi
from bsc_analysis.params import Group
from bsc_analysis.periods import PER_YEAR, grain_of
from bsc_analysis.readings import USABLE, newest_complete, readings
from bsc_analysis.readings.labels import NOT_SAID, OTHERS
from bsc_analysis.readings.runout import develops, runout
from bsc_analysis.store import Store, open_store


def disclose(group: Group, practice: str, period: str | None = None, store: Store | None = None) -> Disclosed:
    """What the group's audience may see of one practice and period (default: the newest complete one).

    Raises UsageError for an unknown practice or a period without data, FeedError where the store cannot be made.
    """
    store = store or open_store(group)
    parse = group.calendar.parse
    wanted = parse(newest_complete(group, store) if period is None else period)
    group = with_named_practices(group, store, wanted)
    if practice not in group.practices:
        hint = did_you_mean(practice, group.practices)
        raise UsageError(f"{practice!r} is not a practice of {group.id} in {wanted}.{hint}  (bsc list practices)")
    everything = readings(group, store)
    own = everything[everything["practice"] == practice]
    ends = own["period"].map({text: parse(text).end_time for text in own["period"].unique()})
    own = own[ends <= wanted.end_time]
    if not (own["period"] == str(wanted)).any():
        raise UsageError(f"{practice} has no readings for {wanted}: {_reach(everything, practice, grain_of(wanted))}")
    audience = group.shared.audience
    shown = withhold(own, audience, group.calendar).reset_index(drop=True)
    seen = Disclosed(
        group=group,
        practice=group.practices[practice],
        period=wanted,
        audience=audience,
        readings=shown,
        reconciliation=reconciled(group, group.practices[practice], shown, store),
        completion=_completions(group, practice, wanted, shown, store),
        links=evidence(group, practice, wanted, store),
        cascade=cascade(group, practice, wanted, shown, store),
        beside=beside(group, practice, wanted, shown, store),
        people=(people(group, practice, wanted, store),),
        **_taken_apart(group, practice, wanted, shown, store),
        **acts(group, practice, wanted, shown, store),
        **arrived(group, practice, wanted, shown, store),
    )
    return replace(seen, goals=kept_goals(seen, store))


def disclose_group(group: Group, period: str | None = None, store: Store | None = None) -> DisclosedGroup:
    """What the group's audience may see across its practices in one period (default: the newest complete one).

    Raises UsageError for a period without data, FeedError where the store cannot be made.
    """
    store = store or open_store(group)
    wanted = group.calendar.parse(newest_complete(group, store) if period is None else period)
    everything = readings(group, store)
    if not (everything["period"] == str(wanted)).any():
        told = everything.loc[everything["grain"] == grain_of(wanted), "period"]
        there = f"its data run from {told.min()} to {told.max()}" if len(told) else f"it reports no {grain_of(wanted)}"
        raise UsageError(f"{group.id} has no readings for {wanted}: {there}")
    found = of_group(with_named_practices(group, store, wanted), wanted, store)
    return replace(found, goals=goals_across(found, everything, store))


def _completions(
    group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store
) -> Mapping[str, Completion]:
    """KPI → completion, where its period runs out and may be seen; no guarded audience sees single earlier periods."""
    rows = shown[(shown["period"] == str(period)) & (shown["state"] == "immature")]
    open_ones = [kpi(id) for id in rows["kpi"] if id in group.practices[practice].kpis and develops(kpi(id))]
    if not open_ones:
        return {}
    increments = runout(group, store)
    own = increments[increments["practice"] == practice]
    months = pd.period_range(period.start_time, period.end_time, freq="M")
    found = {k.id: complete(own[own["kpi"] == k.id], months, scale=k.scale, possible=k.possible) for k in open_ones}
    if group.shared.audience in GUARDED:
        return {id: replace(c, backtests=c.backtests.iloc[:0]) for id, c in found.items()}
    return found


def _taken_apart(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> dict[str, tuple]:
    """Why the KPIs of the practice's card moved against the year before, and what a point of each is worth; of what is
    still running out, in its newest mature period."""
    at = {id: _newest_mature(group, id, period, shown) for id in group.practices[practice].kpis}
    found: list[Moved] = []
    for last in dict.fromkeys(at.values()):
        before = last - PER_YEAR[grain_of(last)]
        found += moved(group, practice, shown, store, str(before), str(last), [id for id in at if at[id] == last])
    worths = (worth(id, shown, str(last)) for id, last in at.items())
    return {
        "moved": tuple(each for each in found if not each.mix.reason or (each.amount and not each.amount.reason)),
        "worth": tuple(each for each in worths if not each.reason),
    }


def _newest_mature(group: Group, id: str, period: pd.Period, shown: pd.DataFrame) -> pd.Period:
    """The period of the value that a report shows: its own, or the newest usable one of its length while that is still
    running out."""
    rows = shown[(shown["kpi"] == id) & (shown["grain"] == grain_of(period))]
    usable = rows.loc[rows["state"].isin(USABLE), "period"]
    runs_out = (rows.loc[rows["period"] == str(period), "state"] == "immature").any()
    return group.calendar.parse(usable.max()) if kpi(id).matures_days and runs_out and len(usable) else period


def _reach(everything: pd.DataFrame, practice: str, grain: str) -> str:
    """From when to when a practice has readings, for a message."""
    periods = everything.loc[(everything["practice"] == practice) & (everything["grain"] == grain), "period"]
    if periods.empty:
        return f"the group has no periods of grain {grain}"
    return f"its data run from {periods.min()} to {periods.max()}"


def with_named_practices(group: Group, store: Store, period: pd.Period) -> Group:
    """The group with the practices that its feed names in `period`, under their names of that period."""
    if group.shared.practices is None:
        return group
    titles = store.titles
    at = pd.to_datetime(titles["at"]).dt.to_period(group.calendar.freq(grain_of(period)))
    named = titles[at == period]
    return group.with_practices(dict(zip(named["practice"], named["title"], strict=True)))


__all__ = [
    "LEAST_PEERS",
    "NOT_SAID",
    "OTHERS",
    "Alike",
    "Answered",
    "Attenuation",
    "Audit",
    "Beside",
    "BuyIn",
    "Cascaded",
    "ChainEffect",
    "Compared",
    "Completion",
    "Confidence",
    "Decision",
    "Deed",
    "Departure",
    "Disclosed",
    "DisclosedGoal",
    "DisclosedGroup",
    "Entry",
    "Evidence",
    "Finding",
    "Gap",
    "Initiative",
    "Led",
    "Moderated",
    "Moved",
    "Need",
    "Needs",
    "PeerSet",
    "People",
    "Practices",
    "Record",
    "Saturation",
    "SmartFinding",
    "Step",
    "Tested",
    "Told",
    "Tried",
    "Vacant",
    "Variation",
    "Varied",
    "Verdict",
    "Worth",
    "disclose",
    "disclose_group",
    "goals_of",
    "met",
    "read_goal",
    "scored",
    "still_cascaded",
    "still_explained",
    "still_shown",
    "still_told",
    "with_named_practices",
    "withhold",
    "withhold_differences",
]
