"""Whether a goal is SMART, in words or as params declare it.

Specific: one KPI, one practice. Measurable: it has readings, the change has one meaning and can be told from noise.
Achievable: how likely and how rare it is in the KPI's own history. Relevant: tied to an objective. Time-bound: a
deadline. A goal that its history makes unlikely is told so and does not fail: goals are set to be acted for.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import pandas as pd

from bsc_analysis.analysis.goals.aim import Aim
from bsc_analysis.analysis.goals.findings import Finding, Smart, hangs
from bsc_analysis.analysis.goals.in_words import Understood, as_declared, told_amiss, understood
from bsc_analysis.analysis.goals.known import Known
from bsc_analysis.analysis.goals.standing import Standing, judge
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import GRAINS, grain_of

UNLIKELY = 0.2  # probability below which a goal is said to need more than its history
TOLD = 0.5  # power below which a change is said to be lost in noise


def smart(goal: str | Goal, known: Known, standing: Standing | None = None) -> Smart:
    """The findings on a goal, letter by letter; `standing`: where a declared one stands, if that is known already."""
    if isinstance(goal, str):
        told = understood(goal, known)
        declared = as_declared(told, known)
        if declared is None:
            return _in_words(told, known)
        return _declared(declared, known, told.practices, told.amount.start)
    return _declared(goal, known, [goal.practice] if goal.practice else (), standing=standing)


def _declared(
    goal: Goal, known: Known, practices: Sequence[str], start: float | None = None, standing: Standing | None = None
) -> Smart:
    """A goal whose one KPI, amount and deadline are plain; `start`: the level that its words set out from."""
    kpi, history = known.kpis.get(goal.kpi), known.history(goal.kpi)
    near = [known.kpis[id].title for id in get_close_matches(goal.kpi, known.kpis, 1)]
    specific = _specific([kpi] if kpi else [], practices, known, "".join(near))
    relevant = _relevant(goal.objective, kpi, known)
    by, as_of = known.calendar.parse(goal.by), known.as_of or known.last(goal.kpi)
    time = _time_bound(by, as_of, kpi, known)
    if kpi is None or history is None:
        missing = Finding("M", "fail", "no_readings", {"kpi": kpi.in_sentence}) if kpi else _no_kpi("M", "")
        return Smart((specific, missing, hangs("A", "M"), relevant, time), goal)
    if time.answer == "fail":
        return Smart((specific, Finding("M", "pass", "ok"), hangs("A", "T"), relevant, time), goal)
    standing = standing or judge(goal, kpi, history, calendar=known.calendar, through=as_of)
    base = known.calendar.parse(goal.baseline) if goal.baseline else None
    findings = (specific, _measurable(standing, base, start), _achievable(standing, kpi), relevant, time)
    return Smart(findings, goal, standing)


def _in_words(told: Understood, known: Known) -> Smart:
    """A goal in words that lacks a KPI, an amount or a deadline, or has too many of them."""
    kpi = told.kpis[0] if told.kpis else None
    specific = _specific(told.kpis, told.practices, known, told.near)
    measurable = Finding("M", "pass", "ok")
    if kpi is None:
        measurable = _no_kpi("M", told.near) if told.amount.kind else Finding("M", "fail", "no_amount")
    elif amiss := told_amiss(told.amount, kpi):
        measurable = amiss
    elif known.history(kpi.id) is None:
        measurable = Finding("M", "fail", "no_readings", {"kpi": kpi.in_sentence})
    time = _time_bound(told.due.by, told.as_of, kpi, known)
    if told.due.by is None and told.due.months:
        time = Finding("T", "pass", "ok", {"months": told.due.months})
    lacks = next((each.letter for each in (specific, measurable, time) if each.answer == "fail"), "M")
    relevant = _relevant(None, kpi if len(told.kpis) == 1 else None, known)
    return Smart((specific, measurable, hangs("A", lacks), relevant, time))


def _specific(kpis: Sequence[KPI], practices: Sequence[str], known: Known, near: str) -> Finding:
    if not kpis:
        return _no_kpi("S", near)
    if len(kpis) > 1:
        return Finding("S", "fail", "several_kpis", {"kpis": ", ".join(kpi.title for kpi in kpis)})
    meant = practices or ([known.practice] if known.practice else list(known.practices))
    if len(meant) > 1:
        code = "several_practices" if practices else "no_practice"
        return Finding("S", "fail", code, {"practices": ", ".join(known.practices.get(id, id) for id in meant)})
    return Finding("S", "pass", "ok", {"kpi": kpis[0].title})


def _measurable(standing: Standing, baseline: pd.Period | None, start: float | None) -> Finding:
    found = standing.detectable
    if start is not None and _elsewhere(start, standing.aim):
        facts = {"start": standing.aim.start, "told": start, "baseline": baseline}
        return Finding("M", "caution", "other_start", facts)
    if found.power is not None and found.power < TOLD:
        return Finding("M", "caution", "lost_in_noise", {"smallest": found.smallest})
    return Finding("M", "pass", "ok")


def _elsewhere(start: float, aim: Aim) -> bool:
    """Whether the baseline's reading lies further from `start` than half the way that was told."""
    return aim.start is not None and aim.target is not None and abs(start - aim.start) > abs(aim.target - start) / 2


def _achievable(standing: Standing, kpi: KPI) -> Finding:
    aim, rare = standing.aim, standing.rarity
    if standing.reason in ("target_on_wrong_side", "target_impossible"):
        return Finding("A", "fail", standing.reason, {"up": aim.up, "start": aim.start, "kpi": kpi.in_sentence})
    if standing.probability is None:
        return Finding("A", "open", standing.reason or standing.status)
    facts = {"probability": standing.probability, "share": rare.share, "windows": rare.windows}
    if standing.probability >= UNLIKELY or rare.share is None:
        return Finding("A", "pass", "ok", facts)
    return Finding("A", "caution", "unlikely" if rare.share else "unprecedented", facts)


def _relevant(objective: str | None, kpi: KPI | None, known: Known) -> Finding:
    if objective and known.objectives and objective not in known.objectives:
        return Finding("R", "fail", "objective_unknown", {"objectives": ", ".join(known.objectives)})
    if objective is None and kpi is None:
        return hangs("R", "S")
    tied = [objective] if objective else [o for o, kpis in known.objectives.items() if kpi and kpi.id in kpis]
    if tied:
        return Finding("R", "pass", "ok", {"objective": tied[0]})
    return Finding("R", "fail", "no_objective", {"kpi": kpi.in_sentence if kpi else ""})


def _time_bound(by: pd.Period | None, as_of: pd.Period | None, kpi: KPI | None, known: Known) -> Finding:
    if by is None:
        return Finding("T", "fail", "no_deadline")
    if as_of is not None and by.end_time <= as_of.end_time:
        return Finding("T", "fail", "deadline_passed", {"as_of": as_of})
    last = known.last(kpi.id) if kpi else None
    if kpi and last is not None and GRAINS.index(grain_of(by)) < GRAINS.index(grain_of(last)):
        return Finding("T", "fail", "finer_than_readings", {"grain": grain_of(last), "kpi": kpi.in_sentence})
    return Finding("T", "pass", "ok", {"by": str(by)})


def _no_kpi(letter: str, near: str) -> Finding:
    return Finding(letter, "fail", "no_kpi_near", {"near": near}) if near else Finding(letter, "fail", "no_kpi")
