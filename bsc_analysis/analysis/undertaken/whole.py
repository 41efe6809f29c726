"""All that a group undertook with what came of it: the same in every report of a period, so found once and kept."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bsc_analysis.analysis.undertaken.effects import Alike, actions_on, alike_of, effect_of
from bsc_analysis.analysis.undertaken.entry import Entry, entries
from bsc_analysis.analysis.undertaken.told import Told
from bsc_analysis.kpis import KPIS
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params import Group
from bsc_analysis.readings.board import Board
from bsc_analysis.readings.register_rows import register_rows
from bsc_analysis.store import Store
from bsc_analysis.tables import TABLES
from bsc_analysis.tables.registers import ACTIONS


@dataclass(frozen=True)
class Tried:
    """One action and what its KPI says of it."""

    entry: Entry
    told: Told


@dataclass(frozen=True)
class Undertaken:
    """The actions of a group by the end of a period, and what several practices did alike."""

    tried: tuple[Tried, ...] = ()
    alike: tuple[Alike, ...] = ()


def undertaken(group: Group, period: pd.Period, store: Store) -> Undertaken:
    """All actions of the group as they stood at the end of `period`, in order of their decision."""
    return record_of(Undertaken, store.keep_facts(f"undertaken-{period}", lambda: packed(_found(group, period, store))))


def _found(group: Group, period: pd.Period, store: Store) -> Undertaken:
    through = period.end_time
    rows = register_rows(store, ACTIONS, None, through)
    if rows.empty:
        return Undertaken()
    staff = register_rows(store, TABLES["staff"], None, through)
    told, board = entries(rows, through, staff), Board(group, period, store)
    on = {id: actions_on(board, id, told) for id in dict.fromkeys(e.kpi for e in told) if id in KPIS}
    tried = tuple(Tried(e, effect_of(board, e, on.get(e.kpi, {}))) for e in told)
    return Undertaken(tried, tuple(alike_of(board, told, on)))
