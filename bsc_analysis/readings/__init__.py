"""Readings: KPI × practice × period → numerator, denominator, n, value, interval and a state in words' reach.

Missing is never 0: a calendar-complete row stands for every period, with the state that says why it is empty.
A longer period is complete only if each of its parts is; what can be summed is summed from those parts, whether they
come from rows or from ready-made readings.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from bsc_analysis.errors import Fault, FeedError
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, PeerScore, Published, Ratio, Stock, TableKPI, Total
from bsc_analysis.params import Group
from bsc_analysis.periods import Calendar, grains_from, parts_in
from bsc_analysis.readings.calendar import calendar, still_open
from bsc_analysis.readings.compute import last_days, sums
from bsc_analysis.readings.given import given_readings
from bsc_analysis.readings.intervals import poisson, wilson
from bsc_analysis.readings.peers import peer_scores
from bsc_analysis.readings.quiet import with_zeros
from bsc_analysis.readings.stock import at_the_end
from bsc_analysis.store import Store

STATES = ("ok", "value_only", "too_few", "immature", "no_feed", "not_calculable", "withheld")
USABLE = ("ok", "value_only")
OVER = {"base": ("no_feed",), "longer": ("no_feed", "immature")}  # the states that ready-made readings stand in for
PEOPLE = ["numerator_people", "people", "rest_people"]
NUMBERS = ["numerator", "denominator", "n", "value", "lower", "upper", *PEOPLE]
COLUMNS = ["practice", "kpi", "grain", "period", *NUMBERS, "state", "complete"]


def readings(group: Group, store: Store) -> pd.DataFrame:
    """All readings of the group: one row per practice, KPI, grain and period, columns COLUMNS, sorted.

    `value`, `lower`, `upper` are in the KPI's unit; value is missing unless the state is `ok` or `value_only`
    (an `immature` one keeps what there is, to be drawn grey and used for nothing). `complete`: the data of every part
    of the period are there, whatever the state.

    Raises FeedError where no feed delivered anything.
    """
    return store.keep("readings", lambda: _all(group, store, given_readings(group, store)))


def readings_of_tables(group: Group, store: Store, told: Collection[str]) -> pd.DataFrame:
    """The readings of the KPIs `told`, and of scores over them, as they would be without ready-made ones: COLUMNS."""
    return _all(group, store, given_readings(group, store, tables=()), told)


def newest_complete(group: Group, store: Store, grain: str | None = None) -> str:
    """The newest period, of `grain` (None: that which the group reports), complete for most practices and KPIs.

    Raises FeedError where no feed delivered anything, or no such period is complete yet.
    """
    found = readings(group, store)
    current = store.titles.loc[store.titles["at"] == store.titles["at"].max(), "practice"]
    grain = grain or group.report_grain
    done = found[(found["grain"] == grain) & found["complete"]]
    done = done[done["practice"].isin(current if len(current) else done["practice"])]
    newest = done.groupby(["practice", "kpi"])["period"].max().sort_values()
    if newest.empty:
        shortest = found.loc[found["grain"] == group.shared.grain, "period"].max()
        mend = f"name a shorter period, such as --period {shortest}"
        raise FeedError(Fault(f"data/{group.id}", "feeds", f"no {grain} is complete yet; {mend}"))
    return newest.iloc[len(newest) // 2]


def _all(group: Group, store: Store, given: pd.DataFrame, told: Collection[str] | None = None) -> pd.DataFrame:
    if store.through.empty:
        why = store.reasons() or "; see that the exports are there"
        raise FeedError(Fault(f"data/{group.id}", "feeds", f"no feed delivered a row{why}"))
    chosen = {id for p in group.practices.values() for id in p.kpis} | set(group.shared.kpis)
    kpis = [k for k in map(kpi_named, sorted(chosen)) if told is None or {k.id, *getattr(k, "of", ())} & set(told)]
    scores = [k for k in kpis if isinstance(k, PeerScore)]
    parts = [kpi_named(part) for k in scores for part in k.of if part not in chosen]
    counted = [k for k in [*kpis, *parts] if isinstance(k, TableKPI)]
    if not counted:
        return pd.DataFrame(columns=COLUMNS)
    base, *coarser = grains_from(group.shared.grain)
    years = group.calendar
    found, index = sums(store, counted, base, years), calendar(group, store, base)
    finest = {k.id: _base(k, found.get(k.id), index, store, base, years, _of(given, k.id, base)) for k in counted}
    frames = [frame.assign(kpi=id, grain=base) for id, frame in finest.items()]
    for grain in coarser:
        found, index = sums(store, counted, grain, years), calendar(group, store, grain)
        for k in counted:
            frame = _longer(k, finest[k.id], found.get(k.id), index, base, grain, years)
            told = _of(given, k.id, grain)
            frames.append(_with_history(k, frame, told, over=OVER["longer"]).assign(kpi=k.id, grain=grain))
    table = pd.concat(frames).reset_index()
    full = pd.concat([table, *(peer_scores(k, table, USABLE) for k in scores)], ignore_index=True).reindex(
        columns=COLUMNS
    )
    full[NUMBERS] = full[NUMBERS].astype("float64")
    return full.sort_values(COLUMNS[:4], kind="stable").reset_index(drop=True)


def _of(given: pd.DataFrame, kpi: str, grain: str) -> pd.DataFrame:
    return given[(given["kpi"] == kpi) & (given["grain"] == grain)]


def _base(
    kpi: TableKPI, found: pd.DataFrame | None, index, store: Store, grain: str, years: Calendar, given
) -> pd.DataFrame:
    """The KPI's readings at the group's own grain: from the sums `found` in its table, else ready-made."""
    frame = _aligned(found, index)
    if kpi.table.sparse:
        frame = with_zeros(kpi, frame, last_days(store, kpi.table, grain, years))
    if isinstance(kpi, Ratio):
        frame["n"] = frame["denominator" if kpi.n_is == "denominator" else "rows"]
    elif isinstance(kpi, Total):
        frame["n"] = frame["rows"]
    frame = valued(kpi, frame)
    absent = frame["rows"].isna() | (frame["over_rows"].isna() & bool(getattr(kpi, "over", None)))
    unfinished = still_open(kpi, index, store, grain, years)
    frame["state"], frame["complete"] = _states(kpi, frame, absent, unfinished), ~(absent | unfinished)
    return _with_history(kpi, _blanked(frame), given, over=OVER["base"])


def _longer(kpi: TableKPI, base: pd.DataFrame, found: pd.DataFrame | None, index, finest: str, grain: str, years):
    """The KPI's readings of a longer period, from its finished parts.

    Numerators and denominators are summed over the parts that have both; medians and percentiles are taken from the
    rows; a value without a count is never pooled. `immature` unless every part is finished. A stock is that of the
    last part.
    """
    if isinstance(kpi, Stock):
        return at_the_end(base, index, grain, years)
    part = base.reset_index()
    part["period"] = part["period"].map({p: years.within(p, grain) for p in part["period"].unique()})
    finished = part["complete"]
    if isinstance(kpi, (Ratio, Total)):
        finished &= part["numerator"].notna()
    keys = [part["practice"], part["period"]]
    there = finished.groupby(keys).sum().reindex(index, fill_value=0)
    begun = (part["state"] != "no_feed").groupby(keys).any().reindex(index, fill_value=False)
    frame = _aligned(found, index)
    if isinstance(kpi, (Ratio, Total)):
        sides = ["numerator", "denominator", "n"]
        frame[sides] = part[finished].groupby(["practice", "period"])[sides].sum(min_count=1).reindex(index)
    elif isinstance(kpi, Published):
        frame["value"] = np.nan
    frame = valued(kpi, frame)
    frame["complete"] = there == parts_in(finest, grain)
    frame["state"] = _states(kpi, frame, ~begun, ~frame["complete"])
    return _blanked(frame)


def _aligned(found: pd.DataFrame | None, index: pd.MultiIndex) -> pd.DataFrame:
    """The sums on the calendar, missing where the table has no rows."""
    found = pd.DataFrame(index=index[:0]) if found is None else found
    return found.reindex(index).reindex(columns=[*NUMBERS, "rows", "over_rows"]).astype("float64")


def _blanked(frame: pd.DataFrame) -> pd.DataFrame:
    """No value in a state that has none."""
    frame.loc[~frame["state"].isin([*USABLE, "immature"]), ["value", "lower", "upper"]] = np.nan
    return frame.drop(columns=["rows", "over_rows"])


def valued(kpi: KPI, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with value, lower and upper from both sides, in the KPI's unit; what cannot be is missing."""
    if isinstance(kpi, Total):
        return frame.assign(value=frame["numerator"] * kpi.scale)
    if not isinstance(kpi, (Ratio, Stock)):
        return frame
    interval = getattr(kpi, "interval", "none")
    possible = frame["denominator"] > 0
    if interval != "none":
        possible &= frame["numerator"] >= 0
    if interval == "proportion":
        possible &= frame["numerator"] <= frame["denominator"] * (1 + 1e-9)
    top, bottom = (frame[side].where(possible).to_numpy() for side in ("numerator", "denominator"))
    blank = np.full(len(frame), np.nan)
    bounds = {"proportion": wilson, "count": poisson}.get(interval, lambda *_: (blank, blank))
    lower, upper = bounds(top, bottom)
    return frame.assign(value=top / bottom * kpi.scale, lower=lower * kpi.scale, upper=upper * kpi.scale)


