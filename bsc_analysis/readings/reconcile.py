"""Ready-made history against what the tables give: where both tell a period, do they agree, and where they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import PeerScore, TableKPI
from bsc_analysis.params import Group
from bsc_analysis.periods import GRAINS
from bsc_analysis.readings import OVER, USABLE, readings_of_tables, ready_made
from bsc_analysis.readings.given import given_readings
from bsc_analysis.store import Store

TOLD = ("given_readings", "given_overlap")  # those in use, and those set aside because they come after `until`
CLOSE = 1e-6  # relative: two programs' floating point, not two numbers
SERIES = ["practice", "kpi"]
COLUMNS = [*SERIES, "grain", "compared", "equal", "largest", "until", "at", "source"]


@dataclass(frozen=True)
class ChangeOfSource:
    """A break that no params declare: up to `until` one source, from `at` on `source`, and not known to be one series.

    Of `compared` periods of `grain` that both sources tell, `differing` differ, by `largest` at most (in the KPI's
    unit; missing where it is not to be told).
    """

    at: str
    until: str
    source: Literal["tables", "history"]
    grain: str
    compared: int
    differing: int
    largest: float


def reconciliation(group: Group, store: Store) -> pd.DataFrame:
    """History and tables compared: COLUMNS, a row per practice and KPI that has both, and per change of source.

    `compared`: the periods, of `grain`, that both tell in full (an unfinished one is not usable); `equal`: those of
    them that print alike, or nearly are; `largest`: the largest difference, in the KPI's unit, missing for a score
    over other KPIs. Where the series passes from one source to the other: `until` is the last period of the one, `at`
    the first of the other, which is `source` ('tables' or 'history'); all three are missing where it does not.
    """
    if store.table("given_readings") is None and store.table("given_overlap") is None:
        return pd.DataFrame(columns=COLUMNS)
    return store.keep("reconciliation", lambda: _compared(group, store))


def changes_of_source(reconciled: pd.DataFrame, id: str) -> list[ChangeOfSource]:
    """Where one practice's series of a KPI passes to another source, unless they are compared and found alike."""
    return [
        ChangeOfSource(row.at, row.until, row.source, row.grain, row.compared, row.compared - row.equal, row.largest)
        for row in reconciled[(reconciled["kpi"] == id) & reconciled["at"].notna()].itertuples()
        if row.compared == 0 or row.equal < row.compared
    ]


def _compared(group: Group, store: Store) -> pd.DataFrame:
    in_use, given = given_readings(group, store), _finest(given_readings(group, store, TOLD))
    tables = readings_of_tables(group, store, set(given["kpi"]))
    kpis = [kpi_named(id) for id in tables["kpi"].unique()]
    counted = {k.id: k for k in kpis if isinstance(k, TableKPI)}
    given = given[given["kpi"].isin(list(counted))]
    pairs = [
        _pairs(counted[id], grain, told, in_use, tables, OVER["base" if grain == group.shared.grain else "longer"])
        for (id, grain), told in given.groupby(["kpi", "grain"])
    ]
    if not pairs:
        return pd.DataFrame(columns=COLUMNS)
    periods = pd.concat(pairs)
    periods = pd.concat([periods, *(_of_score(k, periods) for k in kpis if isinstance(k, PeerScore))])
    return _summed_up(periods.sort_values([*SERIES, "period"], kind="stable"))


def _finest(given: pd.DataFrame) -> pd.DataFrame:
    """Each series at the finest grain that its history has."""
    rank = given["grain"].map({grain: i for i, grain in enumerate(GRAINS)})
    return given[rank == rank.groupby([given[name] for name in SERIES]).transform("min")]


def _pairs(kpi: TableKPI, grain: str, told, in_use, tables: pd.DataFrame, over: tuple[str, ...]) -> pd.DataFrame:
    """One KPI's periods: the source of its reading, whether both tell it, whether they are equal, the difference."""
    own = tables[(tables["kpi"] == kpi.id) & (tables["grain"] == grain) & tables["practice"].isin(told["practice"])]
    own = own.set_index(["practice", "period"])
    history, used = (
        ready_made(kpi, rows[(rows["kpi"] == kpi.id) & (rows["grain"] == grain)]).reindex(own.index)
        for rows in (told, in_use)
    )
    stands_in = own["state"].isin(over) & used["value"].notna()
    ours = own["value"].where(own["state"].isin(USABLE))
    theirs = history["value"].where(history["state"].isin(USABLE))
    alike = [round(a, kpi.decimals) == round(b, kpi.decimals) for a, b in zip(ours, theirs, strict=True)]
    frame = pd.DataFrame(
        {
            "source": np.select([stands_in, own["value"].notna()], ["history", "tables"], default=""),
            "both": ours.notna() & theirs.notna(),
            "equal": np.array(alike) | np.isclose(ours, theirs, rtol=CLOSE, atol=0),
            "difference": (ours - theirs).abs(),
        },
        index=own.index,
    )
    return frame.reset_index().assign(kpi=kpi.id, grain=grain)


def _of_score(kpi: PeerScore, periods: pd.DataFrame) -> pd.DataFrame:
    """A score's periods from those of its parts: it is of the tables, and compared and equal, as far as all of them."""
    parts = periods[periods["kpi"].isin(kpi.of) & (periods["source"] != "")]
    by = parts.assign(equal=parts["equal"] | ~parts["both"]).groupby(["practice", "grain", "period"], as_index=False)
    return by.agg(source=("source", "min"), both=("both", "any"), equal=("equal", "all")).assign(kpi=kpi.id)


def _summed_up(periods: pd.DataFrame) -> pd.DataFrame:
    both = periods[periods["both"].astype(bool)]
    facts = periods.groupby(SERIES)["grain"].first().to_frame()
    facts["compared"], facts["equal"] = both.groupby(SERIES).size(), both.groupby(SERIES)["equal"].sum()
    facts = facts.fillna({"compared": 0, "equal": 0}).astype({"compared": "int64", "equal": "int64"})
    facts["largest"] = both.groupby(SERIES)["difference"].max()
    told = periods[periods["source"] != ""]
    before = told.groupby(SERIES)[["period", "source"]].shift()
    changes = told.assign(until=before["period"], at=told["period"])
    changes = changes[before["source"].notna() & (before["source"] != told["source"])]
    found = facts.reset_index().merge(changes[[*SERIES, "until", "at", "source"]], how="left", on=SERIES)
    found = found[(found["compared"] > 0) | found["at"].notna()].reset_index(drop=True)
    return found[COLUMNS].astype({"largest": "float64", **dict.fromkeys(["until", "at", "source"], "str")})
