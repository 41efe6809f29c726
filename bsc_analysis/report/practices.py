"""KPIs over the practices of each specialty: who lies outside what is usual there; no rank without its interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import LEAST_PEERS, DisclosedGroup, PeerSet
from bsc_analysis.kpis import kpi
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.report.effect import chance
from bsc_analysis.report.funnels import CSS, ORDER, drawn, finding, peers_named, ranks, written
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import number, of, period, say

MOST_TOLD = 6  # practices of one comparison that have a line


@dataclass(frozen=True)
class Among:
    """One KPI over the practices of one specialty, in words."""

    seen: DisclosedGroup
    told: PeerSet
    place: int

    @property
    def kpi(self) -> KPI:
        return kpi(self.told.kpi)

    @property
    def title(self) -> str:
        """'No-show rate, the 7 practices of cardiology'."""
        key = "compared.title" if self.told.of else "compared.title_all"
        return say(key, kpi=of(self.kpi), peers=peers_named(self.told.of, len(self.told.rows)))

    @property
    def kpi_title(self) -> str:
        return of(self.kpi)

    @property
    def peers(self) -> str:
        """'cardiology (7)'."""
        return say("compared.set" if self.told.of else "compared.set_all", of=self.told.of, n=len(self.told.rows))

    @property
    def centre(self) -> str:
        return written(self.kpi, self.told.centre)

    @property
    def together(self) -> str:
        """What they have together, and whether they differ at all."""
        at = period(self.seen.group.calendar.parse(self.told.period))
        differ = say("compared.differ" if self._differ else "compared.alike", p=chance(self.told.p_differ))
        return f"{say('compared.together', centre=self.centre, period=at)} {differ}"

    @cached_property
    def outside(self) -> pd.DataFrame:
        """Its practices beyond a limit, with the key of their word, in the order in which they concern a leader."""
        rows = self.told.rows[self.told.rows["place"] != "inside"]
        found = [finding(place, word) for place, word in zip(rows["place"], rows["word"], strict=True)]
        rows = rows.assign(finding=found, order=[ORDER.index(each) for each in found])
        return rows.sort_values("order", kind="stable")

    @property
    def css(self) -> str:
        return CSS.get(self.outside["finding"].iloc[0], "common")

    @property
    def lines(self) -> list[str]:
        """A line for each practice that lies outside, as far as its reader may know it."""
        shown = [self._line(row) for row in self.outside.head(MOST_TOLD).itertuples()]
        rest = len(self.outside) - len(shown)
        return [*shown, *([say("compared.more", n=rest)] if rest else [])]

    @property
    def many(self) -> str:
        """'2 of 7' outside, or none."""
        n = len(self.outside)
        return say("compared.some", n=n, of=len(self.told.rows)) if n else say("compared.nobody")

    @property
    def differ(self) -> str:
        return say("compared.yes_differ" if self._differ else "compared.no_differ", p=chance(self.told.p_differ))

    @cached_property
    def chart(self) -> Chart | None:
        """The funnel; None where its reader may see no single practice."""
        if self.told.curve.empty:
            return None
        alt = say("compared.alt", title=self.title, told=" ".join(self.lines))
        return drawn(self.kpi, self.told.rows.assign(own=False), self.told, f"funnel-{self.place}", alt)

    @property
    def _differ(self) -> bool:
        return self.told.p_differ <= ALPHA

    def _line(self, row) -> str:
        word = say(f"peers.word.{row.finding}")
        if pd.isna(row.value):
            return say("compared.row_hidden", word=word)
        rank = ranks(row.rank_lower, row.rank_upper, len(self.told.rows))
        facts = {"value": written(self.kpi, row.value), "word": word, "rank": rank}
        return say("compared.row" if row.practice else "compared.row_unnamed", practice=row.practice, **facts)


def practices(seen: DisclosedGroup) -> Part:
    """Every KPI that can be compared, those with a practice outside first."""
    rows = [Among(seen, told, place) for place, told in enumerate(seen.peers) if not told.reason]
    rows.sort(key=lambda row: row.outside["order"].min() if len(row.outside) else len(ORDER))
    outside = [row for row in rows if len(row.outside)]
    if not rows:
        lead = say("compared.nothing", needed=LEAST_PEERS)
    elif outside:
        lead = say("compared.outside", n=len(outside), of=len(rows))
    else:
        lead = say("compared.none", n=len(rows))
    unnamed = bool(rows) and not any((row.told.rows["practice"] != "").any() for row in rows)
    told = [f"{row.title}: {line}" for row in outside for line in row.lines]
    values = sum(len(row.told.rows) for row in rows)
    facts: dict[str, Any] = {"lead": lead, "rows": rows, "outside": outside, "unnamed": unnamed}
    chance = say("compared.chance", n=values, expected=number(ALPHA * values, 1)) if rows else ""
    return part("practices", text="\n".join([lead, *told]), chance=chance, **facts)
