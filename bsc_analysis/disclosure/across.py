"""What a named audience may see of a group: what its practices say of the links they share, together and apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from bsc_analysis.analysis.chains import ChainEffect, chain_effects
from bsc_analysis.analysis.evidence import evidence_of_all
from bsc_analysis.analysis.tested import Shared, Tested
from bsc_analysis.analysis.undertaken.effects import Alike
from bsc_analysis.analysis.undertaken.whole import Tried
from bsc_analysis.disclosure.goals import DisclosedGoal
from bsc_analysis.disclosure.led import Led, led
from bsc_analysis.disclosure.peers import PeerSet
from bsc_analysis.disclosure.peers import across as across_peers
from bsc_analysis.disclosure.undertaken import alike_of_group
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.params import Group
from bsc_analysis.store import Store

APART = ["practice", "effect", "lower", "upper", "apart"]


@dataclass(frozen=True)
class Practices:
    """How the practices of one shared link differ, as its reader may see it.

    `effects`: APART, a row per practice that the group still has, with its 95 % interval, of one unit of the leading
    KPI; the largest in the group's direction first. `practice` is its title, '' where practices are not named. Empty
    where the group's test did not pass, or `reason` says why. `mean`, `spread`, `p_spread` as in analysis.departures.
    `alone`: answer, or 'untested' → how many practices come to it by themselves.
    """

    effects: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=APART))
    mean: float = np.nan
    spread: float = np.nan
    p_spread: float | None = None
    reason: str = ""
    alone: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DisclosedGroup:
    """All that one reader of a group's portfolio may see.

    `links`: what all practices together say of each link they share, judged; `practices`: of each, how they differ;
    `inputs`: what was read (feed, file, sha256), file '' for a guarded reader, because it may name a practice; `peers`:
    each KPI over the practices of each specialty; `goals`: (practice's title, '' where practices are not named; its
    goal) of all practices that have readings; `alike`: what several practices did under one title, with what came of
    all; `tried`: each one's own part of it; `led`: how each practice is led.
    """

    group: Group
    period: pd.Period
    audience: str
    links: tuple[Tested, ...]
    practices: tuple[Practices, ...]
    inputs: pd.DataFrame
    peers: tuple[PeerSet, ...] = ()
    goals: tuple[tuple[str, DisclosedGoal], ...] = ()
    alike: tuple[Alike, ...] = ()
    tried: tuple[Tried, ...] = ()
    led: tuple[Led, ...] = ()

    @cached_property
    def chains(self) -> tuple[ChainEffect, ...]:
        """What the verdicts come to along each chain of the shared links; none where none was tested."""
        return chain_effects(self.group.shared.links, self.links)

    @property
    def guarded(self) -> bool:
        """Whether practices go without their names."""
        return self.audience in GUARDED


def of_group(group: Group, period: pd.Period, store: Store) -> DisclosedGroup:
    """What the group's audience may see of `period`; `group` holds the practices that it has then."""
    audience = group.shared.audience
    shared = evidence_of_all(group, period, store)
    inputs = store.accounts[["feed", "file", "sha256"]].drop_duplicates().sort_values(["feed", "file", "sha256"])
    if audience in GUARDED:
        inputs = inputs.assign(file="").sort_values(["feed", "sha256"])
    alike, tried = alike_of_group(group, period, store)
    return DisclosedGroup(
        group=group,
        period=period,
        audience=audience,
        links=tuple(link.tested for link in shared),
        practices=tuple(_practices(group, link, named=audience not in GUARDED) for link in shared),
        inputs=inputs.reset_index(drop=True),
        peers=across_peers(group, period, store),
        alike=alike,
        tried=tried,
        led=led(group, period, store),
    )


def _practices(group: Group, link: Shared, *, named: bool) -> Practices:
    alone = Counter(link.alone.values())
    if link.departures is None:
        return Practices(alone=alone)
    told = link.departures
    rows = [
        (group.practices[id].title if named else "", d.effect, d.lower, d.upper, d.apart)
        for id, d in told.practices.items()
        if id in group.practices
    ]
    way = 1 if told.group < 0 else -1
    effects = pd.DataFrame(sorted(rows, key=lambda row: (way * row[1], row[0])), columns=APART)
    return Practices(effects, told.group, told.spread, told.p_spread, told.reason, alone)
