"""Readings: KPI × practice × period → numerator, denominator, n, value, interval and a state in words' reach.

Missing is never 0: a calendar-complete row stands for every period, with the state that says why it is empty.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bsc_analysis.errors import Fault, FeedError
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI, PeerScore, Published, Ratio, TableKPI, Total
from bsc_analysis.params import Group
from bsc_analysis.periods import GRAINS, grain_of, grains_from, parse
from bsc_analysis.readings.compute import sums
from bsc_analysis.readings.intervals import poisson, wilson
from bsc_analysis.store import Store
from bsc_analysis.tables import TABLES

STATES = ("ok", "value_only", "too_few", "immature", "no_feed", "not_calculable", "withheld")
USABLE = ("ok", "value_only")
SIDES = ["numerator", "denominator", "value", "n"]
PEOPLE = ["numerator_people", "people", "rest_people"]
NUMBERS = ["numerator", "denominator", "n", "value", "lower", "upper", *PEOPLE]
COLUMNS = ["practice", "kpi", "grain", "period", *NUMBERS, "state"]


def readings(group: Group, store: Store) -> pd.DataFrame:
    """All readings of the group: one row per practice, KPI, grain and period, columns COLUMNS, sorted.

    `value`, `lower`, `upper` are in the KPI's unit; value is missing unless the state is `ok` or `value_only`
    (an `immature` one keeps its value, to be drawn grey and used for nothing).
    """
    return store.keep("readings", lambda: _all(group, store))


def newest_complete(group: Group, store: Store) -> str:
    """The newest period, of the grain that the group reports, that most practices' feeds have reached the end of.

    Raises FeedError where no feed delivered anything.
    """
    grain = GRAINS[group.report_grain]
    _require_rows(group, store)
    days = store.through
    rows = days[days["table"].isin(TABLES)]  # ready-made readings are history, unless there is nothing else
    days = days if rows.empty else rows
    slack = days["table"].map({t.name: t.closing_days for t in TABLES.values()}).fillna(0)
    reach = pd.to_datetime(days["last"]) + pd.to_timedelta(slack, "D")
    reach = (reach + pd.Timedelta(days=1)).dt.to_period(grain) - 1
    return str(reach.sort_values().iloc[len(reach) // 2])


def _require_rows(group: Group, store: Store) -> None:
    if store.through.empty:
        raise FeedError(Fault(f"data/{group.id}", "feeds", "no feed delivered a row; see that the exports are there"))


def _all(group: Group, store: Store) -> pd.DataFrame:
    _require_rows(group, store)
    chosen = {id for p in group.practices.values() for id in p.kpis} | set(group.shared.kpis)
    kpis = [kpi_named(id) for id in sorted(chosen)]
    kpis += [kpi_named(part) for k in kpis if isinstance(k, PeerScore) for part in k.of if part not in chosen]
    given = _given(group, store)
    frames = []
    for grain in grains_from(group.shared.grain):
        computed = sums(store, [k for k in kpis if isinstance(k, TableKPI)], grain)
        index = _calendar(group, store, grain)
        for kpi in kpis:
            if isinstance(kpi, TableKPI):
                frame = _table_readings(kpi, computed.get(kpi.id), index, store, grain)
                frame = _with_history(kpi, frame, given[(given["kpi"] == kpi.id) & (given["grain"] == grain)])
                frames.append(frame.assign(kpi=kpi.id, grain=grain))
    table = pd.concat(frames).reset_index()
    scores = [_peer_scores(k, table) for k in kpis if isinstance(k, PeerScore)]
    full = pd.concat([table, *scores], ignore_index=True).reindex(columns=COLUMNS)
    full[NUMBERS] = full[NUMBERS].astype("float64")
    return full.sort_values(COLUMNS[:4], kind="stable").reset_index(drop=True)


def _calendar(group: Group, store: Store, grain: str) -> pd.MultiIndex:
    """Every period from a practice's first row (without any: the group's) to the group's last, gaps included."""
    days = store.through.groupby("practice").agg(first=("first", "min"))
    first = pd.to_datetime(days["first"]).dt.to_period(GRAINS[grain])
    last = pd.to_datetime(store.through["last"]).max().to_period(GRAINS[grain])
    starts = first.to_dict()
    for practice in set(group.practices) - set(starts):
        starts[practice] = min(starts.values())
    pairs = [(p, str(period)) for p in sorted(starts) for period in pd.period_range(starts[p], last)]
    return pd.MultiIndex.from_tuples(pairs, names=["practice", "period"])


