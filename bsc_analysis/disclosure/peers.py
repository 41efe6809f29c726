"""A practice beside its peers, as a named audience may see it.

What is withheld from the audience enters no funnel, centre or rank, so none of them gives it back; fewer than five
practices are never compared. Others have names only where the params say `peers: {show: names}` and the reader is a
leader; with `show: none` nothing of a single other practice is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.funnel_limits import LIMITS
from bsc_analysis.analysis.peer_counts import LEAST_PRACTICES
from bsc_analysis.analysis.peers import LIKELY, RANKS, Peers, kind_of, peer_sets, peers
from bsc_analysis.disclosure.withhold import GUARDED, withhold
from bsc_analysis.kpis import kpi
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params import Group
from bsc_analysis.readings import readings
from bsc_analysis.store import Store

POINTS = ["practice", "of", "value", "place", "word"]
ROWS = [*POINTS, *LIKELY, *RANKS]
LEAST_PEERS = LEAST_PRACTICES  # fewer are never compared: of two, each would know the other
FIRST = ("998", "95", "inside")  # the end of a place: the furthest out comes first


@dataclass(frozen=True)
class Beside:
    """One KPI of a practice beside its peers of one specialty (`of`; '' where the group's practices name none).

    `practices`: how many are compared, itself among them. `value`, `centre` (all of them together), the limits at its
    size, `shrunken` with its 95 % interval: in the KPI's unit; `size`: its denominator; place, word, rank and `widened`
    as in analysis.peers. `points`: the others, POINTS, `practice` a title or ''; `curve`: the limits by size; both
    empty, and `shrunken` and `rank` NaN, where the params show nothing of peers. `reason`: why it is not compared:
    those of analysis.peers, those for which a practice is left out, 'no_counts', 'no_specialty', 'no_value' or
    'withheld'.
    """

    kpi: str
    of: str = ""
    period: str = ""
    practices: int = 0
    value: float = np.nan
    size: float = np.nan
    centre: float = np.nan
    lower998: float = np.nan
    lower95: float = np.nan
    upper95: float = np.nan
    upper998: float = np.nan
    place: str = ""
    word: str = "none"
    shrunken: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    rank: float = np.nan
    rank_lower: float = np.nan
    rank_upper: float = np.nan
    widened: bool = False
    points: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=POINTS))
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["of", *LIMITS]))
    reason: str = ""
    needed: int = LEAST_PRACTICES

    @property
    def outside(self) -> bool:
        """Whether it lies beyond a limit."""
        return self.place not in ("", "inside")


@dataclass(frozen=True)
class PeerSet:
    """One KPI over the practices of one specialty, for a reader of the whole group.

    `rows`: ROWS, those outside first; `practice` is a title, or '' where practices are not named. Where the params show
    nothing of peers, only place and word of each are told and `curve` is empty. The rest as in analysis.peers.
    """

    kpi: str
    of: str
    period: str = ""
    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ROWS))
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["of", *LIMITS]))
    centre: float = np.nan
    p_differ: float = np.nan
    reason: str = ""


def beside(group: Group, practice: str, period: pd.Period, shown: pd.DataFrame, store: Store) -> tuple[Beside, ...]:
    """Each KPI of a practice's card beside its peers, in the card's order; one that is not compared has its reason.

    `shown`: the practice's readings after withholding.
    """
    mine = {of for of, ids in peer_sets(group).items() if practice in ids}
    found = {each.kpi: each for each in peers_of(group, period, store) if each.of in mine}
    told = tuple(
        _beside(group, practice, found[id]) if id in found else _not_beside(id, bool(mine))
        for id in group.practices[practice].kpis
    )
    return still_shown(told, shown)


def across(group: Group, period: pd.Period, store: Store) -> tuple[PeerSet, ...]:
    """Each KPI over each peer set of the group, as the group's audience may see it."""
    return tuple(_across(group, each) for each in peers_of(group, period, store))


def peers_of(group: Group, period: pd.Period, store: Store) -> tuple[Peers, ...]:
    """What the group's audience may see of all its practices, compared; kept in the store, because it takes seconds."""
    kpis = {id for practice in group.practices.values() for id in practice.kpis}
    compared = [kpi(id) for id in sorted(kpis) if kind_of(kpi(id))]
    if not compared or max(map(len, peer_sets(group).values()), default=0) < LEAST_PRACTICES:
        return tuple(Peers(each.id, of, reason="too_few_practices") for each in compared for of in peer_sets(group))

    def made() -> list:
        everything = readings(group, store)
        mine = everything["kpi"].isin([each.id for each in compared]) & everything["practice"].isin(group.practices)
        shown = withhold(everything[mine], group.shared.audience, group.calendar)
        return packed(peers(group, compared, shown, period))

    facts = store.keep_facts(f"peers-{group.shared.audience}-{period}", made)
    return tuple(record_of(Peers, each) for each in facts)


def still_shown(told: tuple[Beside, ...], shown: pd.DataFrame) -> tuple[Beside, ...]:
    """`told` without what the readings `shown` withhold by now."""
    rows = shown[shown["state"] == "withheld"]
    hidden = set(zip(rows["kpi"], rows["period"], strict=True))
    return tuple(
        Beside(each.kpi, each.of, each.period, reason="withheld") if (each.kpi, each.period) in hidden else each
        for each in told
    )


def named(group: Group) -> bool:
    """Whether other practices go by their names."""
    return group.shared.peers.show == "names" and group.shared.audience not in GUARDED


def _not_beside(id: str, has_peers: bool) -> Beside:
    return Beside(id, reason="no_counts" if has_peers or not kind_of(kpi(id)) else "no_specialty")


def _beside(group: Group, practice: str, told: Peers) -> Beside:
    facts = Beside(told.kpi, told.of, told.period, needed=told.needed)
    if told.reason or practice not in told.practices.index:
        why = told.reason or told.left_out.get(practice, "missing")
        return replace(facts, reason="no_value" if why == "missing" else why)
    own = told.practices.loc[practice]
    quiet = group.shared.peers.show == "none"
    others = _titled(group, told).drop(practice)[POINTS].sort_values(["of", "value"]).reset_index(drop=True)
    own_facts: dict[str, Any] = {name: float(own[name]) for name in ("value", *LIMITS)}
    own_facts |= {name: str(own[name]) for name in ("place", "word")}
    own_facts |= {} if quiet else {name: float(own[name]) for name in (*LIKELY, *RANKS)}
    return replace(
        facts,
        practices=len(told.practices),
        size=float(own["of"]),
        centre=told.centre,
        widened=told.widened,
        points=others.iloc[:0] if quiet else others,
        curve=told.curve.iloc[:0] if quiet else told.curve,
        **own_facts,
    )


def _across(group: Group, told: Peers) -> PeerSet:
    rows = _titled(group, told).rename_axis(None)
    order = rows["place"].map(lambda place: FIRST.index(place.split("_")[-1]))
    rows = rows.assign(order=order, far=-(rows["value"] - told.centre).abs()).sort_values(["order", "far"])
    rows = rows[ROWS].reset_index(drop=True)
    curve = told.curve
    if group.shared.peers.show == "none":
        rows = rows.assign(practice="", **dict.fromkeys(["of", "value", *LIKELY, *RANKS], np.nan))
        curve = curve.iloc[:0]
    return PeerSet(told.kpi, told.of, told.period, rows, curve, told.centre, told.p_differ, told.reason)


def _titled(group: Group, told: Peers) -> pd.DataFrame:
    titles = [group.practices[id].title if named(group) else "" for id in told.practices.index]
    return told.practices.assign(practice=pd.Series(titles, told.practices.index, dtype="str"))
