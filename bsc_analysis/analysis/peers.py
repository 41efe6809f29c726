"""The practices of each peer set beside each other: one period's counts, their funnel, and what is likely of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.funnel import Funnel, funnel
from bsc_analysis.analysis.funnel_limits import LIMITS
from bsc_analysis.analysis.peer_alike import p_alike
from bsc_analysis.analysis.peer_counts import LEAST_PRACTICES, Kind
from bsc_analysis.analysis.shrunken import Shrunken, shrunken
from bsc_analysis.kpis.kpi import KPI, Ratio
from bsc_analysis.params import Group
from bsc_analysis.periods import Calendar, grain_of

KINDS: Mapping[str, Kind] = {"proportion": "proportion", "count": "rate"}  # of a ratio's interval; money has neither
MONTHS_BACK = 12  # how old the newest mature period may be, before it says nothing of today's practice
LIKELY = ["shrunken", "lower", "upper"]
RANKS = ["rank", "rank_lower", "rank_upper"]
ROWS = ["of", "value", *LIMITS, "place", "word", *LIKELY, *RANKS]


@dataclass(frozen=True)
class Peers:
    """One KPI over the practices of one peer set.

    `of`: their specialty, '' where the group's practices name none and are all one set. `period`: the newest in which
    enough of them have a reading to build on; the group's own grain where the same persons answer each period, because
    a longer one would count them several times; '' where there is none. `practices`: indexed by practice, columns ROWS,
    values and limits in the KPI's unit; place and word as in analysis.funnel, ranks as in analysis.shrunken. `curve`:
    limits by size, to be drawn. `centre`: all of them together. `widened`: the limits allow for how they differ.
    `p_differ`: whether they differ by more than chance (analysis.peer_alike). `left_out`: practice → why
    (analysis.peer_counts), 'missing' being without a reading to build on. `reason`: why nothing is compared:
    'too_few_practices', 'no_events', 'all_events', 'all_alike', or what most were left out for.
    """

    kpi: str
    of: str
    period: str = ""
    practices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROWS))
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["of", *LIMITS]))
    centre: float = np.nan
    widened: bool = False
    p_differ: float = np.nan
    left_out: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    needed: int = LEAST_PRACTICES


def kind_of(kpi: KPI) -> Kind | None:
    """What a KPI is compared as; None where its readings hold no counts to tell chance by."""
    return KINDS.get(kpi.interval) if isinstance(kpi, Ratio) else None


def peer_sets(group: Group) -> dict[str, list[str]]:
    """Specialty → its practices; where no practice names one, all are one set called ''."""
    found: dict[str, list[str]] = {}
    for id, practice in group.practices.items():
        found.setdefault(practice.specialty or "", []).append(id)
    return {of: ids for of, ids in found.items() if of or len(found) == 1}


def peers(group: Group, kpis: Iterable[KPI], shown: pd.DataFrame, period: pd.Period) -> tuple[Peers, ...]:
    """Every peer set of the group, KPI by KPI, as of `period` or the newest before that is mature.

    `shown`: the practices' readings, without what their reader may not see: what is withheld enters nothing that is
    made of them. KPIs without counts are left out.
    """
    found = []
    for kpi in kpis:
        if kind := kind_of(kpi):
            told = _mature(shown, kpi, group, period)
            for of, ids in peer_sets(group).items():
                inside = [id for id in ids if kpi.id in group.practices[id].kpis]
                found.append(_peers(kpi, kind, of, inside, told, group.calendar))
    return tuple(found)


def _mature(shown: pd.DataFrame, kpi: KPI, group: Group, period: pd.Period) -> pd.DataFrame:
    """The KPI's readings to build on, of the grain to compare by, that end with the report's period or before."""
    grain = group.shared.grain if kpi.same_people else grain_of(period)
    rows = shown[(shown["kpi"] == kpi.id) & (shown["grain"] == grain) & (shown["state"] == "ok")]
    ends = rows["period"].map({text: group.calendar.parse(text).end_time for text in rows["period"].unique()})
    return rows[(ends <= period.end_time) & (ends > period.end_time - pd.DateOffset(months=MONTHS_BACK))]


def _peers(kpi: KPI, kind: Kind, of: str, ids: list[str], told: pd.DataFrame, calendar: Calendar) -> Peers:
    rows = told[told["practice"].isin(ids)]
    many = rows.groupby("period")["practice"].nunique()
    if not (many >= LEAST_PRACTICES).any():
        return Peers(kpi.id, of, reason="too_few_practices")
    at = max(many.index[many >= LEAST_PRACTICES], key=lambda text: calendar.parse(text).end_time)
    here = rows[rows["period"] == at].set_index("practice").reindex(sorted(ids))
    counts = here[["numerator", "denominator"]].set_axis(["count", "of"], axis="columns")
    ours = funnel(counts, kind, better=kpi.better)
    if why := _reason(ours):
        return Peers(kpi.id, of, at, left_out=ours.left_out, reason=why)
    likely = shrunken(counts, kind, better=kpi.better)
    there = counts.loc[ours.practices.index]
    return Peers(
        kpi.id,
        of,
        at,
        _together(ours, likely, kpi.scale),
        ours.curve.assign(**(ours.curve[LIMITS] * kpi.scale)),
        ours.centre * kpi.scale,
        ours.overdispersed,
        p_alike(there["count"].to_numpy(dtype=float), there["of"].to_numpy(dtype=float), kind),
        ours.left_out,
    )


def _together(ours: Funnel, likely: Shrunken, scale: float) -> pd.DataFrame:
    rows = ours.practices.join(likely.practices[[*LIKELY, *RANKS]])[ROWS].rename_axis("practice")
    sides = ["value", *LIMITS, *LIKELY]
    return rows.assign(**(rows[sides] * scale))


def _reason(ours: Funnel) -> str:
    """Enough had a reading: where too few can be compared, what most were left out for says why. Where most values are
    no whole counts, those that are so by accident (a published rate times its person-years) are none either."""
    codes = Counter(code for code in ours.left_out.values() if code != "missing")
    if ours.reason:
        return codes.most_common(1)[0][0] if ours.reason == "too_few_practices" and codes else ours.reason
    return "not_whole" if codes["not_whole"] > len(ours.practices) else ""
