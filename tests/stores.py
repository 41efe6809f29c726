"""A store made of small tables written by hand, for tests of what is computed from it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from bsc_analysis.params import Group, Practice
from bsc_analysis.params.models import GroupFile, KpiChoice
from bsc_analysis.readings import readings
from bsc_analysis.store import Store
from bsc_analysis.store.derived import derived
from bsc_analysis.tables import TABLES

DATES = {"date", "time"}
NOBODY_READ = {  # the store's account of files, of which such a store has none
    "titles": ["practice", "at", "title"],
    "accounts": ["feed", "practice", "file", "physical", "used", "quarantined", "deduplicated", "layout"],
    "quarantine": ["feed", "practice", "file", "line", "column", "rule"],
    "troubles": ["practice", "feed", "table", "required", "message"],
    "kept": ["practice", "table", "since", "through"],
}


def rows(text: str, table: str) -> pd.DataFrame:
    """A table as text: header of our column names, cells apart by blanks, '.' for a missing one."""
    frame = pd.read_csv(StringIO(text), sep=r"\s+", dtype="str", keep_default_na=False, na_values=["."])
    columns = {c.name: c for c in TABLES[table].columns}
    for name in set(columns) - set(frame):
        frame[name] = pd.Series(pd.NA, index=frame.index, dtype="str")
    for name, column in columns.items():
        if column.kind in DATES:
            frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
        elif column.kind in ("amount", "integer"):
            frame[name] = frame[name].astype("Float64")
        elif column.kind == "flag":
            frame[name] = frame[name].map({"y": True, "n": False}).astype("boolean")
    return frame


def store_of(folder: Path, **tables: pd.DataFrame) -> Store:
    """A store that holds these tables (or `given_readings`), covering the days that they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    through = []
    for name, frame in derived(tables).items():
        frame.to_parquet(folder / f"{name}.parquet")
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet")
        if name in TABLES:
            done = TABLES[name].at_done
            seen = frame[frame[TABLES[name].at_status].isin(done)] if done else frame
            days = seen.groupby("practice")[TABLES[name].at].agg(first="min", last="max").reset_index()
            through.append(days.assign(feed=name, table=name))
        else:
            days = frame.assign(first=frame["period"].map(lambda p: pd.Period(p).start_time))
            days["last"] = frame["period"].map(lambda p: pd.Period(p).end_time.floor("D"))
            days = days.groupby("practice").agg({"first": "min", "last": "max"}).reset_index()
            through.append(days.assign(feed=name, table=name))
    pd.concat(through).to_parquet(folder / "through.parquet")
    for name, columns in NOBODY_READ.items():
        pd.DataFrame(columns=columns, dtype="str").to_parquet(folder / f"{name}.parquet")
    return Store(folder)


def account_for(store: Store, **frames: pd.DataFrame) -> Store:
    """The store with `accounts`, `quarantine` and `troubles`, empty where none is given."""
    columns = {
        "accounts": ["feed", "practice", "file", "sha256", "physical", "used", "quarantined", "deduplicated", "layout"],
        "quarantine": ["feed", "practice", "file", "line", "column", "rule"],
        "troubles": ["practice", "feed", "table", "required", "message"],
    }
    for name, names in columns.items():
        none = pd.DataFrame(columns=names, dtype="str").astype(
            dict.fromkeys(names[4:], "int64") if "used" in names else {}
        )
        frames.get(name, none).to_parquet(store.folder / f"{name}.parquet")
    return store


def group_of(kpis: list[str], practices: list[str], grain: str = "month", **shared) -> Group:
    """A group with these KPIs and practices."""
    file = GroupFile(group="g", title="G", grain=grain, feeds={}, kpis=dict.fromkeys(kpis), **shared)
    chosen = {id: KpiChoice() for id in kpis}
    named = {p: Practice(p, p.title(), None, chosen, (), (), None) for p in practices}
    return Group(Path(), Path(), file, named)


def of_january(folder: Path, kpis: list[str], **tables: str) -> dict[str, SimpleNamespace]:
    """The readings of practice a for 2026-01, by KPI, from tables as text."""
    store = store_of(folder, **{name: rows(text, name) for name, text in tables.items()})
    found = readings(group_of(kpis, ["a"]), store)
    return {kpi: lookup(found, "a", kpi, "2026-01") for kpi in kpis}


def lookup(found: pd.DataFrame, practice: str, kpi: str, period: str) -> SimpleNamespace:
    """One reading."""
    one = found[(found["practice"] == practice) & (found["kpi"] == kpi) & (found["period"] == period)]
    assert len(one) == 1, one
    return SimpleNamespace(**one.iloc[0])
