"""How a practice is led and what its people say of it, as far as a named audience may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.adoption_steps import Evidence, Step, adoption_steps, shown
from bsc_analysis.disclosure.deeds import DAYS, Deed, deeds
from bsc_analysis.disclosure.needs import Needs, needs
from bsc_analysis.disclosure.voices import Answered, BuyIn, Confidence, answered, buy_in, confidence
from bsc_analysis.kpis import kpi
from bsc_analysis.params import Group, Practice
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.readings.work_patterns import staff_of
from bsc_analysis.store import Store


@dataclass(frozen=True)
class People:
    """How one practice is led: the six steps, what was done of what was due, what the staff say, and what they need."""

    steps: tuple[Step, ...] = ()
    deeds: tuple[Deed, ...] = ()
    buy_in: BuyIn = field(default_factory=BuyIn)
    confidence: tuple[Confidence, ...] = ()
    answered: tuple[Answered, ...] = ()
    needs: Needs = field(default_factory=Needs)

    def deed(self, what: str) -> Deed:
        """What all together did of one thing."""
        return next(each for each in self.deeds if each.what == what and not each.role)

    def by_role(self, what: str) -> list[Deed]:
        """What each role did of one thing; nothing where the audience sees no roles."""
        return [each for each in self.deeds if each.what == what and each.role]


def people(group: Group, practice: str, period: pd.Period, store: Store) -> People:
    """How the practice was led in the year up to the end of `period`, for the group's audience."""
    own, through = group.practices[practice], period.end_time.normalize()
    sizes = staff_of(store, practice, through)
    done, said = deeds(group, own, through, store, sizes), buy_in(group, practice, period, store)
    return People(
        steps=_steps(group, own, done, said),
        deeds=done,
        buy_in=said,
        confidence=confidence(group, practice, through, store),
        answered=answered(group, practice, through, store),
        needs=needs(group, practice, through, store, sizes),
    )


def _steps(group: Group, practice: Practice, done: tuple[Deed, ...], said: BuyIn) -> tuple[Step, ...]:
    told = {d.what: _shown(d) for d in done if not d.role}
    told["buy_in"] = Evidence("buy_in", int(said.state != "not_asked"), 1)
    goals = {goal.kpi for goal in getattr(practice, "goals", ())}
    kpis = {id: kpi(id) for id in practice.kpis}
    strategy = practice.strategy or Strategy()
    return adoption_steps(strategy, group.shared.perspectives, kpis, practice.kpis, goals, told)


def _shown(deed: Deed) -> Evidence:
    return (
        Evidence(deed.what, state=deed.state) if deed.state else shown(deed.what, deed.counted, DAYS.get(deed.what, 0))
    )
