"""The strategy as its reader meets it: objectives with what their KPIs say, arrows as tested, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.charts import Chart, strategy_map
from bsc_analysis.disclosure import Disclosed, Gap
from bsc_analysis.params.models import Perspective
from bsc_analysis.params.strategy import Objective
from bsc_analysis.report.card import Card
from bsc_analysis.report.judgement import JUDGED
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.links import ORDER
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import listed, of, say

ROLES = {"better": "better", "worse": "worse", "other": "ink"}  # a card's word → a colour of the page
CLAIMS = ("supported", "contradicted", "forecasts")


@dataclass(frozen=True)
class Aim:
    """One objective: the cards of its KPIs, those of concern first; `left`: whether its owner has left."""

    objective: Objective
    cards: tuple[Card, ...]
    left: bool = False

    @property
    def title(self) -> str:
        return self.objective.title

    @property
    def word(self) -> str:
        """What its most telling KPI says."""
        if not self.cards:
            return say("strategy.unmeasured")
        told = self.cards[0].word in JUDGED
        return self.cards[0].verdict if told else say("varied.untold")  # why not is long, and stands on its card

    @property
    def css(self) -> str:
        return self.cards[0].css if self.cards else "common"

    @property
    def kpis(self) -> list[str]:
        """'Wait to be roomed 13.8 min, no real change', one a KPI."""
        return [say("strategy.kpi", kpi=c.told("title"), value=c.value, word=c.verdict) for c in self.cards]

    @property
    def owner(self) -> str:
        named = self.objective.owner or say("strategy.no_owner")
        return say("acts.has_left", owner=named) if self.left else named


@dataclass(frozen=True)
class Arrow:
    """From one objective to another, with the links between their KPIs, the surest first."""

    leading: Aim
    lagging: Aim
    links: tuple[Linked, ...]

    @property
    def answer(self) -> str:
        return self.links[0].verdict.answer

    @property
    def title(self) -> str:
        return say("links.arrow", leading=self.leading.title, lagging=self.lagging.title)

    @property
    def told(self) -> list[str]:
        """'Wait to be roomed → Provider rated 9 or 10: supported, 2 months later', one a link."""
        return [_told(link) for link in self.links]


def strategy(seen: Disclosed, cards: Mapping[str, Card]) -> Part:
    """Vision, map, what each objective rests on, and what the strategy lacks."""
    declared = seen.strategy
    if not declared.objectives:
        return part("strategy", text=say("strategy.none"), vision=declared.vision, picture=None)
    aims = [_aim(seen, objective, cards) for objective in declared.objectives]
    arrows = _arrows(seen, aims)
    perspectives = seen.group.shared.perspectives
    lanes = [(of(p), [aim for aim in aims if aim.objective.perspective == p.id]) for p in perspectives]
    return part(
        "strategy",
        text="\n".join([*(f"{aim.title}: {aim.word}" for aim in aims), *(f"{a.title}: {a.answer}" for a in arrows)]),
        vision=declared.vision,
        picture=_picture(perspectives, aims, arrows),
        lanes=[(title, inside) for title, inside in lanes if inside],
        arrows=arrows,
        gaps=_gaps(seen),
    )


def _aim(seen: Disclosed, objective: Objective, cards: Mapping[str, Card]) -> Aim:
    serving = (cards[id] for id in objective.kpis if id in cards)
    return Aim(objective, tuple(sorted(serving, key=lambda card: card.rank)), seen.has_left(objective.owner))


def _arrows(seen: Disclosed, aims: Sequence[Aim]) -> list[Arrow]:
    """Every pair of objectives that a tested link joins, the surest links first."""
    serving = {id: aim for aim in reversed(aims) for id in aim.objective.kpis}
    found: dict[tuple[str, str], list[Linked]] = {}
    for i, tested in enumerate(seen.links):
        a, b = serving.get(tested.link.leading), serving.get(tested.link.lagging)
        if a and b and a is not b:
            found.setdefault((a.objective.id, b.objective.id), []).append(Linked(seen, tested, i))
    by = {aim.objective.id: aim for aim in aims}
    for links in found.values():
        links.sort(key=lambda link: ORDER.index(link.verdict.answer))
    return [Arrow(by[a], by[b], tuple(links)) for (a, b), links in found.items()]


def _picture(perspectives: Sequence[Perspective], aims: Sequence[Aim], arrows: Sequence[Arrow]) -> Chart:
    boxes = [(a.objective.id, a.objective.perspective, a.title, a.word, ROLES.get(a.css, "common")) for a in aims]
    lines = [(a.leading.objective.id, a.lagging.objective.id, a.answer) for a in arrows]
    lanes = {p.id: of(p) for p in perspectives if any(aim.objective.perspective == p.id for aim in aims)}
    told = [say("strategy.alt_aim", aim=aim.title, word=aim.word) for aim in aims]
    told += [say("strategy.alt_arrow", arrow=arrow.title, answer=say(f"answer.{arrow.answer}")) for arrow in arrows]
    return strategy_map(
        pd.DataFrame(boxes, columns=["id", "lane", "title", "word", "role"]),
        pd.DataFrame(lines, columns=["leading", "lagging", "answer"]),
        lanes,
        name="strategy",
        alt=say("strategy.alt", told=listed(told)),
        words={answer: say(f"strategy.line.{answer}") for answer in ORDER},
    )


def _gaps(seen: Disclosed) -> list[str]:
    """What the strategy lacks and how to mend it, one sentence a kind of gap."""
    aims = {aim.id: say("strategy.quoted", title=aim.title) for aim in seen.strategy.objectives}
    lanes = {p.id: of(p) for p in seen.group.shared.perspectives}
    named = {**{id: of(kpi) for id, kpi in seen.kpis.items()}, **lanes, **aims}
    found: dict[str, list[Gap]] = {}
    for gap in seen.strategy_gaps:
        found.setdefault(gap.code, []).append(gap)
    return [
        say(f"strategy.gap.{code}", names=listed(named[gap.of] for gap in some), n=len(some))
        if code != "too_many"
        else say("strategy.gap.too_many", n=some[0].n)
        for code, some in found.items()
    ]


def _told(link: Linked) -> str:
    """The link's answer, and how much later what was found follows."""
    if link.verdict.answer not in CLAIMS:
        return say("strategy.link", link=link.title, answer=link.word)
    later = say("effect.later", n=int(link.verdict.lag or 0), **link.facts)
    return say("strategy.link_later", link=link.title, answer=link.word, later=later)
