"""Claims of vendors and leaders, held against the practice's own rows and readings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.impact.claims import CANNOT_TELL, fall_in_counts, fall_in_means, share_claimed
from bsc_analysis.analysis.impact.claims import Claim as Found
from bsc_analysis.feeds.opening import WEEKDAYS
from bsc_analysis.params import Practice
from bsc_analysis.params.claims import CountsClaim, MeansClaim, ShareClaim
from bsc_analysis.params.models import Opening
from bsc_analysis.periods import Calendar
from bsc_analysis.readings import USABLE
from bsc_analysis.store import Store
from bsc_analysis.store.query import connect
from bsc_analysis.tables import TABLES


@dataclass(frozen=True)
class Audit:
    """A claim and what the data say of it: 'met', 'not_met' or 'cannot_tell', as in analysis.impact.claims.

    `claimed`, `value`, `lower`, `upper`: shares of 1; `n`: what they are of, after; `before`: what that is compared
    with; `first`: from when on the data count. `of`: the table or KPI. `fewest`: of a share, the smallest number of
    persons behind the rows that are counted, that are not, or all of them; NaN where no row names anybody. It never
    leaves disclosure.
    Reasons beside those of the statistic: 'no_run_ledger' (how long reports take is not recorded), 'no_calendar'
    (nobody says when the practice is closed), 'withheld'.
    """

    claim: str
    by: str
    source: str
    declared: str
    kind: str
    of: str = ""
    first: str = ""
    claimed: float = np.nan
    answer: str = CANNOT_TELL
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    n: float = 0
    before: float = 0
    dispersion: float = np.nan
    reason: str = ""
    shared: bool = False
    fewest: float = np.nan


def audits(
    practice: Practice, shared: int, shown: pd.DataFrame, store: Store, period: pd.Period, years: Calendar, grain: str
) -> tuple[Audit, ...]:
    """The practice's claims, the first `shared` of them its group's, on what came by the end of `period`.

    `shown`: its readings as their reader may see them, of which those at `grain` are used.
    """
    told = []
    facts: dict[str, Any]
    for i, claim in enumerate(practice.claims):
        if isinstance(claim, ShareClaim):
            facts = {"of": claim.table, "first": claim.since or ""}
            found, facts["fewest"] = _share(claim, practice, store, period.end_time)
        elif claim.kpi is None:
            facts, found = {"first": claim.entered or ""}, _reports(claim)
        else:
            facts = {"of": claim.kpi, "first": claim.since or ""}
            found = _fall(claim, shown, years, grain)
        said: dict[str, Any] = {name: getattr(claim, name) for name in ("claim", "by", "source", "declared", "kind")}
        told.append(Audit(**said, **facts, **asdict(found), shared=i < shared))
    return tuple(told)


def _share(claim: ShareClaim, practice: Practice, store: Store, through: pd.Timestamp) -> tuple[Found, float]:
    """What is found, and Audit's fewest."""
    share = claim.at_least / 100
    opening = practice.premises.opening
    if claim.closed_days and opening is None:
        return Found(share, reason="no_calendar"), np.nan
    days = _days(claim, practice.id, store, through)
    if claim.closed_days and opening is not None:
        days = days[_closed(days["day"], opening)]
    found = share_claimed(days["counted"].astype(float), days["n"].astype(float), share)
    who, others = ({each for some in days[side].dropna() for each in some} for side in ("who", "others"))
    return found, min((float(len(some)) for some in (who, others, who | others) if some), default=np.nan)


def _days(claim: ShareClaim, practice: str, store: Store, through: pd.Timestamp) -> pd.DataFrame:
    """day, counted, n, who, others: of each day, the rows that are counted and all that say whether they are, and the
    persons behind those that are and those that are not (missing where there are none)."""
    path, table = store.table(claim.table), TABLES[claim.table]
    if path is None:
        return pd.DataFrame({"day": pd.to_datetime([]), "counted": [], "n": [], "who": [], "others": []})
    counted = " AND ".join(f'"{name}" = ?' for name in claim.counted)
    known = " AND ".join(f'"{name}" IS NOT NULL' for name in claim.counted)
    among = "".join(f' AND "{name}" = ?' for name in claim.among)
    done = f' AND "{table.at_status}" IN {table.at_done}' if table.at_status else ""
    person = f'"{table.person}"' if table.person else "NULL"
    since = pd.Timestamp(claim.since or "1900-01-01")
    connection = connect()
    found = connection.execute(
        f"""SELECT day, count(*) FILTER (hit) AS counted, count(*) AS n,
                   list(DISTINCT who) FILTER (hit AND who IS NOT NULL) AS who,
                   list(DISTINCT who) FILTER (NOT hit AND who IS NOT NULL) AS others
            FROM (SELECT date_trunc('day', "{table.at}")::TIMESTAMP AS day, {counted} AS hit, {person} AS who
                  FROM read_parquet(?) WHERE practice = ? AND "{table.at}" BETWEEN ? AND ? AND {known}{among}{done})
            GROUP BY day ORDER BY day""",
        [*claim.counted.values(), str(path), practice, since, through, *claim.among.values()],
    ).df()
    connection.close()
    return found


def _closed(days: pd.Series, opening: Opening) -> pd.Series:
    open_on = [WEEKDAYS.index(name) for name, spans in opening.hours.items() if spans]
    return ~days.dt.day_of_week.isin(open_on) | days.dt.strftime("%Y-%m-%d").isin(opening.closed)


def _fall(claim: CountsClaim | MeansClaim, shown: pd.DataFrame, years: Calendar, grain: str) -> Found:
    rows = shown[(shown["kpi"] == claim.kpi) & (shown["grain"] == grain) & shown["state"].isin(USABLE)]
    starts = rows["period"].map({text: years.parse(text).start_time for text in rows["period"].unique()})
    late = (starts >= years.parse(claim.since or "").start_time).astype(bool)
    share, before, after = claim.at_least / 100, rows[~late], rows[late]
    if isinstance(claim, MeansClaim):
        return fall_in_means(list(before["value"]), list(after["value"]), share)
    if before.empty or after.empty:
        return Found(share, reason="no_counts")
    totals = [float(part["numerator"].sum(min_count=1)) for part in (before, after)]
    exposure = tuple(float(part["denominator"].sum(min_count=1)) for part in (before, after))
    return fall_in_counts(totals[0], totals[1], share, (exposure[0], exposure[1]), _dispersion(before, after))


def _dispersion(*parts: pd.DataFrame) -> float:
    """How much more the counts of periods vary than by chance, about the rate before and that after; at least 1."""
    apart, freedom = 0.0, 0
    for part in parts:
        expected = part["denominator"] * part["numerator"].sum() / part["denominator"].sum()
        good = expected > 0
        apart += float(((part["numerator"] - expected)[good] ** 2 / expected[good]).sum())
        freedom += max(int(good.sum()) - 1, 0)
    return max(1.0, apart / freedom) if freedom else 1.0


def _reports(claim: MeansClaim) -> Found:
    """Nothing records yet how long a report takes since."""
    return Found(claim.at_least / 100, before=len(claim.minutes), reason="no_run_ledger")
