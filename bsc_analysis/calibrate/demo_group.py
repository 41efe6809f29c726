"""The demo group, made from a seed, read and tested as for a report: what is said of what was planted, and was not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bsc_analysis.analysis.verdict import Verdict, judge
from bsc_analysis.analysis.whole import verdict_on
from bsc_analysis.calibrate.cells import Cell
from bsc_analysis.demo import planted
from bsc_analysis.packed import packed
from bsc_analysis.params import Group, load_group
from bsc_analysis.readings import newest_complete
from bsc_analysis.readings.board import Board
from bsc_analysis.store import open_store

FEEDS = ("appointments", "survey", "ledger", "history")  # all that the links' KPIs need, in a sixth of the time
TOLD = ("answer", "q_value", "p_forecasts", "p_leads", "p_same_period", "lag", "effect", "interval", "smallest_effect")


def measured(cell: Cell) -> dict[str, list[dict[str, Any]]]:
    """{'verdicts': one per link, with leading, lagging, whether `declared`, and TOLD}: those of the params' links that
    planted.LINKS and NOT_PLANTED name, judged as one family, and every other pair that planted.unplanted names, judged
    as one link more. The chains beside them need exports that take much longer to read."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        cell.design(data / "demo", cell.seed)
        board = _board(Path(folder), data)
        core = {(link.leading, link.lagging) for link in planted.LINKS} | {*planted.NOT_PLANTED}
        declared = [link for link in board.group.shared.links if (link.leading, link.lagging) in core]
        others = [
            declared[0].model_copy(update={"leading": x, "lagging": y, "expect": None, "least": None})
            for x, y in planted.unplanted()
            if (x, y) not in {(link.leading, link.lagging) for link in declared}
        ]
        family = [verdict_on(board, link) for link in declared]
        told = [_told(v, link, True) for v, link in zip(judge(family), declared, strict=True)]
        told += [_told(judge([*family, verdict_on(board, link)])[-1], link, False) for link in others]
        return {"verdicts": told}


def _board(folder: Path, data: Path) -> Board:
    group = replace(_only(load_group("demo"), kpis_of(planted.unplanted())), workspace=folder, data=data)
    store = open_store(group)
    return Board(group, group.calendar.parse(newest_complete(group, store)), store)


def kpis_of(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(kpi for pair in pairs for kpi in pair))


def _only(group: Group, kpis: list[str]) -> Group:
    """The group with these KPIs alone, and the feeds that they need."""

    def of(chosen: dict, names: Iterable[str]) -> dict:
        return {name: chosen[name] for name in names if name in chosen}

    shared = {"kpis": of(group.shared.kpis, kpis), "feeds": of(group.shared.feeds, FEEDS)}
    own = {id: replace(p, kpis=of(p.kpis, kpis), feeds=of(p.feeds, FEEDS)) for id, p in group.practices.items()}
    return replace(group, shared=group.shared.model_copy(update=shared), practices=own)


def _told(verdict: Verdict, link, declared: bool) -> dict[str, Any]:
    told = {name: packed(getattr(verdict, name)) for name in TOLD}
    return {"leading": link.leading, "lagging": link.lagging, "declared": declared, **told}
