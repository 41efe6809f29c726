"""What was undertaken and what came of it, as far as a named audience may see it.

Titles, owners and what was learnt are typed by people, and money is the practice's own: a guarded audience sees of an
action its KPI, how it stands, and the effect; and of none an effect into which a reading went that it may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.audit import Audit, audits
from bsc_analysis.analysis.undertaken.effects import Alike
from bsc_analysis.analysis.undertaken.entry import vacant_in
from bsc_analysis.analysis.undertaken.registered import Decision, Initiative, decisions_of, initiatives_of
from bsc_analysis.analysis.undertaken.told import Told
from bsc_analysis.analysis.undertaken.whole import Tried, undertaken
from bsc_analysis.disclosure.disclosed import Disclosed
from bsc_analysis.disclosure.withhold import FEWEST, FEWEST_ANSWERS, GUARDED, UNANIMOUS_BELOW
from bsc_analysis.kpis import KPIS
from bsc_analysis.params import Group
from bsc_analysis.periods import PER_YEAR, grain_of
from bsc_analysis.readings.register_rows import register_rows
from bsc_analysis.readings.volumes import ASKED
from bsc_analysis.store import Store
from bsc_analysis.tables import TABLES
from bsc_analysis.tables.registers import DECISIONS, INITIATIVES


def acts(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> dict[str, tuple]:
    """Disclosed's actions, alike, initiatives, decided, audits and vacant; `shown`: its readings after withholding."""
    guarded, through = group.shared.audience in GUARDED, period.end_time
    found = undertaken(group, period, store)
    own = [_seen(each, shown, group.shared.grain, guarded) for each in found.tried if each.entry.practice == practice]
    shares = [each for each in found.alike if practice in each.practices]
    initiatives = initiatives_of(register_rows(store, INITIATIVES, practice, through), through)
    decided = decisions_of(register_rows(store, DECISIONS, practice, through), through)
    year = (period - PER_YEAR[grain_of(period)]).end_time
    return {
        "actions": tuple(own),
        "alike": tuple(replace(each, title="", practices=()) if guarded else each for each in shares),
        "initiatives": tuple(_unnamed(each) if guarded else each for each in initiatives if _recent(each, year)),
        "decided": tuple(_untold(each) if guarded else each for each in decided if _of_last_year(each, year)),
        "audits": _audits(group, practice, period, shown, store),
        "vacant": () if guarded else vacant_in(practice, register_rows(store, TABLES["staff"], None, through), through),
    }


def still_told(seen: Disclosed, store: Store) -> Disclosed:
    """What is left of actions and audits beside the readings that `seen` still shows."""
    group = seen.group
    actions = tuple(_seen(each, seen.readings, group.shared.grain, seen.guarded) for each in seen.actions)
    return replace(seen, actions=actions, audits=_audits(group, seen.practice.id, seen.period, seen.readings, store))


def alike_of_group(group: Group, period: pd.Period, store: Store) -> tuple[tuple[Alike, ...], tuple[Tried, ...]]:
    """What several practices did alike, and each one's own part of it; a guarded audience sees no title, and of no
    single practice."""
    found = undertaken(group, period, store)
    if group.shared.audience in GUARDED:
        return tuple(replace(each, title="", practices=()) for each in found.alike), ()
    titles = {(" ".join(each.title.lower().split()), each.kpi): each.title for each in found.alike}
    known = [(each, titles.get((each.entry.called, each.entry.kpi))) for each in found.tried]
    return found.alike, tuple(replace(e, entry=replace(e.entry, title=title)) for e, title in known if title)


def _seen(tried: Tried, shown: pd.DataFrame, grain: str, guarded: bool) -> Tried:
    told, entry = tried.told, tried.entry
    rows = shown[(shown["kpi"] == entry.kpi) & (shown["grain"] == grain) & (shown["state"] == "withheld")]
    told_of = told.periods.loc[told.periods["observed"].notna(), "period"]
    if told_of.isin(rows["period"]).any():
        told = Told(reason="withheld", together=told.together, start=told.start)
    if guarded:
        blank: dict[str, Any] = dict.fromkeys(("title", "owner", "trigger", "learnt"), "")
        entry = replace(entry, **blank, owner_left=False, planned=np.nan, spent=np.nan)
        if entry.kpi not in KPIS:  # then it is text that somebody typed
            entry, told = replace(entry, kpi=""), replace(told, reason="no_such_kpi")
    return Tried(entry, told)


def _unnamed(each: Initiative) -> Initiative:
    money: dict[str, Any] = dict.fromkeys(("planned", "spent", "hours_planned", "hours_spent"), np.nan)
    return replace(each, objective="", owner="", **money)


def _untold(each: Decision) -> Decision:
    return replace(each, text="", owner="", dollars=np.nan)


def _recent(each: Initiative, since: pd.Timestamp) -> bool:
    return each.status in ("planned", "running") or each.ends is None or each.ends > since


def _of_last_year(each: Decision, since: pd.Timestamp) -> bool:
    return each.done is None or each.done > since


def _audits(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> tuple[Audit, ...]:
    """The claims that are of this practice; a group's that nothing of it bears upon are not."""
    one = group.practices[practice]
    shared = len(group.shared.claims)
    found = audits(one, shared, shown, store, period, group.calendar, group.shared.grain)
    told: list[Audit] = []
    for each in found:
        if not (each.shared and each.reason in ("no_cases", "no_counts")):
            told.append(_discreet(each, group.shared.audience, told))
    return tuple(told)


def _discreet(audit: Audit, audience: str, beside: Sequence[Audit]) -> Audit:
    """The audit without a share of so few rows or persons, or of all but so few, that it could tell of single ones; for
    a guarded audience also without what differs by so few from another of the same rows, one of those `beside`."""
    audit, fewest = replace(audit, fewest=np.nan), audit.fewest
    few = FEWEST if audience in GUARDED else FEWEST_ANSWERS if audit.of in ASKED else 0
    if not (counts := _counts(audit)):
        return audit
    whom = TABLES[audit.of].person
    alike = audience in GUARDED and whom in ("staff_id", "respondent_id") and 0 in counts
    hidden = any(0 < each < (UNANIMOUS_BELOW if alike else few) for each in (*counts, fewest))
    if audience in GUARDED:
        others = {each for one in beside if one.of == audit.of for each in _counts(one)}
        hidden |= any(0 < abs(each - other) < few for each in counts for other in others)
    if not hidden:
        return audit
    blank: dict[str, Any] = dict.fromkeys(("value", "lower", "upper", "dispersion"), np.nan)
    return replace(audit, **blank, n=0, answer="cannot_tell", reason="withheld")


def _counts(audit: Audit) -> tuple[float, ...]:
    """The rows that a share counts, the rest and all; none of what is no share, or not told."""
    if audit.kind != "share" or not np.isfinite(audit.value):
        return ()
    counted = round(audit.value * audit.n)
    return counted, audit.n - counted, audit.n
