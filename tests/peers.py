"""Groups whose practices can be compared, made of a table: practice, and events and cases of one quarter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bsc_analysis.params import Group
from bsc_analysis.store import Store
from tests.stores import group_of, store_of

PERIOD = pd.Period("2026Q1")
COLUMNS = ["practice", "kpi", "period", "numerator", "denominator", "value", "n"]


def told(text: str, kpi: str = "no_show_rate", period: str = str(PERIOD)) -> pd.DataFrame:
    """Ready-made readings: a line is a practice, its events and its cases; '.' is missing."""
    rows = [line.split() for line in text.strip().splitlines()]
    found = [(name, kpi, period, *(float(x) if x != "." else float("nan") for x in sides)) for name, *sides in rows]
    frame = pd.DataFrame(found, columns=COLUMNS[:5])
    return frame.assign(value=float("nan"), n=frame["denominator"])


def peers_group(
    frame: pd.DataFrame,
    kpis: list[str] | None = None,
    specialties: dict[str, str] | None = None,
    grain: str = "quarter",
    **shared,
) -> Group:
    """The group of the practices in `frame`, all of one specialty unless told otherwise."""
    names = sorted(set(frame["practice"]))
    asked = {"report": "quarter", "audience": "leadership"} | shared
    group = group_of(kpis or sorted(set(frame["kpi"])), names, grain, **asked)
    found = dict.fromkeys(names, "family medicine") if specialties is None else specialties
    named = {id: replace(p, title=f"Clinic {id.upper()}", specialty=found.get(id)) for id, p in group.practices.items()}
    return replace(group, practices=named)


def kept(folder: Path, *frames: pd.DataFrame) -> Store:
    return store_of(folder, given_readings=pd.concat(frames, ignore_index=True))
