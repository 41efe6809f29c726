"""The effect of each action of the register on its KPI, and of what several practices did alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.impact.effect import Effect
from bsc_analysis.analysis.impact.interrupted import interrupted
from bsc_analysis.analysis.impact.of_group import group_effect
from bsc_analysis.analysis.impact.windows import LEAST_AFTER, LEAST_BEFORE, Action
from bsc_analysis.analysis.undertaken.entry import GIVEN_UP_AS, Entry
from bsc_analysis.analysis.undertaken.rule import trigger_of
from bsc_analysis.analysis.undertaken.told import DRAWN, Told, answer_of, promised_of
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, Ratio
from bsc_analysis.readings.board import Board

WHOLE = 0.25  # of a period may be over when an action begins, and the period still counts as one with it
CHANGE = "change of the series"  # among what is one estimate with an action
OF_PERIODS = ("before_data", "after_data", "too_few_before", "too_few_after")  # reasons
LEAST_ALIKE = 2  # practices that did the same


@dataclass(frozen=True)
class Alike:
    """What several practices did under one title to move one KPI: `practices` (ids) and what is told of all of them."""

    title: str
    kpi: str
    practices: tuple[str, ...]
    told: Told


def effect_of(board: Board, entry: Entry, on: Mapping[str, Sequence[Action]]) -> Told:
    """What the practice's own series says of one action; `on`: by practice, what moved its KPI (actions_on)."""
    if entry.kpi not in KPIS:
        return Told(reason="unknown_kpi")
    if entry.live is None or entry.live > board.period.end_time:
        return Told(reason="never_live" if entry.standing == GIVEN_UP_AS else "not_live")
    kpi, frame = kpi_named(entry.kpi), board.frame(entry.kpi)
    if entry.practice not in frame or frame[entry.practice].notna().sum() == 0:
        return Told(reason="no_readings")
    actions = on[entry.practice]
    action = next(each for each in actions if each.name == _name(entry))
    others = [each for each in actions if each is not action]
    series, counted = frame[entry.practice], isinstance(kpi, Ratio) and kpi.interval == "count"
    if counted:
        exposure = board.frame(entry.kpi, "denominator")[entry.practice] / kpi.scale
        counts = board.frame(entry.kpi, "numerator")[entry.practice]
        found = interrupted(counts, action, others, counts=True, exposure=exposure)
        return _told(found, entry, action, kpi, series, exposure)
    return _told(interrupted(series, action, others), entry, action, kpi, series)


def alike_of(board: Board, all_entries: Sequence[Entry], on: Mapping[str, Mapping]) -> list[Alike]:
    """What more than one practice did under one title for one KPI, with the effect over all of them; `on`: by KPI and
    practice, what moved it."""
    same: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in all_entries:
        if entry.kpi in KPIS and entry.live is not None and entry.live <= board.period.end_time:
            same[entry.called, entry.kpi].append(entry)
    told = []
    for (_, kpi), group in same.items():
        firsts: dict[str, Entry] = {}
        for entry in sorted(group, key=lambda e: pd.Timestamp(e.live)):
            firsts.setdefault(entry.practice, entry)
        if len(firsts) >= LEAST_ALIKE:
            practices = tuple(sorted(firsts))
            told.append(Alike(group[0].title, kpi, practices, _over_all(board, kpi, firsts, on[kpi])))
    return told


def actions_on(board: Board, kpi: str, all_entries: Sequence[Entry]) -> dict[str, list[Action]]:
    """By practice: what was live by the end of the board's period on one KPI, and its series' documented changes."""
    found: dict[str, list[Action]] = defaultdict(list)
    frame = board.frame(kpi)
    for entry in all_entries:
        if entry.kpi == kpi and entry.live is not None and entry.live <= board.period.end_time:
            found[entry.practice].append(_action(entry, frame, kpi_named(kpi)))
    for practice in frame:
        changes = (at.start_time.to_period(frame.index.freq) for at in board.breaks_of(practice, kpi))
        inside = [at for at in changes if frame.index[0] < at <= frame.index[-1]]
        found[practice] += [Action(f"{practice}/{CHANGE} {at}", at) for at in inside]
    return found


