"""A practice's KPIs beside those of its peers: what lies outside what is usual among them, and a table of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import Beside
from bsc_analysis.report import counted
from bsc_analysis.report.funnels import CSS, ORDER, drawn, finding, likely, named, peers_named, ranks, written
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import commas, listed, number, of, period, say
from bsc_analysis.words.numbers import bare

if TYPE_CHECKING:
    from bsc_analysis.disclosure import Disclosed
    from bsc_analysis.kpis.kpi import KPI

NOWHERE = ("too_few_practices", "no_specialty")  # reasons that hold for all KPIs of a practice alike
SAID = (*NOWHERE, "no_counts", "no_value", "withheld", "no_events", "all_events")


@dataclass(frozen=True)
class Compared:
    """One KPI beside its peers, in words."""

    seen: Disclosed
    told: Beside

    @property
    def kpi(self) -> KPI:
        return self.seen.kpis[self.told.kpi]

    @property
    def title(self) -> str:
        return of(self.kpi)

    @property
    def finding(self) -> str:
        """The key of its word: 'worse_998', 'better_95', 'higher_95', 'inside' …"""
        return finding(self.told.place, self.told.word)

    @property
    def css(self) -> str:
        return CSS.get(self.finding, "common")

    @property
    def word(self) -> str:
        return say(f"peers.word.{self.finding}")

    @property
    def value(self) -> str:
        return written(self.kpi, self.told.value)

    @property
    def centre(self) -> str:
        return written(self.kpi, self.told.centre)

    @property
    def at(self) -> str:
        """Its period by name; '' where it is the report's."""
        return "" if self.told.period == str(self.seen.period) else period(self._period)

    @property
    def own(self) -> str:
        """'12.1 %', with its period where that is not the report's."""
        return say("peers.at", value=self.value, period=self.at) if self.at else self.value

    @property
    def likely(self) -> str:
        """'11.6 % (9.8–13.1)'; '' where it is not told."""
        return likely(self.kpi, self.told.shrunken, self.told.lower, self.told.upper)

    @property
    def rank(self) -> str:
        """'6–7 of 7'; '' where it is not told."""
        return ranks(self.told.rank_lower, self.told.rank_upper, self.told.practices)

    @property
    def sentences(self) -> list[str]:
        """What lies outside what is usual, and how firm that is."""
        level = self.finding.split("_")[-1]
        low, high = (getattr(self.told, f"{side}{level}") for side in ("lower", "upper"))
        facts = {"value": self.value, "period": period(self._period), "word": self.word, "centre": self.centre}
        facts |= {"peers": peers_named(self.told.of, self.told.practices), "measure": self._measure}
        lines = [say(f"peers.beyond_{level}", limits=_limits(self.kpi, low, high), **facts)]
        lines += [say("peers.widened")] if self.told.widened else []
        return [*lines, *self._ranked]

    @cached_property
    def chart(self) -> Chart | None:
        """The funnel; None where its reader may not see single other practices."""
        if self.told.points.empty:
            return None
        others = self.told.points.assign(own=False)
        own = {"practice": say("peers.own"), "of": self.told.size, "value": self.told.value, "own": True}
        mine = pd.DataFrame([own | {"place": self.told.place, "word": self.told.word}])
        outside = others[(others["place"] != "inside") & (others["practice"] != "")]
        told = [named(self.kpi, row) for row in outside.itertuples()]
        facts = {"kpi": self.title, "n": self.told.practices, "sentence": " ".join(self.sentences)}
        alt = say("peers.alt_others", others=listed(told), **facts) if told else say("peers.alt", **facts)
        return drawn(self.kpi, pd.concat([others, mine], ignore_index=True), self.told, f"funnel-{self.kpi.id}", alt)

    @property
    def _period(self) -> pd.Period:
        return self.seen.group.calendar.parse(self.told.period)

    @property
    def _measure(self) -> str:
        return counted.measure(self.kpi, self.told.size)

    @property
    def _ranked(self) -> list[str]:
        if pd.isna(self.told.rank):
            return []
        first, last = int(self.told.rank_lower), int(self.told.rank_upper)
        best = say("peers.highest" if self.kpi.better == "neutral" else "peers.best")
        key = "peers.rank_alone" if first == last else "peers.rank"
        return [say(key, first=first, last=last, n=self.told.practices, best=best)]


def beside(seen: Disclosed, perspective: str) -> Part:
    """The KPIs of one perspective beside those of the practice's peers, those outside what is usual among them first.

    How to read pictures and table stands beside the report's first of each.
    """
    nowhere = _nowhere(seen.beside)
    mine = [each for each in seen.beside if seen.perspective_of(each.kpi) == perspective]
    rows = sorted((Compared(seen, each) for each in mine if not each.reason), key=_rank)
    outside = [row for row in rows if row.told.outside]
    lead = nowhere if perspective == seen.perspectives[0].id else ""
    if rows:
        many = "one_outside" if len(outside) == 1 < len(rows) else "outside" if outside else "inside"
        lead = say(f"peers.lead.{many}", n=len(rows), outside=len(outside))
    return part(
        "beside",
        text="\n".join(f"{row.title}: {row.own}, {row.word}" for row in rows) or lead,
        lead=lead,
        outside=outside,
        rows=rows,
        ranked=any(row.rank for row in rows),
        notes=[] if nowhere else _notes(seen, mine),
        **_how(seen, perspective),
    )


def _rank(row: Compared) -> int:
    return ORDER.index(row.finding) if row.finding in ORDER else len(ORDER)


def _how(seen: Disclosed, perspective: str) -> dict[str, Any]:
    """How to read the first picture and the first table of the report, where they stand here."""
    compared = [each for each in seen.beside if not each.reason]
    pictures = [each for each in compared if each.outside and len(each.points)]
    order = [each.id for each in seen.perspectives]

    def here(some: Iterable[Beside]) -> bool:
        return min((order.index(seen.perspective_of(each.kpi)) for each in some), default=-1) == order.index(
            perspective
        )

    chance = say("peers.chance", n=len(compared), expected=number(ALPHA * len(compared), 1))
    return {
        "how": [say("peers.how_table"), chance] if here(compared) else [],
        "how_drawn": say("peers.how") if here(pictures) else "",
    }


def _limits(kpi: KPI, low: float, high: float) -> str:
    return say("peers.range", low=bare(low, kpi.unit, kpi.decimals), high=written(kpi, high))


def _nowhere(told: Iterable[Beside]) -> str:
    """Why the practice is compared in nothing, where that is for want of peers; '' else."""
    found = [each for each in told if each.reason != "no_counts"]
    if not found or any(each.reason not in NOWHERE for each in found):
        return ""
    return say(f"peers.nowhere.{found[0].reason}", needed=found[0].needed)


def _notes(seen: Disclosed, told: Iterable[Beside]) -> list[str]:
    """What is not compared, a sentence for each reason."""
    why: dict[str, list[Beside]] = {}
    for each in told:
        if each.reason:
            why.setdefault(each.reason if each.reason in SAID else "counts", []).append(each)
    return [
        say(f"peers.not.{code}", kpis=commas(of(seen.kpis[each.kpi]) for each in some), needed=some[0].needed)
        for code, some in why.items()
    ]
