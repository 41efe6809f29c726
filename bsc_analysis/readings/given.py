"""Ready-made readings, brought to both sides where they can be and added up to the group's own grains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, Ratio, Total
from bsc_analysis.params import Group
from bsc_analysis.periods import GRAINS, Calendar, grain_in, grains_from, parts_in
from bsc_analysis.store import Store

SIDES = ["numerator", "denominator", "value", "n"]
COLUMNS = ["practice", "kpi", "period", "grain", *SIDES]


def given_readings(group: Group, store: Store, tables: tuple[str, ...] = ("given_readings",)) -> pd.DataFrame:
    """Rows of COLUMNS at the group's grains; a longer period is added up where all its parts are told and it is not."""
    paths = [path for name in tables if (path := store.table(name))]
    if not paths:
        return pd.DataFrame(columns=COLUMNS)
    told = pd.concat([pd.read_parquet(path) for path in paths]).drop_duplicates(["practice", "kpi", "period"])
    told["grain"] = told["period"].map({text: grain_in(text) for text in told["period"].unique()})
    told[SIDES] = told[SIDES].astype("float64")
    told = pd.concat([_both_sides(kpi_named(id), rows) for id, rows in told.groupby("kpi")])
    for finer in GRAINS:
        for grain in grains_from(finer)[1:]:
            longer = _added_up(told[told["grain"] == finer], finer, grain, group.calendar)
            told = pd.concat([told, longer]).drop_duplicates(["practice", "kpi", "period"])
    return told.loc[told["grain"].isin(grains_from(group.shared.grain)), COLUMNS]


def _both_sides(kpi: KPI, told: pd.DataFrame) -> pd.DataFrame:
    """value + n give back numerator and denominator of a ratio; a total is its own numerator."""
    told = told.copy()
    if isinstance(kpi, Ratio):
        weighed = told["value"].notna() & told["n"].notna() & told["denominator"].isna()
        told.loc[weighed, "denominator"] = told["n"]
        told.loc[weighed, "numerator"] = told["value"] / kpi.scale * told["n"]
        rows = told["denominator"].notna() * 1.0
        told["n"] = told["denominator"] if kpi.n_is == "denominator" else rows.where(rows > 0)
    elif isinstance(kpi, Total):
        told["numerator"] = told["numerator"].fillna(told["value"] / kpi.scale)
    return told


def _added_up(told: pd.DataFrame, finer: str, grain: str, years: Calendar) -> pd.DataFrame:
    """Σ numerators and Σ denominators of the longer periods whose every part is told; values alone are not pooled."""
    sides = told[told["kpi"].map({id: kpi_named(id).pooled for id in told["kpi"].unique()}).astype(bool)].dropna(
        subset="numerator"
    )
    longer = sides["period"].map({text: years.within(text, grain) for text in sides["period"].unique()})
    by = sides.assign(period=longer).groupby(["practice", "kpi", "period"])
    sums = by[["numerator", "denominator", "n"]].sum(min_count=1)
    return sums[by.size() == parts_in(finer, grain)].reset_index().assign(grain=grain, value=np.nan)
