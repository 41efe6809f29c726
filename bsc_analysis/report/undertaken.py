"""What was undertaken and what came of it: actions with their effect, initiatives with what they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from bsc_analysis.disclosure import Alike, Disclosed, Initiative
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.periods import PER_YEAR, grain_of
from bsc_analysis.report.act import FEW, FOUND, Act, cautions, css_of, sentence, spending, whole
from bsc_analysis.report.effect import chance
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import beside, count, day, listed, number, of, period, say

MOST_PICTURES = 6  # of recent actions whose KPI moved; of those that cannot be told, and of earlier ones, as many
OVERSPENT = 1.2  # times what was planned, from which on that is said
REGISTER = "actions"


@dataclass(frozen=True)
class Same:
    """What several practices did alike, with what is told of all of them."""

    alike: Alike
    grain: str

    @property
    def title(self) -> str:
        kpi = of(kpi_named(self.alike.kpi))
        title = self.alike.title
        return say("acts.alike_title", title=title, kpi=kpi) if title else say("acts.untitled", kpi=kpi)

    @property
    def found(self) -> str:
        return whole(kpi_named(self.alike.kpi), self.alike.told)

    @property
    def word(self) -> str:
        return say(f"acts.word.{self.alike.told.answer if self.alike.told.known else 'unknown'}")

    @property
    def css(self) -> str:
        return css_of(self.alike.told, kpi_named(self.alike.kpi))

    @property
    def sentences(self) -> list[str]:
        """Who did it and who did not; what came of all of them; what to know before building on it."""
        told, kpi = self.alike.told, kpi_named(self.alike.kpi)
        who = say("acts.alike_who", n=told.treated, controls=told.controls) if told.treated else ""
        lines = [who, sentence(kpi, told, self.alike.kpi, self.grain), *cautions(kpi, told, self._together)]
        if told.known and told.reason == FEW:
            lines.append(say("acts.least_p", p=chance(told.least_p)))
        if told.p_before is not None and told.p_before <= ALPHA:
            lines.append(say("acts.apart_before"))
        return [line for line in lines if line]

    @property
    def _together(self) -> str:
        n = len(self.alike.told.together)
        return say("acts.together_some", n=n) if n else ""


def acts_of(seen: Disclosed) -> list[Act]:
    """The actions, exceptions first."""
    return sorted((Act(seen, tried, i) for i, tried in enumerate(seen.actions)), key=lambda act: act.rank)


def recent(act: Act) -> bool:
    """Whether it is open, or went live, or was given up without, within the year that ends with the report's period."""
    now = act.seen.period
    year = (now - PER_YEAR[grain_of(now)]).end_time
    last = act.entry.live or act.entry.done  # one that was given up may never have gone live
    return act.entry.open or (last is not None and last > year)


def actions(seen: Disclosed) -> Part:
    """The actions with their effects, those of the last year first; what was done alike elsewhere; initiatives."""
    every = acts_of(seen)
    now, earlier = ([a for a in every if recent(a) is wanted] for wanted in (True, False))
    found, open_ones = ([a for a in now if (a.told.answer == "cannot_tell") is untold] for untold in (False, True))
    before = [a for a in earlier if a.told.answer != "cannot_tell"]
    drawn, open_ones, before = (_to_draw(some) for some in (found, open_ones, before))
    same = [Same(each, seen.group.shared.grain) for each in seen.alike]
    lead = in_short(now) if every else say("acts.none_yet" if REGISTER in set(seen.through["table"]) else "acts.none")
    return part(
        "actions",
        text="\n".join([lead, *(f"{a.title}: {a.standing}; {a.word}" for a in every)]),
        lead=lead,
        now=now,
        earlier=earlier,
        drawn=drawn,
        open=open_ones,
        before=before,
        same=same,
        chance=by_chance(every, same),
        initiatives=[_initiative(seen, each) for each in sorted(seen.initiatives, key=_urgent)],
        guarded=seen.guarded,
    )