def _table_readings(kpi: TableKPI, found: pd.DataFrame | None, index, store: Store, grain: str) -> pd.DataFrame:
    """The KPI's readings on the calendar `index`, from the sums `found` in its table."""
    if found is None:
        found = pd.DataFrame(index=index[:0])
    frame = found.reindex(index).reindex(columns=[*NUMBERS, "rows", "over_rows"]).astype("float64")
    if isinstance(kpi, Ratio):
        frame["n"] = frame["denominator" if kpi.n_is == "denominator" else "rows"]
    elif isinstance(kpi, Total):
        frame["n"] = frame["rows"]
    frame = _valued(kpi, frame)
    absent = frame["rows"].isna() | (frame["over_rows"].isna() & bool(getattr(kpi, "over", None)))
    frame["state"] = _states(kpi, frame, absent, _open(kpi, frame.index, store, grain))
    frame.loc[~frame["state"].isin([*USABLE, "immature"]), ["value", "lower", "upper"]] = np.nan
    return frame.drop(columns=["rows", "over_rows"])


def _valued(kpi: KPI, frame: pd.DataFrame) -> pd.DataFrame:
    """value, lower and upper from numerator and denominator, in the KPI's unit."""
    if isinstance(kpi, Total):
        return frame.assign(value=frame["numerator"] * kpi.scale)
    if not isinstance(kpi, Ratio):
        return frame
    top, bottom = (
        frame["numerator"].to_numpy(),
        frame["denominator"].where(frame["denominator"] > 0).to_numpy(),
    )
    blank = np.full(len(frame), np.nan)
    bounds = {"proportion": wilson, "count": poisson}.get(kpi.interval, lambda *_: (blank, blank))
    lower, upper = bounds(top, bottom)
    return frame.assign(value=top / bottom * kpi.scale, lower=lower * kpi.scale, upper=upper * kpi.scale)


def _states(kpi: TableKPI, frame: pd.DataFrame, absent: pd.Series, still_open: pd.Series) -> np.ndarray:
    alone = "value_only" if isinstance(kpi, Published) else "ok"
    return np.select(
        [absent, still_open, frame["value"].isna(), frame["n"] < kpi.least_n],
        ["no_feed", "immature", "not_calculable", "too_few"],
        default=alone,
    )


def _open(kpi: TableKPI, index: pd.MultiIndex, store: Store, grain: str) -> pd.Series:
    """True where the practice's data do not reach (or not far enough past) the end of the period."""
    ends = pd.PeriodIndex(index.get_level_values("period"), freq=GRAINS[grain]).end_time.normalize()
    still_open = pd.Series(False, index=index)
    for table in {kpi.table, getattr(kpi, "over", None) or kpi.table}:
        mine = store.through[store.through["table"] == table.name]
        last = pd.to_datetime(mine.groupby("practice")["last"].max()).dt.normalize()
        reach = pd.DatetimeIndex(last.reindex(index.get_level_values("practice"))) + pd.Timedelta(
            days=table.closing_days
        )
        still_open |= np.asarray(reach < ends + pd.Timedelta(days=kpi.matures_days))
    return still_open


