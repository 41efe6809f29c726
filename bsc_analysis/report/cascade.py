"""The card as each department and each team meets it: the practice's KPIs, told by the labels of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.disclosure import NOT_SAID, OTHERS, Cascaded, Disclosed
from bsc_analysis.kpis.kpi import KPI, Ratio
from bsc_analysis.report.moved import part_name
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import count, interval, listed, of, period, quantity, say


@dataclass(frozen=True)
class Cell:
    """One KPI of one unit: '7.2 %', and '6.1–8.4 of 1,204' or ''."""

    value: str
    rests_on: str


@dataclass(frozen=True)
class Column:
    """A unit's name; `foreign` where the practice gave it."""

    name: str
    foreign: bool


@dataclass(frozen=True)
class Table:
    """A unit beside what it consists of: `columns` name them, `rows` hold a KPI's name, its period (where that is not
    the report's) and its cells."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[str, str, Sequence[Cell]]]


def cascade(seen: Disclosed) -> Part:
    """What was told by department, that it adds up, what could not be told; one table, and one for each department."""
    if not seen.cascade:
        return part("cascade", title="", lines=[], tables=[])
    told = [each for each in seen.cascade if not each.reason]
    first, *below = seen.strategy.cascade
    words = {"label": say(f"moved.label.{first}"), "labels": say(f"moved.labels.{first}")}
    title = say("cascade.title", **words)
    if below:
        title = say("cascade.title_two", label=words["label"], below=say(f"moved.label.{below[0]}"))
    if not told:
        return part("cascade", text=title, title=title, lines=[say("cascade.none", label=words["label"])], tables=[])
    tables = [_table(say("cascade.all", **words), seen, told)]
    tables += [_of_department(seen, told, name, below[0]) for name in _names(told, "teams", "department")]
    lines = _lines(seen, told, words, below)
    return part("cascade", text="\n".join([title, *lines]), title=title, lines=lines, tables=tables)


def _lines(seen: Disclosed, told: Sequence[Cascaded], words: Mapping[str, str], below: Sequence[str]) -> list[str]:
    lines = [say("cascade.adds", n=len(told), labels=words["labels"])]
    if below:
        labels = say(f"moved.labels.{below[0]}")
        if any(len(each.teams) for each in told):
            lines.append(say("cascade.teams", labels=labels))
        if any(each.teams_reason == "guarded" for each in told):
            lines.append(say("cascade.guarded", labels=labels))
        if few := [of(seen.kpis[each.kpi]) for each in told if each.teams_reason == "few"]:
            lines.append(say("cascade.few", names=listed(few), label=say(f"moved.label.{below[0]}")))
    if unlike := [of(seen.kpis[each.kpi]) for each in seen.cascade if each.reason == "ready_made"]:
        lines.append(say("cascade.ready_made", names=listed(unlike), label=words["label"]))
    rest = len(seen.cascade) - len(told) - len(unlike)
    return [*lines, say("cascade.untold", n=rest, label=words["label"])] if rest else lines


def _table(title: str, seen: Disclosed, told: Sequence[Cascaded]) -> Table:
    """The practice beside its departments."""
    names = _names(told, "departments", "department")
    rows = []
    for each in told:
        whole = seen.reading(each.kpi, seen.group.calendar.parse(each.period))
        found = each.departments.set_index("department")
        rows.append(_row(seen, each, [whole, *(_unit(found, name) for name in names)]))
    return Table(title, [Column(say("cascade.practice"), False), *map(_column, names)], rows)


def _of_department(seen: Disclosed, told: Sequence[Cascaded], department: str, below: str) -> Table:
    """A department beside its teams."""
    inside = [each for each in told if len(each.teams) and department in set(each.teams["department"])]
    names = _names(inside, "teams", "team", department)
    rows = []
    for each in inside:
        found = each.teams[each.teams["department"] == department].set_index("team")
        whole = _unit(each.departments.set_index("department"), department)
        rows.append(_row(seen, each, [whole, *(_unit(found, name) for name in names)]))
    title = say("cascade.within", department=part_name(department), label=say(f"moved.label.{below}"))
    return Table(title, [_column(department), *map(_column, names)], rows)


def _names(told: Sequence[Cascaded], frame: str, column: str, department: str | None = None) -> list[str]:
    """Every label that occurs, in the order of the alphabet, those without a name and those put together last."""
    frames = [getattr(each, frame) for each in told if len(getattr(each, frame))]
    found = {name for f in frames for name in (f if department is None else f[f["department"] == department])[column]}
    return sorted(found, key=lambda name: (name in (NOT_SAID, OTHERS), name == OTHERS, name))


def _column(name: str) -> Column:
    return Column(part_name(name), name not in (NOT_SAID, OTHERS))


def _unit(frame: pd.DataFrame, name: str) -> pd.Series | None:
    return frame.loc[name] if name in frame.index else None


def _row(seen: Disclosed, each: Cascaded, units: Sequence[pd.Series | None]) -> tuple[str, str, list[Cell]]:
    kpi, at = seen.kpis[each.kpi], seen.group.calendar.parse(each.period)
    return of(kpi), "" if at == seen.period else period(at), [_cell(kpi, unit) for unit in units]


def _cell(kpi: KPI, unit: pd.Series | None) -> Cell:
    if unit is None or pd.isna(unit["value"]):
        return Cell(say("cascade.no_value"), "")
    between = interval(unit["lower"], unit["upper"], kpi.unit, kpi.decimals)
    share = isinstance(kpi, Ratio) and kpi.interval == "proportion"
    rests_on = say("cascade.cell", interval=between, n=count(unit["denominator"])) if share else between
    return Cell(quantity(unit["value"], kpi.unit, kpi.decimals), rests_on)