def in_short(acts: Sequence[Act]) -> str:
    """'Of 7 actions of the last year 4 are done and 1 is late; 2 moved their KPI as expected, of 4 the data can't
    tell.'"""
    if not acts:
        return say("acts.none_recent")
    given_up = sum(a.entry.standing == "given_up" for a in acts)
    done, late = sum(not a.entry.open for a in acts) - given_up, sum(a.late for a in acts)
    told = {"done": done, "given_up": given_up, "late": late}
    stand = [say(f"acts.so_many.{name}", n=n) for name, n in told.items() if n]
    live = [a for a in acts if a.told.known]
    groups = {
        "as_expected": [a for a in live if a.told.answer == "as_expected"],
        "moved": [a for a in live if a.told.answer in FOUND and a.told.answer != "as_expected"],
        "not_as_expected": [a for a in live if a.told.answer == "not_as_expected"],
        "cannot_tell": [a for a in acts if a.told.answer == "cannot_tell"],
    }
    came = [say(f"acts.so_many.{name}", n=len(some)) for name, some in groups.items() if some]
    first = say("acts.short_first", n=len(acts), told=listed(stand)) if stand else say("acts.short_open", n=len(acts))
    return say("acts.short", first=first, came=listed(came))


def brought(seen: Disclosed) -> str:
    """What the decisions of the period before brought, in a line; '' where none is known."""
    last = seen.period - 1
    taken = [d for d in seen.decided if d.decided is not None and last.start_time <= d.decided <= last.end_time]
    live = [
        act
        for act in acts_of(seen)
        if act.entry.live is not None and last.start_time <= act.entry.live <= last.end_time
    ]
    lines = []
    if taken:
        done, late = sum(d.done is not None for d in taken), sum(d.late or d.overdue for d in taken)
        more = say("acts.brought_late", n=late) if late else ""
        lines.append(say("acts.brought_decided", n=len(taken), done=done, late=more))
    if live:
        told = [say("acts.brought_act", title=act.title, found=f"{act.word[0].lower()}{act.word[1:]}") for act in live]
        lines.append(say("acts.brought_live", acts="; ".join(told)))
    return say("acts.brought", period=period(last), told=" ".join(lines)) if lines else ""


def by_chance(acts: Sequence[Act], same: Sequence[Same]) -> str:
    """How many effects were looked at, and how many chance alone would call a move; '' where none was."""
    n = len({a.estimate for a in acts if a.told.known}) + sum(s.alike.told.known for s in same)
    return say("acts.chance", n=n, expected=number(ALPHA * n, 1), level=count(100 * ALPHA)) if n else ""


def _to_draw(acts: Sequence[Act]) -> list[Act]:
    """Those that have a picture, each estimate once."""
    once = {act.estimate: act for act in reversed(acts) if act.told.known}
    return [act for act in acts if once.get(act.estimate) is act and act.picture][:MOST_PICTURES]


def _urgent(each: Initiative) -> tuple:
    return (not each.overdue, not _over(each), each.id)


def _over(each: Initiative) -> bool:
    pairs = ((each.planned, each.spent), (each.hours_planned, each.hours_spent))
    return any(isfinite(p) and isfinite(s) and p >= 0 and s > OVERSPENT * p for p, s in pairs)


def _initiative(seen: Disclosed, each: Initiative) -> dict[str, object]:
    """A row of the table of initiatives."""
    key = "overdue" if each.overdue else each.status
    ends = say("acts.ends", day=day(each.ends)) if each.ends is not None else ""
    hours = {"planned": each.hours_planned, "spent": each.hours_spent}
    told = [say(f"acts.hours_{name}", hours=count(value)) for name, value in hours.items() if isfinite(value)]
    return {
        "title": each.objective or say("acts.initiative_untitled", id=each.id),
        "owner": say("acts.has_left", owner=each.owner) if seen.has_left(each.owner) else each.owner,
        "status": beside([say(f"acts.initiative.{key}"), ends]),
        "money": spending(each.planned, each.spent),
        "hours": beside(told),
        "over": say("acts.over") if _over(each) else "",
    }
