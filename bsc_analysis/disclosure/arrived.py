"""What may be told of how the data came: no small counts of persons, nothing of other practices' rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.arrival import findings
from bsc_analysis.analysis.finding import Finding
from bsc_analysis.analysis.levels import levels
from bsc_analysis.disclosure.withhold import FEWEST, FEWEST_ANSWERS, GUARDED
from bsc_analysis.params import Group
from bsc_analysis.readings.volumes import ASKED, orphans, volumes
from bsc_analysis.store import Store
from bsc_analysis.tables import TABLES


def arrived(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> dict:
    """What was read for a practice, as its reader may see it: Disclosed's accounts, quarantine, troubles, through,
    flow and arrival; `shown`: its readings after withholding.
    """

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["practice"].isin([practice, ""])].reset_index(drop=True)

    audience = group.shared.audience
    accounts, through, troubles = mine(store.accounts), mine(store.through), mine(store.troubles)
    quarantine = of_others_without_lines(store.quarantine, accounts["file"], practice)
    hidden = of_persons(group, practice, through) if audience in GUARDED else set()
    flow = levels(mine(volumes(store)), through, period)
    found = findings(
        flow,
        through,
        period,
        everybody=store.through,
        accounts=accounts,
        quarantine=quarantine,
        orphans=mine(orphans(store)),
        absent=tuple(sorted(set(troubles["table"]) - set(through["table"]))),
        ended=ended_on_purpose(group, practice),
        response=response(shown),
    )
    told = without_counts(accounts, hidden)
    uncounted = frozenset(told["file"][told["used"].isna()])
    return {
        "accounts": told,
        "quarantine": quarantine[~quarantine["feed"].isin(hidden)].reset_index(drop=True),
        "troubles": troubles,
        "through": through,
        "flow": flow.assign(rows=np.nan, usual=np.nan, people=np.nan) if audience in GUARDED else flow,
        "arrival": tuple(discreet(f, audience, uncounted) for f in found),
    }


def ended_on_purpose(group: Group, practice: str) -> tuple[str, ...]:
    """Feeds of which the params say until when they are taken."""
    feeds = group.shared.feeds | group.practices[practice].feeds
    return tuple(name for name, spec in feeds.items() if getattr(spec, "until", None))


def response(shown: pd.DataFrame) -> pd.Series | None:
    """The months of the KPI response_rate as its reader may see them; None where the card has none."""
    rows = shown[(shown["kpi"] == "response_rate") & (shown["grain"] == "month")]
    if rows.empty:
        return None
    return rows.set_index(pd.PeriodIndex(rows["period"], freq="M"))["value"].where((rows["state"] == "ok").to_numpy())


def discreet(found: Finding, audience: str, uncounted: frozenset[str] = frozenset()) -> Finding:
    """The finding without small counts of persons: missing ones are said as 'hardly any'.

    `uncounted`: files of which no counts are shown; a share of their rows would give them back.
    """
    if found.file in uncounted and found.kind in ("refused", "twice"):
        return replace(found, n=np.nan, of=np.nan)
    least = FEWEST if audience in GUARDED else FEWEST_ANSWERS if found.table in ASKED else 0
    if found.kind == "sparse" or found.table not in TABLES or TABLES[found.table].person is None:
        return found  # months, rows of the ledger: no persons

    def told(count: float) -> float:
        return np.nan if 0 < count < least or 0 < found.people < least else count

    n, now = told(found.n), told(found.now)
    shown = replace(found, n=n, now=now, before=np.nan if 0 < found.before < least else found.before, people=0)
    if pd.notna(found.n) and pd.isna(n):
        shown = replace(shown, early=0)
    return replace(shown, share_before=np.nan, share_now=np.nan) if pd.isna(now) else shown


def of_persons(group: Group, practice: str, through: pd.DataFrame) -> set[str]:
    """The feeds whose rows name persons or, in a register, are what happened to one; whether any came or none."""
    feeds = group.shared.feeds | group.practices[practice].feeds
    tables = {name: getattr(spec, "table", "") for name, spec in feeds.items()}
    tables |= dict(zip(through["feed"], through["table"], strict=True))
    found = {name for name in tables.values() if name in TABLES and (TABLES[name].person or TABLES[name].register)}
    return {feed for feed, name in tables.items() if name in found}


def without_counts(accounts: pd.DataFrame, feeds: set[str]) -> pd.DataFrame:
    """The accounts without the counts of these feeds: the difference between two releases could be one person's.

    That a file has no row at all to use tells of nobody, and stays.
    """
    hidden = accounts["feed"].isin(feeds)
    counts = accounts.select_dtypes("number").columns
    return accounts.assign(**{n: accounts[n].astype("Int64").mask(hidden & (accounts[n] > 0)) for n in counts})


def of_others_without_lines(quarantine: pd.DataFrame, files: pd.Series, practice: str) -> pd.DataFrame:
    """The refused rows of the files behind a report; of other practices' rows in them only that there are some."""
    rows = quarantine[quarantine["file"].isin(files)].reset_index(drop=True)
    others = ~rows["practice"].isin([practice, ""])
    return rows.assign(
        line=rows["line"].mask(others), column=rows["column"].mask(others), rule=rows["rule"].mask(others)
    )