def _given(group: Group, store: Store) -> pd.DataFrame:
    """Ready-made readings with their grain, both sides where they can be had, and the longer periods they add up to."""
    path = store.table("given_readings")
    columns = ["practice", "kpi", "period", *SIDES, "grain"]
    if path is None:
        return pd.DataFrame(columns=columns)
    given = pd.read_parquet(path).drop_duplicates(["practice", "kpi", "period"])
    grains = {text: grain_of(parse(text)) for text in given["period"].unique()}
    given = given.assign(grain=given["period"].map(grains))
    given[SIDES] = given[SIDES].astype("float64")
    finest, *coarser = grains_from(group.shared.grain)
    given = pd.concat([_both_sides(kpi_named(id), rows) for id, rows in given.groupby("kpi")])
    pooled = [_pooled(given[given["grain"] == finest], finest, grain) for grain in coarser]
    every = pd.concat([given[given["grain"].isin([finest, *coarser])], *pooled])
    return every.drop_duplicates(["practice", "kpi", "period"])[columns]


def _both_sides(kpi: KPI, given: pd.DataFrame) -> pd.DataFrame:
    """value + n give back numerator and denominator of a ratio; a total is its own numerator."""
    given = given.copy()
    if isinstance(kpi, Ratio):
        weighed = given["value"].notna() & given["n"].notna() & given["denominator"].isna()
        given.loc[weighed, "denominator"] = given["n"]
        given.loc[weighed, "numerator"] = given["value"] / kpi.scale * given["n"]
        rows = given["denominator"].notna() * 1.0
        given["n"] = given["denominator"] if kpi.n_is == "denominator" else rows.where(rows > 0)
    elif isinstance(kpi, Total):
        given["numerator"] = given["numerator"].fillna(given["value"] / kpi.scale)
    return given


def _pooled(given: pd.DataFrame, finest: str, grain: str) -> pd.DataFrame:
    """Σ numerators and Σ denominators of the longer periods whose every part is there; values alone are not pooled."""
    per = {("month", "quarter"): 3, ("month", "year"): 12, ("quarter", "year"): 4}[finest, grain]
    sides = given.dropna(subset="numerator")
    ends = {text: str(parse(text).start_time.to_period(GRAINS[grain])) for text in sides["period"].unique()}
    by = sides.assign(period=sides["period"].map(ends)).groupby(["practice", "kpi", "period"])
    sums = by[["numerator", "denominator", "n"]].sum(min_count=1)
    return sums[by.size() == per].reset_index().assign(grain=grain, value=np.nan)


def _with_history(kpi: TableKPI, frame: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """The readings, with ready-made ones where the practice's own rows give none."""
    if given.empty:
        return frame
    told = given.set_index(["practice", "period"])[SIDES].reindex(frame.index)
    alone = told["value"].notna() & told["numerator"].isna() & told["n"].isna()
    valued = _valued(kpi, told.assign(lower=np.nan, upper=np.nan))
    valued["value"] = told["value"].fillna(valued["value"])
    few = valued["n"] < kpi.least_n
    valued["state"] = np.select([alone, few], ["value_only", "too_few"], default="ok")
    valued.loc[few & ~alone, ["value", "lower", "upper"]] = np.nan
    use = (frame["state"] == "no_feed") & (valued["value"].notna() | few)
    return frame.where(~use, valued.reindex(columns=frame.columns))


def _peer_scores(kpi: PeerScore, table: pd.DataFrame) -> pd.DataFrame:
    """Mean z of the component KPIs over all practices of the same period."""
    parts = table[table["kpi"].isin(kpi.of) & table["state"].isin(USABLE)]
    by = parts.groupby(["kpi", "grain", "period"])["value"]
    z = (parts["value"] - by.transform("mean")) / by.transform("std", ddof=1)
    score = parts.assign(value=z).groupby(["practice", "grain", "period"])["value"].mean().reset_index()
    everywhere = table.loc[table["kpi"] == kpi.of[0], ["practice", "grain", "period", "state"]]
    frame = everywhere.merge(score, how="left", on=["practice", "grain", "period"])
    frame["state"] = np.where(frame["value"].notna(), "value_only", frame["state"].where(~frame["state"].isin(USABLE)))
    frame["state"] = frame["state"].fillna("not_calculable")
    return frame.assign(kpi=kpi.id)


__all__ = ["COLUMNS", "PEOPLE", "STATES", "USABLE", "newest_complete", "readings"]
