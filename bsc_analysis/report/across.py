"""A shared link across the practices: what all of them say, how they differ, and what each says alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from bsc_analysis.charts import Chart, practices
from bsc_analysis.disclosure import DisclosedGroup, Practices
from bsc_analysis.report import meaning
from bsc_analysis.report.chained import chained
from bsc_analysis.report.effect import chance
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.links import ORDER, by_chance, in_short, picture
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import count, listed, number, say

UNTESTED = "untested"  # as disclosure counts the practices that have too little to be tested alone
MOST_NAMED = 12  # of those that lie apart; more are counted
MOST_TOLD = 30  # practices that an alternative text tells one by one


@dataclass(frozen=True)
class Across(Linked):
    """One link of a portfolio."""

    practices: Practices = field(default_factory=Practices)

    @property
    def notes(self) -> list[str]:
        """What to know before building on the answer, and what the practices say alone."""
        return [*meaning.cautions(self), self.alone_in_short]

    @property
    def alone_in_short(self) -> str:
        """'3 of 12 practices show it alone; 9 cannot tell.'"""
        found = self.practices.alone
        n, of = found.get(ORDER[0], 0), sum(found.values())
        if found.get(UNTESTED) == of:
            return say("across.none_tested")
        rest = [say(f"across.so_many.{a}", n=found[a]) for a in (*ORDER[1:], UNTESTED) if found.get(a)]
        first = say("across.shown" if n else "across.not_shown", n=n, of=of)
        return say("across.alone", first=first, rest=listed(rest)) if rest else say("across.alone_whole", first=first)

    @property
    def differences(self) -> list[str]:
        """How the practices differ; empty where that is not looked at, because the group's test found nothing."""
        told, step = self.practices, self.step
        if told.reason:
            return [say("across.too_few")]
        if told.effects.empty or step is None:
            return []
        differ = told.p_spread is not None and told.p_spread <= ALPHA
        key = "across.differ" if differ else "across.alike"
        lines = [say(key, p=say("across.p", p=chance(told.p_spread)), spread=step.amount(told.spread))]
        apart = told.effects[told.effects["apart"]]
        if len(apart):
            named = apart["practice"].all() and len(apart) <= MOST_NAMED
            names = listed(apart["practice"]) if named else say("across.some", n=len(apart))
            lines.append(say("across.apart", n=len(apart), practices=names))
        return lines

    @property
    def effect_of(self) -> str:
        """What the effects of the practices are of, in words: the heading of their picture."""
        if self.step is None:
            return ""
        later = say("effect.later", n=int(self.verdict.lag or 0), **self.facts)
        return say("across.effect_of", step=self.step.text, later=later, **self.facts)

    @property
    def named(self) -> pd.DataFrame:
        """The practices' effects, those without a name by their number in the order of the effects."""
        numbers = [say("across.number", n=i + 1) for i in range(len(self.practices.effects))]
        names = self.practices.effects["practice"]
        return self.practices.effects.assign(practice=names.where(names != "", numbers))

    @cached_property
    def spread(self) -> Chart | None:
        """The practices, one below the other; None where they are not compared."""
        told, step = self.practices, self.step
        if told.effects.empty or step is None:
            return None
        rows = self.named
        drawn = rows.assign(**{side: rows[side] * step.size for side in ("effect", "lower", "upper")})
        each = listed(
            say("across.row", practice=r.practice, effect=step.whole(r.effect, (r.lower, r.upper)))
            for r in rows.itertuples()
        )
        facts = {"title": self.title, "effect_of": self.effect_of, "finding": " ".join(self.differences)}
        facts |= {"mean": step.amount(told.mean), "n": count(len(rows)), "told": each}
        return practices(
            drawn,
            mean=told.mean * step.size,
            name=f"practices-{self.place}",
            alt=say("across.alt" if len(rows) <= MOST_TOLD else "across.alt_many", **facts),
            words={key: say(f"across.{key}") for key in ("mean", "dark")},
            label=step.axis(drawn[["lower", "upper"]].abs().max(axis=None)),
        )


def rows_of(seen: DisclosedGroup) -> list[Across]:
    """The shared links, the surest first."""
    told = zip(seen.links, seen.practices, strict=True)
    rows = [Across(seen, tested, place, practices) for place, (tested, practices) in enumerate(told)]
    return sorted(rows, key=lambda row: ORDER.index(row.verdict.answer))


def links(seen: DisclosedGroup, rows: list[Across]) -> Part:
    """The shared links with their evidence, and for those that the group's test found how the practices differ."""
    summary = in_short(rows) if rows else ""
    return part(
        "portfolio_links",
        text="\n".join(f"{row.title}: {row.word}. {row.alone_in_short}" for row in rows),
        picture=picture(rows, summary),
        some_without_least=any(row.verdict.tested and not row.verdict.least for row in rows),
        first_compared=next((row.place for row in rows if row.spread), None),
        named=not seen.guarded,
        rows=rows,
        chained=chained(seen),
        chance=[*by_chance(rows, len(seen.group.shared.ended_links)), *_alone_by_chance(rows)],
        waiting=[],
    )


def _alone_by_chance(rows: list[Across]) -> list[str]:
    """How many tests of single practices were made, and what chance alone would find in them."""
    n = sum(many for row in rows for answer, many in row.practices.alone.items() if answer != UNTESTED)
    return [say("across.chance", n=n, expected=number(ALPHA * n, 1), level=count(100 * ALPHA))] if n else []
