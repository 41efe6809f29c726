"""One goal as its reader meets it: what it promises, where it stands, how likely it is, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import Disclosed, DisclosedGoal
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.report import goal_picture
from bsc_analysis.report.smart import chances, change, declared_change, lacks, level
from bsc_analysis.words import day, of, period, say

ORDER = ("missed", "at_risk", "cannot_tell", "too_early", "on_track", "met")  # exceptions first
CLASSES = {"missed": "worse", "at_risk": "worse", "on_track": "better", "met": "better"}


@dataclass(frozen=True)
class GoalView:
    """The goal at `place` of the practice's goals."""

    seen: Disclosed
    told: DisclosedGoal
    place: int

    @property
    def kpi(self) -> KPI | None:
        """None where the practice's card does not hold it."""
        return self.seen.kpis.get(self.told.kpi)

    @property
    def title(self) -> str:
        return of(self.kpi) if self.kpi else self.told.kpi

    @property
    def by(self) -> str:
        return period(self.told.by)

    @property
    def owner(self) -> str:
        left = say("acts.has_left", owner=self.told.owner) if self.seen.has_left(self.told.owner) else ""
        return left or self.told.owner or say("goals.no_owner")

    @property
    def rank(self) -> tuple[int, float, int]:
        """Exceptions first, the least likely before others, then the params' order."""
        told = self.told
        return ORDER.index(told.status), 1.0 if told.probability is None else told.probability, self.place

    @property
    def css(self) -> str:
        return CLASSES.get(self.told.status, "common")

    @property
    def word(self) -> str:
        return say(f"goals.status.{self.told.status}")

    @property
    def chip(self) -> str:
        return say("goals.chip", icon=say(f"goals.icon.{self.told.status}"), word=self.word)

    @property
    def chance(self) -> str:
        """'about 3 in 10'; none without a forecast."""
        return say("value.none") if self.told.probability is None else chances(self.told.probability)

    @property
    def promise(self) -> str:
        """'No-show rate from 9.1 % to 7.7 % by 2027 Q2'."""
        told = self.told
        facts = {"kpi": self.title, "by": self.by, "target": self.written(told.target), "start": self.start}
        if told.target is None and self.kpi and told.goal.change:
            return say("goals.promise_open", **facts, change=declared_change(self.kpi, told.goal.change))
        return say("goals.promise" if told.start is not None else "goals.promise_level", **facts)

    @property
    def start(self) -> str:
        return self.written(self.told.start) or say("value.none")

    @property
    def now(self) -> str:
        return self.written(self.told.now) or say("value.none")

    @property
    def target(self) -> str:
        return self.written(self.told.target) or say("value.none")

    @property
    def start_of(self) -> str:
        """The period of the baseline, '' where none is declared."""
        base = self.told.goal.baseline
        return period(self.seen.group.calendar.parse(base)) if base else ""

    @property
    def as_of(self) -> str:
        return period(self.told.as_of) if self.told.as_of is not None else ""

    @property
    def way(self) -> str:
        """How far: '15 % less than in 2026 Q2, which is 1.4 points'; '' where the target is a level."""
        told, asked = self.told, self.told.goal.change
        if asked is None or self.kpi is None:
            return ""
        facts = {"change": declared_change(self.kpi, asked), "start_of": self.start_of}
        if told.start is None or told.target is None or asked.relative is None:
            return say("goals.way", **facts)
        return say("goals.way_and_amount", **facts, amount=change(self.kpi, told.target - told.start))

    def written(self, value: float | None) -> str:
        return level(self.kpi, value) if self.kpi else ""

    @cached_property
    def sentences(self) -> list[str]:
        """Where it stands, how it goes, and what its history says of so large a change."""
        return [each for each in (self.standing, self._going, self._broken, self._rare, self._told_apart) if each]

    @property
    def standing(self) -> str:
        """How likely it is, or what came of it, or why that cannot be told."""
        told = self.told
        facts = {"by": self.by, "target": self.target, "reached": self.written(told.reached)}
        if told.status == "cannot_tell":
            return self._why
        if told.ends is None or told.probability is None:
            return say(f"goals.told.{told.status}", **facts)
        lower, middle, upper = (self.written(end) for end in told.ends)
        chance = chances(told.probability)
        sentence = say("goals.likely", **facts, chance=chance, lower=lower, middle=middle, upper=upper)
        if told.status == "too_early":
            return f"{say('goals.told.too_early', day=self.declared)} {sentence}"
        return sentence

    @property
    def _why(self) -> str:
        told = self.told
        facts = {"by": self.by, "baseline": self.start_of, "start": self.start, "target": self.target}
        facts |= {"kpi": of(self.kpi, "short") if self.kpi else told.kpi, "unit": self._unit(told.needed)}
        return say(f"goals.why.{told.reason}", **facts, count=told.count, needed=told.needed, reach=told.reach)

    @property
    def _going(self) -> str:
        """Whether it is ahead of the straight way from baseline to target, once there is a newer value."""
        told = self.told
        if told.now is None or told.due is None or told.status in ("met", "missed") or self.as_of == self.start_of:
            return ""
        ahead = told.now >= told.due if told.up else told.now <= told.due
        facts = {"now": self.now, "as_of": self.as_of, "due": self.written(told.due)}
        return say("goals.ahead" if ahead else "goals.behind", **facts)

    @property
    def _broken(self) -> str:
        """What changed since the baseline, so that both are not one series."""
        base, as_of = self.told.goal.baseline, self.told.as_of
        if base is None or as_of is None or self.kpi is None:
            return ""
        parse = self.seen.group.calendar.parse
        since = [b for b in self.seen.breaks(self.kpi.id) if parse(base).end_time < parse(b.at).start_time]
        return say("goals.broken", baseline=self.start_of, at=period(parse(since[-1].at))) if since else ""

    @property
    def _rare(self) -> str:
        rare = self.told.rarity
        if rare.share is None:
            return ""
        n = round(rare.share * rare.windows)
        facts = {"of": rare.windows, "span": rare.span, "unit": self._unit(rare.span), "apart": rare.apart}
        return say("goals.rare", n=n, **facts) if n else say("goals.never", **facts)

    def _unit(self, n: int) -> str:
        return say(f"unit.{self.told.grain}_one" if n == 1 else f"unit.{self.told.grain}")

    @property
    def _told_apart(self) -> str:
        """Whether the change could be told from chance, as long as it has yet to come about."""
        found = self.told.detectable
        if self.told.status in ("met", "missed") or found.power is None or found.smallest is None or self.kpi is None:
            return ""
        return say("goals.detectable", chance=chances(found.power), smallest=change(self.kpi, found.smallest))

    @property
    def lacks(self) -> list[str]:
        """What keeps it from being SMART, and how to mend that."""
        return lacks(self.told.findings, self.kpi)

    @property
    def guardrails(self) -> list[tuple[str, str]]:
        """Class and sentence for each KPI that must not get worse meanwhile."""
        return [_guardrail(self.seen, each) for each in self.told.guardrails]

    @property
    def declared(self) -> str:
        return day(pd.Timestamp(self.told.goal.declared))

    @property
    def edited(self) -> tuple[str, str]:
        """How often what it promises was changed since, and why at last; empty where it never was."""
        edits = self.told.goal.edits
        if not edits:
            return "", ""
        return say("goals.edited", n=len(edits), day=day(pd.Timestamp(edits[-1].at))), edits[-1].because

    @cached_property
    def bullet(self) -> Chart | None:
        """Baseline, now and target on a line, for eyes only: the numbers stand beside it."""
        return goal_picture.bullet(self)

    @cached_property
    def fan(self) -> Chart | None:
        """History, what may come, target and deadline; None without two readings and a target."""
        return goal_picture.fan(self)


def _guardrail(seen: Disclosed, each) -> tuple[str, str]:
    kpi = seen.kpis.get(each.kpi)
    title = of(kpi) if kpi else each.kpi
    css = {"worse": "worse", "better": "better"}.get(each.answer, "common")
    if each.answer == "cannot_tell":
        return css, say("goals.guard.cannot_tell", kpi=title, why=say(f"goals.guard_why.{each.reason}"))
    return css, say(f"goals.guard.{each.answer}", kpi=title, as_of=period(each.as_of))
