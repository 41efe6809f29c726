"""A goal in words, as far as it can be understood: its KPI, its practice, how far, by when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bsc_analysis.analysis.goals.amount import Amount, amount_in, in_unit
from bsc_analysis.analysis.goals.deadline import Deadline, deadline_in
from bsc_analysis.analysis.goals.findings import Finding
from bsc_analysis.analysis.goals.history import pooled_of, value_in
from bsc_analysis.analysis.goals.known import Known
from bsc_analysis.analysis.goals.naming import named_in, nearest
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.goal_models import Goal

POINTS = ("%", "score", "SD", "points", "pts")  # units of which a change can be told in points


@dataclass(frozen=True)
class Understood:
    """`kpis`: those named, of which one alone makes a goal; `near`: the title nearly named, where none is."""

    kpis: tuple[KPI, ...]
    practices: tuple[str, ...]
    amount: Amount
    due: Deadline
    as_of: pd.Period | None
    near: str = ""


def understood(text: str, known: Known) -> Understood:
    """What the text says. Of several KPIs with one name, those count that are measured in the unit told."""
    named = named_in(text, known.kpis)
    as_of = known.as_of or next((last for id in named.kpis if (last := known.last(id)) is not None), None)
    due = deadline_in(named.rest, as_of, known.calendar)
    amount = amount_in(named.rest.replace(due.text, " " * len(due.text)) if due.text else named.rest)
    kpis = [known.kpis[id] for id in named.kpis]
    alike = [kpi for kpi in kpis if amount.unit == kpi.unit]
    fitting = alike or [kpi for kpi in kpis if amount.unit and size_in(amount, kpi) is not None]
    practices = [id for id, title in known.practices.items() if re.search(rf"\b{re.escape(title)}\b", text, re.I)]
    near = "" if kpis else nearest(named.rest, known.kpis.values())
    return Understood(tuple(fitting or kpis), tuple(practices), amount, due, as_of, near)


def size_in(amount: Amount, kpi: KPI) -> float | None:
    """The amount in the KPI's unit, or in % of it; None where it is told in another one."""
    if amount.kind in ("relative", "unqualified"):
        return amount.size
    if amount.unit == "points":
        return amount.size if kpi.unit in POINTS else None
    return in_unit(amount.size, amount.unit, kpi.unit)


def told_amiss(amount: Amount, kpi: KPI) -> Finding | None:
    """What is wrong with how far the goal goes; None where nothing is."""
    facts = {"size": amount.size, "unit": kpi.unit, "kpi": kpi.in_sentence}
    if amount.kind == "range":
        return Finding("M", "fail", "range")
    if not amount.kind or not (amount.size or amount.kind == "level"):
        return Finding("M", "fail", "no_amount")
    if amount.kind == "unqualified":
        return Finding("M", "fail", "unqualified", facts)
    if size_in(amount, kpi) is None:
        return Finding("M", "fail", "other_unit", facts)
    if amount.kind == "value" and not amount.unit and kpi.unit == "%":
        return Finding("M", "fail", "no_unit", facts)
    if amount.kind != "level" and not amount.way and kpi.better == "neutral":
        return Finding("M", "fail", "no_direction")
    return None


def as_declared(told: Understood, known: Known) -> Goal | None:
    """The goal as params would declare it; None before its one KPI, amount and deadline are plain."""
    if len(told.kpis) != 1 or told.due.by is None or told.as_of is None or told_amiss(told.amount, told.kpis[0]):
        return None
    (kpi,), amount = told.kpis, told.amount
    size, sign = float(size_in(amount, kpi) or 0), amount.way or (-1 if kpi.better == "down" else 1)
    aim: dict[str, Any] = {"target": size}
    if amount.kind != "level":
        aim = {"change": {"relative" if amount.kind == "relative" else "points": sign * size}}
    base, day = _baseline(kpi, told.due.by, told.as_of, known), f"{told.as_of.end_time:%Y-%m-%d}"
    return Goal(kpi=kpi.id, by=str(told.due.by), baseline=str(base), because="told in words", declared=day, **aim)


def _baseline(kpi: KPI, by: pd.Period, as_of: pd.Period, known: Known) -> pd.Period:
    """The period that now is: of the deadline's length if one ends with the report's, else the report's own, else that
    of the last reading."""
    history = known.history(kpi.id)
    if history is None:
        return as_of
    alike = as_of.end_time.to_period(by.freq)
    tried = [alike] if alike.end_time == as_of.end_time else []
    found = (each for each in [*tried, as_of] if value_in(history, each, pooled_of(kpi)) is not None)
    return next(found, history.values.index[-1])
