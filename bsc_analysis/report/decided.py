"""What needs a decision now: what the registers hold open, and what named rules propose, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite, nan

import pandas as pd

from bsc_analysis.disclosure import Disclosed
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.report.act import Act
from bsc_analysis.report.card import Card
from bsc_analysis.report.comments import is_silent
from bsc_analysis.report.parts import Part, part
from bsc_analysis.report.undertaken import acts_of
from bsc_analysis.words import count, day, listed, number, of, period, quantity, say

KINDS = ("guardrail", "silent", "goal", "late_action", "late_decision", "open_decision")  # the gravest first
PROPOSED = ("guardrail", "silent", "goal")
UNLIKELY = 0.2  # a goal below this probability asks for another plan, or another goal
DAYS = 30  # after the period's end, by which a proposal is to be decided
FIRST = 3  # on page one
SHOWN = 6  # in the table; the rest is folded
LAPSED = pd.DateOffset(years=1)  # over its day for so long, a decision is no longer one that is needed now
OVER = ("met", "missed")  # goals that are decided already


@dataclass(frozen=True)
class Need:
    """One decision that is needed: `kind` (of KINDS), what about, why, whose, by when; `dollars`: NaN where unknown."""

    kind: str
    title: str
    evidence: str
    owner: str = ""
    by: pd.Timestamp | None = None
    dollars: float = nan
    money: str = ""
    kpi: str = ""
    withheld: bool = False  # whose it is

    @property
    def proposed(self) -> bool:
        return self.kind in PROPOSED

    @property
    def label(self) -> str:
        return say(f"needs.kind.{self.kind}")

    @property
    def who(self) -> str:
        return self.owner or say("needs.owner_withheld" if self.withheld else "needs.no_owner")

    @property
    def when(self) -> str:
        return day(self.by) if self.by is not None else say("needs.no_day")

    @property
    def rank(self) -> tuple:
        dollars = abs(self.dollars) if isfinite(self.dollars) else 0.0
        return (KINDS.index(self.kind), -dollars, self.by or pd.Timestamp.max, self.title)


def needs(seen: Disclosed, cards: Mapping[str, Card], edition: Edition) -> list[Need]:
    """Every decision that is needed, the gravest first."""
    by = (seen.period.end_time + pd.Timedelta(days=DAYS)).normalize()
    found = list(_guardrails(seen, cards, by))
    told = {need.kpi for need in found}
    found += [need for need in _silent(seen, cards, edition, by) if need.kpi not in told]
    found += _goals(seen, cards, by)
    found += [_late(act) for act in acts_of(seen) if act.late]
    found += [_open(seen, each) for each in seen.decided if each.done is None]
    return sorted((_answered_for(seen, need) for need in found), key=lambda need: need.rank)


def first_of(found: Iterable[Need]) -> list[Need]:
    """The three for page one: the gravest of each kind before a second of any."""
    by_kind: dict[str, list[Need]] = {}
    for need in found:
        by_kind.setdefault(need.kind, []).append(need)
    turns = [(i, KINDS.index(kind), need) for kind, some in by_kind.items() for i, need in enumerate(some)]
    chosen = [need for _, _, need in sorted(turns, key=lambda turn: turn[:2])[:FIRST]]
    return sorted(chosen, key=lambda need: need.rank)


def parted(seen: Disclosed, found: Iterable[Need]) -> tuple[list[Need], list[Need]]:
    """What is needed now, and what is over its day for so long that it has lapsed."""
    since = seen.period.end_time - LAPSED
    now: list[Need] = []
    lapsed: list[Need] = []
    for need in found:
        (lapsed if need.by is not None and need.by < since else now).append(need)
    return now, lapsed


def decisions(seen: Disclosed, cards: Mapping[str, Card], edition: Edition) -> Part:
    """The table of all decisions that are needed, and how many have lapsed."""
    found, lapsed = parted(seen, needs(seen, cards, edition))
    text = "\n".join(f"{need.title}: {need.evidence}" for need in found) or say("needs.none")
    return part(
        "decisions", text=text, shown=found[:SHOWN], rest=found[SHOWN:], some_proposed=any(n.proposed for n in found),
        unlikely=count(100 * UNLIKELY), days=count(DAYS), lapsed=len(lapsed), guarded=seen.guarded,
    )  # fmt: skip


def in_short(seen: Disclosed, cards: Mapping[str, Card], edition: Edition) -> Part:
    """The three gravest, for page one; empty where none is needed."""
    found, _ = parted(seen, needs(seen, cards, edition))
    first = first_of(found)
    text = "\n".join(f"{need.title}: {need.who}, {need.when}" for need in first)
    return part("three_decisions", text=text, first=first, more=len(found) - len(first))


def _answered_for(seen: Disclosed, need: Need) -> Need:
    """The need, with what to do where its owner has left; a guarded reader is not told the owners of the registers."""
    if seen.guarded and not need.proposed:
        return replace(need, withheld=True)
    if not seen.has_left(need.owner):
        return need
    return replace(need, evidence=f"{need.evidence} {say('acts.owner_left', owner=need.owner)}")


def _silent(seen: Disclosed, cards: Mapping[str, Card], edition: Edition, by: pd.Timestamp) -> Iterable[Need]:
    """KPIs of concern whose owner has not said anything."""
    for card in cards.values():
        if is_silent(card, edition):
            title = say("needs.silent", kpi=card.told("title"))
            yield Need(
                "silent", title, card.sentences[0], seen.choice(card.id).owner or "", by, **_at_stake(seen, card)
            )


def _goals(seen: Disclosed, cards: Mapping[str, Card], by: pd.Timestamp) -> Iterable[Need]:
    """Goals that will hardly be reached."""
    for goal in seen.goals:
        chance = goal.probability
        if chance is None or not chance < UNLIKELY or goal.status in OVER or goal.kpi not in cards:
            continue
        card, at = cards[goal.kpi], _period(seen, goal.by)
        title = say("needs.goal", kpi=card.told("title"), by=period(at))
        evidence = say("needs.goal_evidence", chance=_chance(chance))
        yield Need("goal", title, evidence, goal.owner or "", by, **_at_stake(seen, card))


def _guardrails(seen: Disclosed, cards: Mapping[str, Card], by: pd.Timestamp) -> Iterable[Need]:
    """KPIs that must not get worse while a goal is sought, and do; each once, with all its goals."""
    worse: dict[str, list] = {}
    for goal in seen.goals:
        for rail in getattr(goal, "guardrails", ()):
            if rail.answer == "worse" and rail.kpi in cards:
                worse.setdefault(rail.kpi, []).append(goal)
    for id, goals in worse.items():
        card = cards[id]
        sought = listed(of(seen.kpis[goal.kpi], "short") for goal in goals if goal.kpi in seen.kpis)
        owner = next((goal.owner for goal in goals if goal.owner), "") or seen.choice(id).owner or ""
        title = say("needs.guardrail", kpi=card.told("title"))
        evidence = say("needs.guardrail_evidence", goals=sought or say("needs.its_goal"), finding=card.sentences[0])
        yield Need("guardrail", title, evidence, owner, by, **_at_stake(seen, card))


def _late(act: Act) -> Need:
    spent = [say("acts.spent", dollars=quantity(act.entry.spent, "$", 0))] if isfinite(act.entry.spent) else []
    evidence = say("needs.late_evidence", kpi=act.kpi_title, standing=act.standing)
    title = say("needs.late_action", title=act.title)
    money, planned = listed(spent) if spent else "", act.entry.planned
    told = say("acts.planned", dollars=quantity(planned, "$", 0)) if isfinite(planned) else ""
    return Need("late_action", title, evidence, act.entry.owner, act.entry.due, planned, told or money)


def _open(seen: Disclosed, each) -> Need:
    kind = "late_decision" if each.overdue else "open_decision"
    title = each.text or say("needs.untitled", day=day(each.decided))
    evidence = say(f"needs.{kind}", day=day(each.decided))
    dollars = each.dollars if isfinite(each.dollars) and each.dollars else nan
    key = "needs.brings" if dollars < 0 else "needs.costs"
    money = say(key, dollars=quantity(abs(dollars), "$", 0)) if isfinite(dollars) else ""
    return Need(kind, title, evidence, each.owner, each.due, dollars, money)


def _at_stake(seen: Disclosed, card: Card) -> dict:
    """The KPI, and what lies between it and a target that it misses in money, where a point's worth is known."""
    target, worth = seen.choice(card.id).target, next((w for w in seen.worth if w.kpi == card.id), None)
    if target is None or worth is None or not card.has_value or card.kpi.better == "neutral":
        return {"kpi": card.id}
    short = (target.value - card.reading["value"]) * (1 if card.kpi.better == "up" else -1)
    if not short > 0:
        return {"kpi": card.id}
    dollars = float(short * worth.dollars)
    at = period(seen.group.calendar.parse(worth.period))
    return {
        "kpi": card.id,
        "dollars": dollars,
        "money": say("needs.at_stake", dollars=quantity(dollars, "$", 0), period=at),
    }


def _period(seen: Disclosed, by: object) -> pd.Period:
    return by if isinstance(by, pd.Period) else seen.group.calendar.parse(str(by))


def _chance(probability: float) -> str:
    return say("needs.below", share=number(1)) if probability < 0.01 else number(100 * probability)
