"""Stocks over their flow, such as days in receivables: what cannot be summed from month to month."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.kpis.kpi import Stock
from bsc_analysis.periods import Calendar


def held(kpi: Stock, months: pd.DataFrame, grain: str, years: Calendar) -> pd.DataFrame:
    """Balance (numerator), flow per day of the window (denominator) and rows, at the last month of each period.

    `months`: balance, flow and rows by practice and month (text). Indexed by practice and period of `grain`. A window
    that lacks a month's flow has none.
    """
    wide = months.unstack("practice")
    wide.index = pd.PeriodIndex(wide.index, freq="M")
    wide = wide.reindex(pd.period_range(wide.index.min(), wide.index.max(), freq="M"))
    days = pd.Series(wide.index.days_in_month, index=wide.index).rolling(kpi.months).sum()
    per_day = wide["flow"].rolling(kpi.months, min_periods=kpi.months).sum().div(days, axis=0)
    ends = wide.index[wide.index.asfreq(years.freq(grain)).asfreq("M", how="end") == wide.index]
    sides = {"numerator": wide["balance"], "denominator": per_day, "rows": wide["rows"]}
    found = pd.DataFrame({name: side.loc[ends].stack() for name, side in sides.items()})
    found.index = pd.MultiIndex.from_arrays(
        [
            found.index.get_level_values("practice"),
            found.index.get_level_values(0).asfreq(years.freq(grain)).astype(str),
        ],
        names=["practice", "period"],
    )
    return found.sort_index()


def at_the_end(base: pd.DataFrame, index: pd.MultiIndex, grain: str, years: Calendar) -> pd.DataFrame:
    """The readings of longer periods on `index`: each is the reading of its last part in `base`.

    Where that part has no data but an earlier one has, the longer period is `immature`.
    """
    longer = {text: years.within(text, grain) for text in base.index.get_level_values("period").unique()}
    last = {text for text, whole in longer.items() if years.within(str(years.parse(text) + 1), grain) != whole}
    part = base.reset_index()
    part["whole"] = part["period"].map(longer)
    begun = (part["state"] != "no_feed").groupby([part["practice"], part["whole"]]).any()
    ends = part[part["period"].isin(last)].drop(columns="period").rename(columns={"whole": "period"})
    frame = ends.set_index(["practice", "period"]).reindex(index)
    absent = ~frame["state"].ne("no_feed").where(frame["state"].notna(), False)
    open_yet = absent & begun.reindex(index, fill_value=False)
    frame["state"] = frame["state"].fillna("no_feed").mask(open_yet, "immature")
    frame["complete"] = frame["complete"].fillna(False).astype(bool) & ~absent
    return frame
