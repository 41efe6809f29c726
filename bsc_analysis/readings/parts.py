"""Parts of readings: both sides of each ratio by location, provider group, payer and kind of visit."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import Ratio
from bsc_analysis.params import Group
from bsc_analysis.readings import PEOPLE
from bsc_analysis.readings.compute import sums
from bsc_analysis.readings.labels import DIMENSIONS, dimensions
from bsc_analysis.store import Store

SIDES = ["numerator", "denominator"]
COLUMNS = ["practice", "kpi", "dimension", "period", "part", *SIDES, "rows", *PEOPLE]
CELLS = ["practice", "kpi", "period", "department", "team", *SIDES, "rows", *PEOPLE]


def parts(group: Group, store: Store, grain: str) -> pd.DataFrame:
    """What the rows of each period of `grain` come to, label by label: COLUMNS, sorted.

    Of a practice, KPI, dimension and period, the parts add up to what its rows give: to the reading where that is
    computed from rows and complete, so months add up to quarters too. A part is there in the periods in which it has
    rows. Where the numerator's table and the denominator's are two, it may have rows in one of them only, and the
    other side is 0. `rows`: of the table that has more of them; PEOPLE: distinct persons, missing where not counted.
    Empty where no KPI of the group can be taken apart.
    """
    return store.keep(f"parts-{grain}", lambda: _all(group, store, grain))


def _all(group: Group, store: Store, grain: str) -> pd.DataFrame:
    ratios, frames = _ratios(group), []
    for dimension in DIMENSIONS:
        found = sums(store, [k for k in ratios if dimension in dimensions(k)], grain, group.calendar, by=[dimension])
        named = {dimension: "part"}
        frames += [
            f.rename_axis(index=named).reset_index().assign(kpi=k, dimension=dimension) for k, f in found.items()
        ]
    return _table(frames, COLUMNS)


def cells(group: Group, store: Store, grain: str, department: str, team: str) -> pd.DataFrame:
    """The same by two labels at once, those of `department` and `team` (labels.DIMENSIONS): CELLS, sorted.

    Of a department, its teams add up to its part.
    """
    return store.keep(f"cells-{grain}-{department}-{team}", lambda: _crossed(group, store, grain, department, team))


def _crossed(group: Group, store: Store, grain: str, department: str, team: str) -> pd.DataFrame:
    both = [k for k in _ratios(group) if {department, team} <= set(dimensions(k))]
    found = sums(store, both, grain, group.calendar, by=[department, team])
    named = {department: "department", team: "team"}
    return _table([frame.rename_axis(index=named).reset_index().assign(kpi=k) for k, frame in found.items()], CELLS)


def _ratios(group: Group) -> list[Ratio]:
    chosen = {id for p in group.practices.values() for id in p.kpis} | set(group.shared.kpis)
    return [k for id in sorted(chosen) if isinstance(k := kpi_named(id), Ratio)]


def _table(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not frames:
        return pd.DataFrame(columns=columns).astype(dict.fromkeys([*SIDES, "rows", *PEOPLE], "float64"))
    table = pd.concat(frames, ignore_index=True).reindex(columns=[*columns, "over_rows"])
    table["rows"] = table[["rows", "over_rows"]].max(axis=1)
    table[SIDES] = table[SIDES].fillna(0.0)
    table[["rows", *PEOPLE]] = table[["rows", *PEOPLE]].astype("float64")
    return table[columns].sort_values(columns[:5]).reset_index(drop=True)
