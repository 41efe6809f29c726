"""What a practice's readings of a period rest on, as plain facts: kept with a final, and compared when they move."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, PeerScore
from bsc_analysis.ledger.entry import period_of
from bsc_analysis.store import Store
from bsc_analysis.tables import TABLES, Table
from bsc_analysis.version import __version__

WORDS = {"title", "short", "plain", "why", "perspective", "role", "decimals", "top_box"}  # no number hangs on them
GIVEN = "given_readings"


def basis(seen: Disclosed, store: Store, period: pd.Period) -> dict[str, Any]:
    """JSON-ready facts of the practice's KPIs in `period`.

    `version` of the code; `kpis`: id → definition (a hash), target, breaks, rows (the keys of what it counts);
    `feeds`: name → table and a hash of its params; `rows`: key → month → [number of rows, hash of their content].
    """
    kpis = {id: _of_kpi(seen, id, period) for id in seen.kpis}
    wanted = sorted({key for facts in kpis.values() for key in facts["rows"]})
    rows = {key: _tally(store, seen.practice.id, key, period) for key in wanted}
    rows |= _given(seen, store, period)
    return {"version": __version__, "kpis": kpis, "feeds": _feeds(seen), "rows": rows}


def _of_kpi(seen: Disclosed, id: str, period: pd.Period) -> dict[str, Any]:
    kpi, target = seen.kpis[id], seen.choice(id).target
    breaks = [b.at for b in seen.breaks(id) if period_of(seen.group, b.at).start_time <= period.end_time]
    level = target.value if target else None
    return {"definition": definition(kpi), "rows": _counted(kpi), "target": level, "breaks": sorted(breaks)}


def definition(kpi: KPI) -> str:
    """A hash over all that makes a KPI's number: its fields but for mere words, and how its tables are dated.

    What a definition leaves at its default is left out, so that a field new to all KPIs changes none of them.
    """
    told = [(f.name, _told(getattr(kpi, f.name))) for f in fields(kpi) if f.name not in WORDS]
    defaults = {f.name: repr(f.default) for f in fields(kpi)}
    return _hash(repr([(name, text) for name, text in told if text != defaults[name]]))


def _told(value: object) -> str:
    if isinstance(value, Table):
        return repr((value.name, value.at, value.at_status, value.at_done, value.closing_days, value.person))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _counted(kpi: KPI) -> list[str]:
    """'table|date column' of each side of a KPI; with '|all' where it takes every practice's rows."""
    if isinstance(kpi, PeerScore):
        return sorted({f"{key}|all" for part in kpi.of for key in _counted(kpi_named(part))})
    sides = [(kpi.table, kpi.at), (getattr(kpi, "over", None), getattr(kpi, "over_at", ""))]  # type: ignore[attr-defined]
    return [f"{table.name}|{at}" for table, at in sides if table]


def _tally(store: Store, practice: str, key: str, period: pd.Period) -> dict[str, list]:
    name, at, *everybody = key.split("|")
    path = store.table(name)
    if path is None:
        return {}
    frame = pd.read_parquet(path, filters=None if everybody else [("practice", "==", practice)])
    when = pd.to_datetime(frame[at])
    inside = (when >= period.start_time) & (when <= period.end_time)
    person = TABLES[name].person if name in TABLES else None
    return _sums(frame[inside].drop(columns=[person] if person else []), when[inside].dt.strftime("%Y-%m"))


def _given(seen: Disclosed, store: Store, period: pd.Period) -> dict[str, dict[str, list]]:
    """The ready-made readings of each KPI, by the month in which their period begins."""
    path = store.table(GIVEN)
    if path is None:
        return {}
    told = pd.read_parquet(path, filters=[("practice", "==", seen.practice.id)])
    spans = {text: period_of(seen.group, text) for text in told["period"].unique()}
    within = [t for t, p in spans.items() if p.start_time >= period.start_time and p.end_time <= period.end_time]
    told = told[told["period"].isin(within) & told["kpi"].isin(list(seen.kpis))]
    months = told["period"].map({text: f"{spans[text].start_time:%Y-%m}" for text in within})
    return {f"{GIVEN}|{id}": _sums(rows, months[rows.index]) for id, rows in told.groupby("kpi")}


def _sums(rows: pd.DataFrame, months: pd.Series) -> dict[str, list]:
    """Month → rows and a hash of their content that does not depend on their order.

    The column of persons is left out before: their pseudonyms change with the client's key, their rows do not.
    """
    hashes = pd.util.hash_pandas_object(rows[sorted(rows.columns)], index=False)
    return {
        str(month): [len(each), f"{np.add.reduce(each.to_numpy()):016x}"]
        for month, each in hashes.groupby(months.to_numpy())
    }


def _feeds(seen: Disclosed) -> dict[str, dict[str, str]]:
    """The feeds that delivered to the practice: the table each fills, and a hash of what the params say of it."""
    specs = seen.group.shared.feeds | seen.practice.feeds
    named = zip(seen.through["feed"], seen.through["table"], strict=True)
    return {
        f: {"table": t, "params": _hash(specs[f].model_dump_json(exclude_defaults=True))}
        for f, t in named
        if f in specs
    }
