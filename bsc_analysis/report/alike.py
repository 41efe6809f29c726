"""Across practices: what several of them did under one title, with the effect over all and what each one's KPI says."""

from __future__ import annotations

from dataclasses import dataclass

from bsc_analysis.disclosure import DisclosedGroup, Tried
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.report.act import css_of, sentence, whole
from bsc_analysis.report.parts import Part, part
from bsc_analysis.report.undertaken import Same, by_chance
from bsc_analysis.words import day, say


@dataclass(frozen=True)
class Each:
    """One practice's part of what several did."""

    practice: str
    tried: Tried
    grain: str

    @property
    def live(self) -> str:
        return day(self.tried.entry.live) if self.tried.entry.live is not None else ""

    @property
    def found(self) -> str:
        return whole(kpi_named(self.tried.entry.kpi), self.tried.told)

    @property
    def word(self) -> str:
        return say(f"acts.word.{self.tried.told.answer if self.tried.told.known else 'unknown'}")

    @property
    def css(self) -> str:
        return css_of(self.tried.told, kpi_named(self.tried.entry.kpi))

    @property
    def sentence(self) -> str:
        return sentence(kpi_named(self.tried.entry.kpi), self.tried.told, self.tried.entry.kpi, self.grain)


def actions(seen: DisclosedGroup) -> Part:
    """What more than one practice did, that done by most first; single practices only where they may be named."""
    same = [
        Same(each, seen.group.shared.grain)
        for each in sorted(seen.alike, key=lambda a: (-a.told.treated, a.title, a.kpi))
    ]
    rows = [(each, _each(seen, each)) for each in same]
    text = "\n".join(f"{each.title}: {each.word}" for each in same) or say("acts.none_alike")
    chance = by_chance([], same)
    return part("portfolio_actions", text=text, rows=rows, chance=chance, guarded=seen.guarded)


def _each(seen: DisclosedGroup, same: Same) -> list[Each]:
    mine = [t for t in seen.tried if (t.entry.title, t.entry.kpi) == (same.alike.title, same.alike.kpi)]
    known = seen.group.practices
    return [Each(known[t.entry.practice].title, t, same.grain) for t in mine if t.entry.practice in known]
