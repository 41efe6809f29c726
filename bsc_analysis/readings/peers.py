"""Scores of a practice against its whole group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.kpis.kpi import PeerScore


def peer_scores(kpi: PeerScore, table: pd.DataFrame, usable: tuple[str, ...]) -> pd.DataFrame:
    """Mean z of the component KPIs over all practices of the same period."""
    parts = table[table["kpi"].isin(kpi.of) & table["state"].isin(usable)]
    by = parts.groupby(["kpi", "grain", "period"])["value"]
    z = (parts["value"] - by.transform("mean")) / by.transform("std", ddof=1)
    score = parts.assign(value=z).groupby(["practice", "grain", "period"])["value"].mean().reset_index()
    everywhere = table.loc[table["kpi"] == kpi.of[0], ["practice", "grain", "period", "state", "complete"]]
    frame = everywhere.merge(score, how="left", on=["practice", "grain", "period"])
    frame["state"] = np.where(frame["value"].notna(), "value_only", frame["state"].where(~frame["state"].isin(usable)))
    frame["state"] = frame["state"].fillna("not_calculable")
    return frame.assign(kpi=kpi.id)
