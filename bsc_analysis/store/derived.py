"""Tables that no export delivers, made of those that came: months of employment out of the roster."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.tables import STAFF_MONTHS

EMPLOYMENT = ["practice", "staff_id", "hired_at"]
PERSON = ["practice", "staff_id"]
DAY = pd.Timedelta(days=1)


def derived(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Table name → rows, of what can be made of `tables` (name → rows)."""
    return {STAFF_MONTHS.name: staff_months(tables["staff"])} if "staff" in tables else {}


def staff_months(roster: pd.DataFrame) -> pd.DataFrame:
    """One row per practice, person and month from hire to leaving, or to the day on which the roster was drawn.

    A person is employed from the day hired to the day left, both included; who left before being hired never was.
    Employments of one person in one month are one row: no more than one head, the shares of both added. Who goes on in
    another employment on the day after has not left. Where a roster was drawn more than once, its newest word holds.
    """
    newest = roster.sort_values("as_of", kind="stable").drop_duplicates(EMPLOYMENT, keep="last")
    until = newest[["left_at", "as_of"]].min(axis=1)
    employed = newest.assign(until=until, goes_on=_goes_on(newest))
    rows = _by_month(employed[employed["hired_at"] <= until].sort_values(EMPLOYMENT))
    first = rows["month"].dt.to_period("M").dt.start_time
    heads = (_employed(rows, first) + _employed(rows, rows["month"])) / 2
    rows["headcount"], rows["fte"] = heads, heads * rows["fte"].astype("float64").fillna(1.0)
    rows["left"] = rows["left_at"].between(first, rows["month"]) & ~rows["goes_on"]
    rows["leaving"] = rows["leaving"].where(rows["left"])
    months = rows.groupby([*PERSON, rows["month"].dt.to_period("M")], sort=False, as_index=False).agg(
        role=("role", "last"),
        team=("team", "last"),
        month=("month", "max"),
        headcount=("headcount", "sum"),
        fte=("fte", "sum"),
        left=("left", "max"),
        leaving=("leaving", "last"),
    )
    months["headcount"] = months["headcount"].clip(upper=1.0)
    return months[["practice", *(c.name for c in STAFF_MONTHS.columns)]]


def _by_month(employed: pd.DataFrame) -> pd.DataFrame:
    """Each employment once for each of its months, `month` being the last day of it that the roster tells of."""
    start, end = (pd.PeriodIndex(employed[name], freq="M").asi8 for name in ("hired_at", "until"))
    rows = employed.assign(start=start).loc[employed.index.repeat(end - start + 1)]
    ordinal = rows["start"] + rows.groupby(level=0).cumcount()
    ends = pd.PeriodIndex.from_ordinals(ordinal.to_numpy("int64"), freq="M").end_time.floor("D")
    month = pd.Series(ends.as_unit("us"), index=rows.index).clip(upper=rows["as_of"])
    return rows.assign(month=month).reset_index(drop=True)


def _employed(rows: pd.DataFrame, day: pd.Series) -> pd.Series:
    """1.0 where the person is employed on the day, else 0.0."""
    return ((rows["hired_at"] <= day) & ~(rows["left_at"] < day)).astype("float64")


def _goes_on(roster: pd.DataFrame) -> pd.Series:
    """Whether the person is employed on the day after leaving, under another row of the roster."""
    own = roster[[*EMPLOYMENT, "left_at"]].reset_index()
    both = own.merge(own, on=PERSON, suffixes=("", "_other"))
    after = both["left_at"] + DAY
    other = both["index"] != both["index_other"]
    goes_on = other & (both["hired_at_other"] <= after) & ~(both["left_at_other"] < after)
    return goes_on.groupby(both["index"]).any().reindex(roster.index)
