"""The one name that sections share: `run`, a practice's report for one period, whose methods are its parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.ledger.edition import Edition, open_edition
from bsc_analysis.params import load_group, text_id
from bsc_analysis.report import (
    audited,
    cascade,
    decided,
    goals,
    links,
    masthead,
    matrix,
    people,
    quality,
    restated,
    sources,
    strategy,
    undertaken,
)
from bsc_analysis.report.card import Card
from bsc_analysis.report.comments import owners_line
from bsc_analysis.report.finding import headline
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.report.perspective import PerspectiveView
from bsc_analysis.words import count, period_in_full, say

MOST_VITAL_SIGNS = 8


def open_run(group: str, practice: str, period: str | None = None) -> Run:
    """The report of `practice` for `period` ('2026Q3', '2026-09' or '2026'; None: the newest complete one).

    Everything else comes from params/ and from the exports, or for a period that was made final from the ledger, so
    a notebook run by hand, by papermill or by the scheduler shows the same numbers.

    Raises UsageError where an id is not text (YAML reads 0123 as 83 and NO as False) or names nothing.
    """
    group_id, practice_id = text_id(group, "group"), text_id(practice, "practice")
    if period is not None and not isinstance(period, str):
        raise UsageError(f"period arrived as {type(period).__name__} {period!r}; write it in quotes: period: '2026'")
    return Run(*open_edition(load_group(group_id), practice_id, period))


@dataclass(frozen=True)
class Run:
    """A practice's report for one period. `readings` is the frame behind it, for analysts."""

    seen: Disclosed
    edition: Edition = field(default_factory=Edition)

    @property
    def readings(self) -> pd.DataFrame:
        """Every number of the report after withholding: kpi, grain, period, numerator … state."""
        return self.seen.readings

    @property
    def period_name(self) -> str:
        """'2026 Q3 (Jul–Sep)'."""
        return period_in_full(self.seen.period)

    @cached_property
    def cards(self) -> dict[str, Card]:
        return {id: Card(self.seen, id) for id in self.seen.kpis}

    def masthead(self) -> Part:
        """Practice, period, data through, draft or final; it also carries the style sheet and whose report this is."""
        return masthead.masthead(self.seen, self.edition, self.period_name)

    def headline(self) -> Part:
        """The one sentence a reader takes away."""
        text = headline(self.seen, list(self.cards.values()), self.period_name)
        return part("headline", text=text, sentence=text)

    def vital_signs(self) -> Part:
        """Up to eight KPIs with value, sparkline and word."""
        ids = [id for id in self.seen.group.shared.vital_signs if id in self.cards] or list(self.cards)
        cards = [self.cards[id] for id in ids[:MOST_VITAL_SIGNS]]
        text = "\n".join(f"{c.told('title')}: {c.value}, {c.verdict}" for c in cards)
        return part("vital_signs", text=text, cards=cards)

    def trust(self) -> Part:
        """One line on what the numbers rest on."""
        lines = [quality.rows_in_short(self.seen), *quality.in_short(self.seen)]
        hidden = len(self._incomplete)
        lines += [say("trust.hidden", n=hidden)] if hidden else []
        waiting = len(links.untested(self.seen))
        lines += [say("trust.untested", n=waiting)] if waiting else []
        if (earlier := self.edition.restated) and earlier.kpis:
            facts = restated.since(earlier, self.seen.group)
            lines.append(say("trust.restated", n=len(earlier.kpis), period=facts["period"]))
        return part("trust", text=" ".join(lines), lines=lines)

    def owners(self) -> Part:
        """Whom a draft asks for comments on KPIs of concern, or who did not comment on a final; empty without any."""
        text = owners_line(self.cards.values(), self.edition)
        return part("owners", text=text, line=text)

    def perspective(self, id: str | None = None) -> PerspectiveView:
        """One perspective of the card; None: the first."""
        known = {p.id: p for p in self.seen.perspectives}
        if id is None:
            id = next(iter(known))
        if id not in known:
            raise UsageError(f"{id!r} is not a perspective of this card.{did_you_mean(str(id), known)}")
        return PerspectiveView(self.seen, self.edition, self.cards, known[id])

    def strategy(self) -> Part:
        """The strategy map with its arrows as tested, and what the strategy lacks."""
        return strategy.strategy(self.seen, self.cards)

    def cascade(self) -> Part:
        """The card by department and, within each, by team; empty where the strategy declares no cascade."""
        return cascade.cascade(self.seen)

    def goals(self) -> Part:
        """Each goal: how likely it is, what its history says of it, what it lacks."""
        return goals.goals(self.seen)

    def goals_in_short(self) -> Part:
        """How many goals are on track or at risk, and which are at risk; empty without any."""
        return goals.in_short(self.seen)

    def forecasts(self) -> Part:
        """How the probabilities that earlier finals published have come out; empty without any goal."""
        return goals.forecasts(self.seen, self.edition.forecasts)

    def decisions(self) -> Part:
        """What needs a decision now: what is open in the registers, and what named rules propose."""
        return decided.decisions(self.seen, self.cards, self.edition)

    def three_decisions(self) -> Part:
        """The three gravest of them, with owner, day and dollars; empty where none is needed."""
        return decided.in_short(self.seen, self.cards, self.edition)

    def brought(self) -> Part:
        """What the decisions of the period before brought, in a line; empty where none is known."""
        text = undertaken.brought(self.seen)
        return part("brought", text=text, line=text)

    def actions(self) -> Part:
        """What was undertaken: done or late, what was expected and what came of it; initiatives with what they took."""
        return undertaken.actions(self.seen)

    def claims(self) -> Part:
        """What vendors and leaders claim, beside what the data say; empty where nothing is claimed."""
        return audited.claims(self.seen)

    def links(self) -> Part:
        """The declared links: what the data say of each, and which are not tested yet."""
        return links.links(self.seen)

    def leadership(self) -> Part:
        """How the practice is led and what its people say: the six steps, buy-in, answers and training needs."""
        return people.people(self.seen, self.edition)

    def findings(self) -> Part:
        """What was found of how the data came, the newest and most serious first."""
        return quality.findings(self.seen, self.cards)

    def completeness(self) -> Part:
        """How full each month of each table came, as a strip."""
        return quality.completeness(self.seen)

    def restatements(self) -> Part:
        """What an earlier final published against what it would be now, by how much, and why."""
        earlier, group = self.edition.restated, self.seen.group
        if earlier is None:
            text = say("restated.none_before")
            return part("restatements", text=text, sentence=text, rows=[], goals=[])
        key = "restated.moved" if len(earlier.moved) else "restated.nothing_moved"
        text = say(key, **restated.since(earlier, group))
        lines = restated.goals(earlier, group)
        return part("restatements", text=text, sentence=text, rows=restated.rows(earlier, group), goals=lines)

    def arrivals(self) -> Part:
        """What arrived: every file with its rows, how far the data reach, and whether that is whole."""
        return quality.arrivals(self.seen, partial(masthead.through_of, self.seen))

    def reconciliation(self) -> Part:
        """Ready-made history against the exports, KPI by KPI; empty where no KPI has both."""
        rows = sources.rows(self.seen)
        return part("reconciliation", text=f"{len(rows)} KPIs with a history", rows=rows)

    def quarantine(self) -> Part:
        """Rows set aside, by file, column and rule, with the first lines; never what stood in them."""
        return quality.quarantine(self.seen)

    def gaps(self) -> Part:
        """KPIs without a complete value in this period, and why."""
        return quality.gaps(self._incomplete, self.period_name)

    def definitions(self) -> Part:
        """Each KPI's formula, variant and source."""
        return part("definitions", text=f"{len(self.cards)} KPIs", cards=list(self.cards.values()))

    def methods(self) -> Part:
        """How change, intervals, longer periods and withholding are done, and the limits."""
        unit, audience = say(f"unit.{self.seen.group.shared.grain}"), say(f"audience.{self.seen.audience}")
        guarded = "guarded" if self.seen.guarded else "leadership"
        one = say(f"unit.{self.seen.group.shared.grain}_one")
        variation = say("methods.variation_text", unit=unit, one=one)
        tests = say("methods.links_text", one=one, level=count(100 * ALPHA))
        withholding = say(f"methods.withholding_{guarded}", audience=audience)
        texts = [
            (say("methods.variation"), " ".join([variation, matrix.by_chance(self.seen)])),
            (say("methods.intervals"), say("methods.intervals_text")),
            (say("methods.pooling"), say("methods.pooling_text")),
            *([(say("methods.completion"), say("methods.completion_text"))] if self._some_run_out else []),
            *([(say("section.goals"), say("goals.method"))] if self.seen.goals else []),
            *([(say("methods.links"), tests)] if self.seen.links else []),
            *([(say("methods.actions"), say("methods.actions_text", unit=unit))] if self.seen.actions else []),
            (say("methods.withholding"), withholding),
            (say("methods.limits"), say("methods.limits_text")),
        ]
        return part("methods", text="methods", texts=texts)

    def heading(self, section: str) -> Part:
        """The heading of a section, with the anchor that the page's contents point at."""
        title = say(f"section.{section}")
        return part("heading", text=title, id=section, title=title, foreign=False)

    @property
    def _some_run_out(self) -> bool:
        return any(card.kpi.matures_days for card in self.cards.values())

    @property
    def _incomplete(self) -> list[Card]:
        return [card for card in self.cards.values() if card.word in ("no_value", "open", "running")]
