"""All that one reader may see of one practice's report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from bsc_analysis.analysis.against import against
from bsc_analysis.analysis.audit import Audit
from bsc_analysis.analysis.benchmark import Compared
from bsc_analysis.analysis.chains import ChainEffect, chain_effects
from bsc_analysis.analysis.completion import Completion
from bsc_analysis.analysis.finding import Finding
from bsc_analysis.analysis.strategy import Gap, gaps
from bsc_analysis.analysis.tested import Tested
from bsc_analysis.analysis.undertaken.effects import Alike
from bsc_analysis.analysis.undertaken.entry import Vacant
from bsc_analysis.analysis.undertaken.registered import Decision, Initiative
from bsc_analysis.analysis.undertaken.whole import Tried
from bsc_analysis.analysis.variation import FalseFlags, Variation, Varied, expected_false_flags
from bsc_analysis.analysis.worth import Worth
from bsc_analysis.disclosure.cascade import Cascaded
from bsc_analysis.disclosure.charted import charted
from bsc_analysis.disclosure.goals import DisclosedGoal
from bsc_analysis.disclosure.moved import Moved
from bsc_analysis.disclosure.peers import Beside
from bsc_analysis.disclosure.people import People
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.kpis import kpi
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params import Group, Practice
from bsc_analysis.params.models import Break, KpiChoice, Perspective, Standard
from bsc_analysis.params.strategy import Strategy
from bsc_analysis.periods import grain_of
from bsc_analysis.readings import USABLE
from bsc_analysis.readings.reconcile import COLUMNS as RECONCILED
from bsc_analysis.readings.reconcile import ChangeOfSource, changes_of_source


@dataclass(frozen=True)
class Disclosed:
    """All that one reader of one practice's report may see.

    `readings`: rows of this practice up to `period` (kpi, grain, period, SHOWN, state); `accounts`, `quarantine`,
    `troubles`, `through`: what was read for it; `reconciliation`: ready-made history against what was read, for the
    KPIs of its card; `completion`: its KPIs whose period is still running out, by id; `flow`: how full each month of
    each table came (a guarded reader gets the level, never the rows); `arrival`: what was found of how the data came;
    `links`: the declared links that were tested, judged; `moved`: why KPIs of the card moved against the year before,
    by each label that takes them apart; `worth`: what a point of them is, in money; `cascade`: they, by department and
    team; `beside`: they, beside those of its peers; `goals`: where each goal stands; `actions`, `initiatives`,
    `decided`: its registers of undertakings, with what came of each action; `alike`: what others did too, with what
    came of all; `audits`: what was claimed, held against its data; `people`: how it is led, one record (none in finals
    older than that); `vacant`: the roles that its roster named and that nobody has any more (none for a guarded
    reader); the rest comes from params.
    """

    group: Group
    practice: Practice
    period: pd.Period
    audience: str
    readings: pd.DataFrame
    accounts: pd.DataFrame
    quarantine: pd.DataFrame
    troubles: pd.DataFrame
    through: pd.DataFrame
    reconciliation: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RECONCILED))
    completion: Mapping[str, Completion] = field(default_factory=dict)
    flow: pd.DataFrame = field(default_factory=pd.DataFrame)
    arrival: tuple[Finding, ...] = ()
    links: tuple[Tested, ...] = ()
    moved: tuple[Moved, ...] = ()
    worth: tuple[Worth, ...] = ()
    cascade: tuple[Cascaded, ...] = ()
    beside: tuple[Beside, ...] = ()
    goals: tuple[DisclosedGoal, ...] = ()
    actions: tuple[Tried, ...] = ()
    alike: tuple[Alike, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    decided: tuple[Decision, ...] = ()
    audits: tuple[Audit, ...] = ()
    people: tuple[People, ...] = ()
    vacant: tuple[Vacant, ...] = ()

    @property
    def guarded(self) -> bool:
        """Whether person counts of 1–10 are withheld from this audience."""
        return self.audience in GUARDED

    @cached_property
    def kpis(self) -> dict[str, KPI]:
        """The KPIs of the practice's card, in its order."""
        return {id: kpi(id) for id in self.practice.kpis}

    def choice(self, id: str) -> KpiChoice:
        """What the params say of a KPI: target, owner."""
        return self.practice.kpis[id]

    def has_left(self, owner: str | None) -> bool:
        """Whether somebody had the owner's role, by the roster, and nobody has it any more."""
        return (owner or "").strip().lower() in {each.role for each in self.vacant}

    def perspective_of(self, id: str) -> str:
        """The perspective that a KPI stands in: the params' choice, else the KPI's own."""
        return self.choice(id).perspective or self.kpis[id].perspective

    @property
    def perspectives(self) -> list[Perspective]:
        """The group's perspectives that hold a KPI of this practice, in the params' order."""
        used = {self.perspective_of(id) for id in self.kpis}
        return [p for p in self.group.shared.perspectives if p.id in used]

    def reading(self, id: str, period: pd.Period | None = None) -> pd.Series:
        """One reading of a KPI, of the report's period unless told otherwise; state `no_feed` where there is none."""
        period = self.period if period is None else period
        rows = self.readings
        rows = rows[(rows["kpi"] == id) & (rows["grain"] == grain_of(period)) & (rows["period"] == str(period))]
        if rows.empty:
            return pd.Series({"kpi": id, "period": str(period), "state": "no_feed"}).reindex(self.readings.columns)
        return rows.iloc[0]

    def mature(self, id: str) -> pd.Period | None:
        """The newest period, as long as the report's and not after it, with a usable reading; None without any."""
        rows = self.readings
        rows = rows[(rows["kpi"] == id) & (rows["grain"] == grain_of(self.period)) & rows["state"].isin(USABLE)]
        return self.group.calendar.parse(rows["period"].max()) if len(rows) else None

    def series(self, id: str) -> pd.DataFrame:
        """A KPI's readings at the group's grain, indexed by period."""
        grain = self.group.shared.grain
        rows = self.readings[(self.readings["kpi"] == id) & (self.readings["grain"] == grain)]
        return rows.set_index(pd.PeriodIndex(rows["period"], freq=self.group.calendar.freq(grain)))

    def usable(self, id: str) -> pd.Series:
        """Which readings of `series` can be built on."""
        return self.series(id)["state"].isin(USABLE)

    def breaks(self, id: str) -> list[Break | ChangeOfSource]:
        """Where a KPI's series is not one any more, up to the report's period and in order.

        They are the documented changes, and those of the source that no document tells of.
        """
        parse = self.group.calendar.parse
        declared = [b for b in self.practice.breaks if id in b.kpis]
        told = {parse(b.at).start_time for b in declared}
        changes = [c for c in changes_of_source(self.reconciliation, id) if parse(c.at).start_time not in told]
        breaks: list[Break | ChangeOfSource] = [*declared, *changes]
        found = sorted(breaks, key=lambda b: parse(b.at).start_time)
        return [b for b in found if parse(b.at).start_time <= self.period.end_time]

    @cached_property
    def chains(self) -> tuple[ChainEffect, ...]:
        """What the group's verdicts come to along each chain of the declared links; none where none was tested."""
        return chain_effects(self.practice.links, self.links)

    @property
    def strategy(self) -> Strategy:
        """The practice's own, else its group's; an empty one where none is declared."""
        return self.practice.strategy or Strategy()

    @cached_property
    def strategy_gaps(self) -> tuple[Gap, ...]:
        """What the strategy lacks; an objective's KPIs that are not on this practice's card do not count."""
        return gaps(self.strategy, self.group.shared.perspectives, self.kpis, self.practice.links, self.has_left)

    @property
    def of_concern(self) -> list[str]:
        """The KPIs that have a value of the report's period and whose newest point is a change for the worse."""
        there = [id for id in self.kpis if self.reading(id)["state"] in USABLE]
        return [id for id in there if self.variation[id].latest == "concern"]

    @cached_property
    def benchmarks(self) -> dict[str, Compared]:
        """KPI → its newest mature reading, as long as the report's, against the benchmark that the params name."""
        named = {id: choice.benchmark for id, choice in self.practice.kpis.items() if choice.benchmark}
        return {id: self._against(id, standard) for id, standard in named.items()}

    def _against(self, id: str, standard: Standard) -> Compared:
        at, series = self.mature(id) or self.period, self.series(id)
        usable = series[["numerator", "denominator"]].where(series["state"].isin(USABLE))
        return against(self.kpis[id], self.reading(id, at), usable, standard, at.end_time.date())

    @cached_property
    def varied(self) -> dict[str, Varied]:
        """Each KPI on the chart that suits it, from usable readings that this reader may see."""
        return {id: self._vary(id) for id in self.kpis}

    @property
    def variation(self) -> dict[str, Variation]:
        """Each KPI's series against chance."""
        return {id: varied.variation for id, varied in self.varied.items()}

    @cached_property
    def false_flags(self) -> FalseFlags:
        """How many of these KPIs chance would flag if nothing had changed."""
        return expected_false_flags(self.variation)

    def _vary(self, id: str) -> Varied:
        target = self.choice(id).target
        breaks = (b.at for b in self.breaks(id))
        level = target.value if target else None
        return charted(self.kpis[id], self.series(id), target=level, breaks=breaks, audience=self.audience)
