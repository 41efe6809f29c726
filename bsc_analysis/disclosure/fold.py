"""Which parts of a practice's readings a named audience may see, and which are folded together for it.

A reader holds every total and every part shown, in this report and in those before it, so the folded parts together
must be safe as well, and no two reports may fold a period so that their difference is a hidden part. Therefore one
set of labels is folded for all KPIs of a practice, and it only grows: period by period in the order of time, each
adding the labels that are too small in it, and then the smallest others until what is folded is safe. Of any period, a
later report then shows the same parts as an earlier one, or sums of them.
"""

from __future__ import annotations

import pandas as pd

from bsc_analysis.disclosure.withhold import FEWEST, GUARDED, gives_away
from bsc_analysis.kpis import kpi
from bsc_analysis.kpis.kpi import Ratio
from bsc_analysis.readings import PEOPLE
from bsc_analysis.readings.labels import OTHERS
from bsc_analysis.readings.parts import SIDES

SUBGROUPS = ("patients", "respondents")  # of which leaders see none below 11 either
KEY = ["kpi", "period", "part"]


def fold(parts: pd.DataFrame, audience: str) -> pd.DataFrame:
    """The parts of one practice and dimension, with those that `audience` may not see added up as OTHERS.

    `parts`: readings.parts.COLUMNS, all KPIs and periods of one grain up to the report's. Returns KEY and SIDES. For
    everybody, labels that have fewer than 11 rows in every period are folded: such a one may be a slip, or a name typed
    into the wrong field. A guarded audience gets no part behind which, in any period, stand 1–10 persons, nor its
    complement; leaders neither, where a KPI counts patients or respondents. Absent for a guarded audience are KPIs
    whose rows do not name the persons behind them.
    """
    kinds = parts["kpi"].map({id: kpi(id).counts for id in parts["kpi"].unique()})
    if audience in GUARDED:
        parts = parts[parts["kpi"].map({id: persons_known(parts, id) for id in parts["kpi"].unique()}).astype(bool)]
        labels = _small(parts)
    else:
        labels = _rare(parts) | _small(parts[kinds.isin(SUBGROUPS)])
    names = {part: OTHERS if part in labels else part for part in parts["part"].unique()}
    return parts.assign(part=parts["part"].map(names)).groupby(KEY, as_index=False)[SIDES].sum()


def persons_known(parts: pd.DataFrame, id: str) -> bool:
    """Whether the rows of a KPI name the persons behind them, where its tables have a column for them."""
    one = kpi(id)
    if not isinstance(one, Ratio) or not (one.over or one.table).person:
        return True
    return bool((parts.loc[parts["kpi"] == id, "people"] > 0).any())


def _rare(parts: pd.DataFrame) -> set[str]:
    most = parts.groupby("part")["rows"].max()
    return set(most.index[most < FEWEST])


def _small(parts: pd.DataFrame) -> set[str]:
    """The labels that a guarded audience may not see, grown period by period."""
    folded: set[str] = set()
    for _, cells in parts.groupby("period"):
        folded |= set(cells.loc[_few(cells) | cells["rows"].between(1, FEWEST - 1), "part"])
        size = cells.groupby("part")["rows"].max().sort_values(kind="stable")
        rest = [part for part in size.index if part not in folded]
        while rest and _few(_together(cells[cells["part"].isin(folded)])).any():
            folded.add(rest.pop(0))
    return folded


def _together(cells: pd.DataFrame) -> pd.DataFrame:
    """What some parts of a period come to, by KPI: of their persons it is sure that there are as many as in one."""
    by = cells.groupby("kpi")
    return by[SIDES].sum().join(by[PEOPLE].max()).reset_index()


def _few(cells: pd.DataFrame) -> pd.Series:
    counts = cells["kpi"].map({id: kpi(id).counts for id in cells["kpi"].unique()})
    return gives_away(cells.assign(n=cells["denominator"]), counts)
