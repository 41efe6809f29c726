"""What vendors and leaders claim, beside what the practice's own data say."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import pandas as pd

from bsc_analysis.disclosure import Audit, Disclosed
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.report.act import bounds
from bsc_analysis.report.effect import digits
from bsc_analysis.report.parts import Part, part
from bsc_analysis.words import day, language, of, period, quantity, say

ORDER = ("not_met", "cannot_tell", "met")
CSS = {"met": "better", "not_met": "worse"}


@dataclass(frozen=True)
class Checked:
    """One claim of a disclosed report."""

    seen: Disclosed
    audit: Audit

    @property
    def word(self) -> str:
        return say(f"claims.word.{self.audit.answer}")

    @property
    def css(self) -> str:
        return CSS.get(self.audit.answer, "common")

    @property
    def who(self) -> str:
        a = self.audit
        return say("claims.who", by=a.by, source=a.source, day=day(pd.Timestamp(a.declared)))

    @property
    def claimed(self) -> str:
        """'at least 70 %'."""
        return say(f"claims.at_least.{self._way}", share=_percent(self.audit.claimed, whole=True))

    @property
    def found(self) -> str:
        """'57.1 % (55.0 to 59.2)', of a fall '12.0 % less (9.1 to 14.8)', of a rise '3.0 % more'; '–' where there is
        nothing."""
        a = self.audit
        if not isfinite(a.value):
            return say("value.none")
        rose = self._way == "fall" and a.value < 0
        low, high = (-100 * a.upper, -100 * a.lower) if rose else (100 * a.lower, 100 * a.upper)
        shown = _percent(-a.value if rose else a.value)
        if self._way == "fall":
            shown = say("claims.more" if rose else "claims.less", share=shown)
        if not isfinite(low):
            return shown
        return say("effect.with_interval", effect=shown, interval=bounds(low, high, _decimals((high - low) / 2)))

    @property
    def base(self) -> str:
        """'of 2,140 calls', or why there is nothing to hold it against."""
        a = self.audit
        if a.reason:
            code = a.reason if language.has(f"claims.reason.{a.reason}") else "other"
            return say(f"claims.reason.{code}")
        if a.kind == "share":
            return say("claims.of_rows", n=int(a.n), rows=say(f"rows.{a.of}"))
        kpi = of(kpi_named(a.of), "short") if a.of in KPIS else a.of
        at = period(self.seen.group.calendar.parse(a.first))
        unit = say(f"unit.{self.seen.group.shared.grain}")
        key = "claims.of_counts" if a.kind == "fall_in_counts" else "claims.of_means"
        return say(key, kpi=kpi, first=at, n=int(a.n), before=int(a.before), unit=unit)

    @property
    def sentence(self) -> str:
        """What the numbers say of the claim."""
        a = self.audit
        if a.reason:
            return self.base
        key = "no_exception" if a.answer == "cannot_tell" and a.kind == "share" and a.value == 1 else a.answer
        return say(f"claims.said.{key}", claimed=self.claimed, found=self.found)

    @property
    def rank(self) -> int:
        return ORDER.index(self.audit.answer) if not self.audit.reason else len(ORDER)

    @property
    def _way(self) -> str:
        return "share" if self.audit.kind == "share" else "fall"


def claims(seen: Disclosed) -> Part:
    """The claims, those that fall short first; empty where none is declared."""
    rows = sorted((Checked(seen, audit) for audit in seen.audits), key=lambda row: row.rank)
    return part("claims", text="\n".join(f"{r.audit.claim}: {r.word}. {r.sentence}" for r in rows), rows=rows)


def _percent(share: float, *, whole: bool = False) -> str:
    return quantity(100 * share, "%", 0 if whole and float(100 * share).is_integer() else 1)


def _decimals(value: float) -> int:
    return min(digits(value), 1)
