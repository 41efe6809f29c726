"""How the practices of a group are led, as a named audience may see it side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.interval import Interval
from bsc_analysis.analysis.people_registers import Counted
from bsc_analysis.disclosure.deeds import deeds
from bsc_analysis.disclosure.voices import buy_in
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.params import Group
from bsc_analysis.store import Store

COUNTS = ("held", "reviews", "acknowledged")


@dataclass(frozen=True)
class Led:
    """One practice in the year up to the report's end: reviews `held`, `reviews` (with quorum and a decision) of those
    called, reports `acknowledged`; None where there is no register or it is withheld. `wave`: of the buy-in survey, ''
    where nobody was asked or too few answered; `buy_in`: its mean. `practice`: its title, '' for guarded audiences.
    """

    practice: str
    held: Counted | None = None
    reviews: Counted | None = None
    acknowledged: Counted | None = None
    wave: str = ""
    buy_in: Interval = field(default_factory=lambda: Interval("t", reason="missing"))

    @property
    def known(self) -> bool:
        """Whether anything at all is told of the practice."""
        return bool(self.wave) or any(getattr(self, name) is not None for name in COUNTS)


def led(group: Group, period: pd.Period, store: Store) -> tuple[Led, ...]:
    """How each practice of the group is led: in the order of the group's files, or for guarded audiences, who get no
    names, in the order of what they hold, so that a place in the list tells nothing."""
    through, guarded = period.end_time.normalize(), group.shared.audience in GUARDED
    found = []
    for id, practice in group.practices.items():
        told = {d.what: d for d in deeds(group, practice, through, store, {}) if not d.role}
        counts = {name: None if told[name].state else told[name].counted for name in COUNTS}
        said = buy_in(group, id, period, store)
        wave = "" if said.state else said.wave
        found.append(Led("" if guarded else practice.title, **counts, wave=wave, buy_in=said.score))
    return tuple(sorted(found, key=_order, reverse=True)) if guarded else tuple(found)


def _order(one: Led) -> tuple[float, float]:
    share = one.held.count / one.held.of if one.held and one.held.of else -1.0
    return share, one.buy_in.value if one.wave else -1.0
