"""Params: what a group and its practices have chosen, read from params/<group>/*.yaml and checked for shape."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bsc_analysis.errors import Fault, ParamsError, UsageError, did_you_mean
from bsc_analysis.params.claims import Claim
from bsc_analysis.params.faults import fault_of
from bsc_analysis.params.feed_models import Feed
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.params.models import Break, EndedLink, GroupFile, KpiChoice, Link, PracticeFile, Premises
from bsc_analysis.params.shapes import ID_FORM, Model
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.params.strict_yaml import Document
from bsc_analysis.periods import Calendar

PORTFOLIO = "portfolio"  # the page across practices lies beside theirs, so none of them may be called so


@dataclass(frozen=True)
class Practice:
    """One practice as its report sees it: the group's choices with its own on top."""

    id: str
    title: str
    specialty: str | None
    kpis: dict[str, KpiChoice]
    links: tuple[Link, ...]
    breaks: tuple[Break, ...]
    sections: tuple[str, ...] | None
    feeds: dict[str, Any] = field(default_factory=dict)  # own feeds, instead of the group's of that name
    premises: Premises = field(default_factory=Premises)
    ended_links: tuple[EndedLink, ...] = ()
    strategy: Strategy | None = None
    goals: tuple[Goal, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Group:
    """One group: its shared file, its practices (empty until the store is made, if a feed names them), its place."""

    workspace: Path
    data: Path
    shared: GroupFile
    practices: dict[str, Practice]

    @property
    def id(self) -> str:
        return self.shared.group

    @property
    def calendar(self) -> Calendar:
        """Which months its quarters and years have."""
        return Calendar(self.shared.fiscal_year_start)

    @property
    def report_grain(self) -> str:
        """The grain of a report's period: as declared, else a quarter for monthly series, else the grain."""
        return self.shared.report or {"month": "quarter"}.get(self.shared.grain, self.shared.grain)

    def practice_named(self, id: str, title: str) -> Practice:
        """A practice that a feed names: the group's choices and nothing else."""
        return _practice(self.shared, PracticeFile(group=self.id, practice=id, title=title))

    def with_practices(self, named: dict[str, str]) -> Group:
        """The same group with the practices (id → title) that its feed names."""
        return replace(self, practices={i: self.practice_named(i, t) for i, t in sorted(named.items())})


def find_workspace(start: Path | None = None) -> Path:
    """The folder with params/ and notebooks/: BSC_WORKSPACE, else the nearest one at or above `start`.

    Raises UsageError where there is none.
    """
    named = os.environ.get("BSC_WORKSPACE")
    start = Path(named) if named else (start or Path.cwd())
    for folder in [start] if named else [start, *start.parents]:
        if (folder / "params").is_dir() and (folder / "notebooks").is_dir():
            return folder.resolve()
    raise UsageError(f"no workspace (a folder with params/ and notebooks/) at or above {start}")


def group_ids(workspace: Path) -> list[str]:
    """The groups of a workspace."""
    return sorted(p.parent.name for p in (workspace / "params").glob("*/group.yaml"))


def load_group(group: str, workspace: Path | None = None, data: Path | None = None) -> Group:
    """The group with its practices; `data` holds `<group>/` and defaults to BSC_DATA or the workspace's data/.

    Raises UsageError for an unknown group and ParamsError with every fault of shape in any of its files.
    """
    workspace = workspace or find_workspace()
    known = group_ids(workspace)
    if group not in known:
        raise UsageError(f"{group!r} is not a group.{did_you_mean(group, known)}  (bsc list practices)")
    folder = workspace / "params" / group
    data = data or (Path(os.environ["BSC_DATA"]) if os.environ.get("BSC_DATA") else workspace / "data")
    shared, faults = _read(folder / "group.yaml", GroupFile, workspace)
    files = [p for p in sorted(folder.glob("*.y*ml")) if p.name != "group.yaml"]
    practices: dict[str, Practice] = {}
    for path in files:
        own, found = _read(path, PracticeFile, workspace)
        faults += found
        if own is not None:
            faults += _names_agree(own, path, group, workspace)
            if shared is not None:
                practices[own.practice] = _practice(shared, own)
    if shared is not None:
        shown = str((folder / "group.yaml").relative_to(workspace))
        if shared.group != group:
            faults.append(Fault(shown, "group", f"is {shared.group!r}; the folder is called {group!r}"))
        if shared.practices is None and not files:
            faults.append(Fault(shown, "practices", "no practice: add params/<group>/<practice>.yaml"))
    faults += _case_clashes(files, workspace)
    if faults or shared is None:
        raise ParamsError(faults)
    return Group(workspace, data.resolve(), shared, practices)


def text_id(value: object, what: str) -> str:
    """`value` if it is an id in text.

    Raises UsageError with the mend for anything else, such as 83 where YAML read 0123, or False for NO.
    """
    if not isinstance(value, str):
        raise UsageError(
            f"{what} arrived as {type(value).__name__} {value!r}; write it in quotes, such as {what}: '0123'"
        )
    if not re.fullmatch(ID_FORM, value):
        raise UsageError(f"{what} {value!r} is not an id: letters, digits, _ and -, at most 32")
    return value


def _read(path: Path, model: type[Model], workspace: Path) -> tuple[Any, list[Fault]]:
    shown = str(path.relative_to(workspace))
    try:
        document = Document(path, shown)
        return model.model_validate(document.data), []
    except ParamsError as error:
        return None, error.faults
    except ValidationError as error:
        return None, [fault_of(e, document, model) for e in error.errors(include_url=False)]


def _names_agree(own: PracticeFile, path: Path, group: str, workspace: Path) -> list[Fault]:
    shown = str(path.relative_to(workspace))
    faults = []
    if own.group != group:
        faults.append(Fault(shown, "group", f"is {own.group!r}; the folder is called {group!r}"))
    if own.practice != path.stem:
        faults.append(Fault(shown, "practice", f"is {own.practice!r}; the file is called {path.stem!r}"))
    return faults


def _case_clashes(files: list[Path], workspace: Path) -> list[Fault]:
    seen: dict[str, Path] = {}
    faults = []
    for path in files:
        first = seen.setdefault(path.stem.lower(), path)
        if first is not path:
            faults.append(
                Fault(str(path.relative_to(workspace)), "practice", f"differs from {first.name} only in case")
            )
    return faults


def _practice(shared: GroupFile, own: PracticeFile) -> Practice:
    kpis: dict[str, KpiChoice] = {}
    for id in [*shared.kpis, *(k for k in own.kpis if k not in shared.kpis)]:
        layers = [c for c in (shared.kpis.get(id), own.kpis.get(id)) if c is not None]
        merged: dict[str, Any] = {}
        for choice in layers:
            merged |= {name: getattr(choice, name) for name in choice.model_fields_set}
        kpis[id] = KpiChoice(**merged)
    return Practice(
        id=own.practice,
        title=own.title,
        specialty=own.specialty,
        kpis=kpis,
        links=(*shared.links, *own.links),
        ended_links=(*shared.ended_links, *own.ended_links),
        strategy=own.strategy or shared.strategy,
        goals=(*_of_group(shared, own), *own.goals),
        claims=(*shared.claims, *own.claims),
        breaks=(*shared.breaks, *own.breaks),
        sections=tuple(s) if (s := own.sections or shared.sections) else None,
        feeds=dict(own.feeds),
        premises=Premises(time_zone=own.time_zone or shared.time_zone, opening=own.opening or shared.opening),
    )


def _of_group(shared: GroupFile, own: PracticeFile) -> list[Goal]:
    """The group's goals that are the practice's too: those for its KPIs and periods that it has set itself are not."""
    instead = {(goal.kpi, goal.by) for goal in own.goals}
    theirs = [goal for goal in shared.goals if goal.practice in (None, own.practice)]
    return [goal for goal in theirs if (goal.kpi, goal.by) not in instead]


__all__ = ["PORTFOLIO", "Feed", "Group", "Practice", "find_workspace", "group_ids", "load_group", "text_id"]