def _states(kpi: TableKPI, frame: pd.DataFrame, absent: pd.Series, unfinished: pd.Series) -> np.ndarray:
    """The first state that holds; a count below the KPI's least stays hidden also while its period is open."""
    few = frame["n"] < kpi.least_n
    alone = "value_only" if isinstance(kpi, Published) else "ok"
    return np.select(
        [absent, few & frame["value"].notna(), unfinished, frame["value"].isna()],
        ["no_feed", "too_few", "immature", "not_calculable"],
        default=alone,
    )


def _with_history(kpi: TableKPI, frame: pd.DataFrame, given: pd.DataFrame, over: tuple[str, ...]) -> pd.DataFrame:
    """The readings, with ready-made ones where their state is among `over`."""
    if given.empty:
        return frame
    history = ready_made(kpi, given).reindex(frame.index)
    use = frame["state"].isin(over) & history["state"].notna()
    return frame.where(~use, history.assign(complete=True).reindex(columns=frame.columns))


def ready_made(kpi: TableKPI, given: pd.DataFrame) -> pd.DataFrame:
    """The KPI's ready-made readings that tell something, by practice and period: NUMBERS and state."""
    told = given.set_index(["practice", "period"])[["numerator", "denominator", "value", "n"]]
    told = told[told[["numerator", "value"]].notna().any(axis=1)]
    alone = told["value"].notna() & told["numerator"].isna() & told["n"].isna()
    found = valued(kpi, told.assign(lower=np.nan, upper=np.nan))
    found["value"] = found["value"].fillna(told["value"].where(told["numerator"].isna()))
    few = (found["n"] < kpi.least_n) & found["value"].notna()
    none = found["value"].isna()
    found["state"] = np.select([none, alone, few], ["not_calculable", "value_only", "too_few"], default="ok")
    found.loc[few, ["value", "lower", "upper"]] = np.nan
    return found.reindex(columns=[*NUMBERS, "state"])


__all__ = [
    "COLUMNS",
    "OVER",
    "PEOPLE",
    "STATES",
    "USABLE",
    "newest_complete",
    "readings",
    "readings_of_tables",
    "ready_made",
]
