"""The days that registers cover: what a practice says of them, within the days of its other data."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.tables import KEPT, REGISTERS

COLUMNS = ["practice", "table", "since", "through"]
BY_HAND = [*(t.name for t in KEPT), REGISTERS.name]
SPAN = ["first", "last"]


def kept_days(said: pd.DataFrame | None, through: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """One row per practice, register and span of days that it covers: COLUMNS, within the days of its other data.

    `said`: the rows of the table `registers`; `through`: the days that each feed covers; `read`: practice ('' for all),
    feed and table of every file that could be read. A register whose file is missing covers nothing, whatever is said.
    """
    if said is None:
        return pd.DataFrame(columns=COLUMNS).astype({"since": "datetime64[us]", "through": "datetime64[us]"})
    told = said.rename(columns={"register": "table", "since": "first", "through": "last"})
    there = set(zip(read["practice"], read["table"], strict=True))
    both = pd.Series([{(p, t), ("", t)} & there for p, t in zip(told["practice"], told["table"], strict=True)])
    spans = _within_the_others(told[both.astype(bool).to_numpy()], through)
    return spans.rename(columns={"first": "since", "last": "through"})[COLUMNS].reset_index(drop=True)


def with_kept_days(through: pd.DataFrame, spans: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """`through` (practice, feed, table, first, last) with all days that registers cover, be there a row or none.

    What is said of registers is no data, and leaves; a date mistyped in one lengthens nothing.
    """
    if not through["table"].isin(BY_HAND).any():
        return through
    rows = _within_the_others(through[through["table"].isin(BY_HAND[:-1])], through)
    days = spans.rename(columns={"since": "first", "through": "last"}).merge(
        read.rename(columns={"practice": "reader"}), on="table"
    )
    days = days[(days["reader"] == "") | (days["reader"] == days["practice"])]
    parts = [through[~through["table"].isin(BY_HAND)], rows, days[through.columns]]
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return whole.groupby(["practice", "feed", "table"], sort=False).agg({"first": "min", "last": "max"}).reset_index()


def _within_the_others(spans: pd.DataFrame, through: pd.DataFrame) -> pd.DataFrame:
    """The spans as far as they lie within the days of the practice's other data; as they are where it has none."""
    others = through[~through["table"].isin(BY_HAND)].groupby("practice").agg({"first": "min", "last": "max"})
    begun, ended = (pd.to_datetime(spans["practice"].map(others[end])).fillna(spans[end]) for end in SPAN)
    cut = spans.assign(
        first=spans["first"].where(spans["first"] >= begun, begun),
        last=spans["last"].where(spans["last"] <= ended, ended),
    )
    return cut[cut["first"] <= cut["last"]]