def _action(entry: Entry, frame: pd.DataFrame, kpi: KPI) -> Action:
    """From its first period that is mostly with it; those between the decision and that one say nothing."""
    freq = frame.index.freq
    first = pd.Timestamp(entry.live).to_period(freq)
    over = (pd.Timestamp(entry.live) - first.start_time) / (first.end_time - first.start_time)
    start = first if over < WHOLE else first + 1
    decided = min(pd.Timestamp(entry.decided or entry.live).to_period(freq), first)
    trigger = None
    if entry.trigger and entry.practice in frame:
        trigger = trigger_of(entry.trigger, kpi.better, frame[entry.practice], decided)
    return Action(_name(entry), start, decided, trigger)


def _name(entry: Entry) -> str:
    return f"{entry.practice}/{entry.id}"


def _told(
    found: Effect, entry: Entry, action: Action, kpi: KPI, series: pd.Series, exposure: pd.Series | None = None
) -> Told:
    periods = found.periods
    used = periods.index[periods["used"].astype(bool)] if len(periods) else series.index[:0]
    usual = float(series.reindex(used[used < action.start]).mean())
    promised = promised_of(entry.expected, entry.percent, usual, found.scale)
    return Told(
        answer=answer_of(found, promised, kpi.better),
        **_facts(found) | {"reason": _reason(found, action, series)},
        promised=promised,
        trigger=_trigger(entry, action),
        together=_others(found.names, action.name),
        start=str(action.start),
        usual=usual,
        periods=_drawn(periods, exposure),
    )


def _reason(found: Effect, action: Action, series: pd.Series) -> str:
    """Why there is no effect: where others are part of the estimate, the reason may be theirs and not the action's."""
    if len(found.names) < 2 or found.reason not in OF_PERIODS:
        return found.reason
    index, there = series.index, series.notna()
    if not index[0] < action.start <= index[-1]:
        return "before_data" if action.start <= index[0] else "after_data"
    if there[index < action.start].sum() < LEAST_BEFORE:
        return "too_few_before"
    return "too_few_after" if there[index >= action.start].sum() < LEAST_AFTER else "overlapping"


def _drawn(periods: pd.DataFrame, exposure: pd.Series | None) -> pd.DataFrame:
    """DRAWN, counts as what they are out of their exposure."""
    values = periods.drop(columns="used")
    if exposure is not None:
        values = values.div(exposure.reindex(periods.index).where(lambda e: e > 0), axis=0)
    told = values.assign(used=periods["used"].astype(bool), period=periods.index.astype(str))
    return told[DRAWN].reset_index(drop=True)


def _trigger(entry: Entry, action: Action) -> str:
    return "" if not entry.trigger else "read" if action.trigger is not None else "unread"


def _over_all(board: Board, kpi: str, firsts: Mapping[str, Entry], actions: Mapping[str, Sequence[Action]]) -> Told:
    frame = board.frame(kpi)
    acts = {p: next(a for a in actions[p] if a.name == _name(e)) for p, e in firsts.items() if p in frame}
    if not acts:
        return Told(reason="no_readings")
    others = {p: [a for a in each if a is not acts.get(p)] for p, each in actions.items() if p in frame}
    found = group_effect(frame, acts, {p: each for p, each in others.items() if each})
    before = [frame[p][frame.index < a.start].mean() for p, a in acts.items()]
    each = [
        promised_of(firsts[p].expected, firsts[p].percent, b, found.scale) for p, b in zip(acts, before, strict=True)
    ]
    promised = float(np.mean(each)) if np.isfinite(each).all() else np.nan
    told = {firsts[p].trigger and (a.trigger is not None) for p, a in acts.items()} - {""}
    return Told(
        answer=answer_of(found, promised, kpi_named(kpi).better),
        **_facts(found),
        promised=promised,
        trigger="" if not told else "unread" if False in told else "read",
        together=_others(found.names, *(a.name for a in acts.values())),
        treated=found.treated or len(acts),
        controls=found.controls,
        least_p=found.least_p,
        p_before=found.p_before,
    )


def _facts(found: Effect) -> dict:
    names = ("effect", "lower", "upper", "p", "scale", "reason", "note", "drift", "before", "after")
    return {name: getattr(found, name) for name in names}


def _others(names: Sequence[str], *own: str) -> tuple[str, ...]:
    """What is one estimate with `own`: the ids of actions, and CHANGE."""
    told = (name.partition("/")[2] for name in names if name not in own)
    return tuple(dict.fromkeys(CHANGE if name.startswith(CHANGE) else name for name in told))
