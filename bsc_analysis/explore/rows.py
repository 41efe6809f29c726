"""For people in a notebook: the rows behind a report, and a KPI of one's own beside the house's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb
import pandas as pd

from bsc_analysis.disclosure import disclose
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import TableKPI
from bsc_analysis.params import Group, load_group, text_id
from bsc_analysis.params.models import KpiChoice
from bsc_analysis.readings import newest_complete
from bsc_analysis.report.run import Run
from bsc_analysis.store import Store, open_store
from bsc_analysis.tables import TABLES

HOUSE = frozenset(KPIS)


def open_rows(group: str, practice: str, table: str) -> pd.DataFrame:
    """The rows of `table` that the practice's KPIs are computed from, one row each as the table's `grain` says.

    Rows that were set aside or delivered twice are not among them; columns are those of `TABLES[table]`.

    These rows are protected health information: single persons' dates of service, the persons as keyed hashes. No
    audience is shown them, so neither pass them on nor save a notebook that has printed them where others can read.

    Raises UsageError for a table or practice of another name, and where no feed delivered the table.
    """
    if table not in TABLES:
        raise UsageError(f"{table!r} is not a table.{did_you_mean(table, TABLES)}  It is one of: {', '.join(TABLES)}")
    chosen, id = load_group(text_id(group, "group")), text_id(practice, "practice")
    if chosen.practices and id not in chosen.practices:
        raise UsageError(f"{id!r} is not a practice of {group}.{did_you_mean(id, chosen.practices)}")
    path = open_store(chosen).table(table)
    if path is None:
        raise UsageError(f"no feed of {group} delivered {table}; see bsc check {group}")
    return pd.read_parquet(path, filters=[("practice", "==", id)])


def try_kpi(kpi: TableKPI, group: str, practice: str, period: str | None = None) -> Run:
    """The report of one KPI of your own: its readings, its control chart and its card, as if the house had it.

    It is computed, judged and withheld like any other and changes nothing: neither params, nor store, nor reports.
    It stays known in this notebook until the kernel ends; run the cell again after each change.

    Raises UsageError where its id is one of the house's, its perspective is not the group's, or its table lacks a
    column that it counts by.
    """
    if kpi.id in HOUSE:
        raise UsageError(f"{kpi.id!r} is a KPI of the house; give yours an id of its own")
    chosen = load_group(text_id(group, "group"))
    known = [p.id for p in chosen.shared.perspectives]
    if kpi.perspective not in known:
        raise UsageError(f"{kpi.id}: perspective {kpi.perspective!r} is not one of {', '.join(known)}")
    store = open_store(chosen)
    period = period if period is not None else newest_complete(chosen, store)
    KPIS[kpi.id] = kpi
    try:
        return Run(disclose(_only(kpi, chosen), text_id(practice, "practice"), period, _Unkept(store.folder)))
    except duckdb.BinderException:
        columns = ", ".join(c.name for c in kpi.table.columns)
        raise UsageError(f"{kpi.id} counts by a column that {kpi.table.name} lacks; it has: {columns}") from None


class _Unkept(Store):
    """A store in which nothing computed is kept, so that a trial never becomes the number of a report."""

    def keep(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        return make()


def _only(kpi: TableKPI, group: Group) -> Group:
    """The group with this KPI and no other, and without links, which speak of other KPIs."""
    shared = group.shared.model_copy(update={"kpis": {kpi.id: None}, "vital_signs": [], "links": []})
    chosen = {kpi.id: KpiChoice()}
    practices = {id: replace(p, kpis=chosen, links=()) for id, p in group.practices.items()}
    return replace(group, shared=shared, practices=practices)
