"""One KPI as its reader meets it: value, word, count, target and what stands beside its chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import Disclosed, Variation, Varied
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.periods import PER_YEAR, grain_of
from bsc_analysis.report import charted, completed, counted, finding, judgement, margin, moved, picture, sources
from bsc_analysis.words import interval, of, period, quantity, say


@dataclass(frozen=True)
class Card:
    """The card of KPI `id` in one disclosed report."""

    seen: Disclosed
    id: str

    @property
    def kpi(self) -> KPI:
        return self.seen.kpis[self.id]

    def told(self, field: str) -> str:
        """What the KPI's definition says, one of words.definitions.FIELDS."""
        return of(self.kpi, field)

    @cached_property
    def at(self) -> pd.Period:
        """The period of the value that is shown: an earlier one while the report's is still running out."""
        return completed.shown_period(self)

    @cached_property
    def reading(self) -> pd.Series:
        return self.seen.reading(self.id, self.at)

    @cached_property
    def runs_out(self) -> bool:
        """Whether rows of the report's period are still to come: its raw value is shown nowhere but in grey."""
        return completed.runs_out(self)

    @property
    def varied(self) -> Varied:
        """Its series against chance, and on which chart."""
        return self.seen.varied[self.id]

    @property
    def variation(self) -> Variation:
        return self.varied.variation

    @property
    def period_unit(self) -> str:
        """'months', 'quarters' or 'years'."""
        return say(f"unit.{self.seen.group.shared.grain}")

    @property
    def unit(self) -> str:
        """What the points of its chart are: periods, or of rare events the stretches between them."""
        return say("charted.stretches") if self.varied.between else self.period_unit

    @property
    def has_value(self) -> bool:
        raw = self.runs_out and self.at == self.seen.period
        return bool(pd.notna(self.reading["value"])) and not raw

    @property
    def state(self) -> str:
        """Why there is no value of the report's period, or none to build on, in words."""
        return judgement.state(self)

    @property
    def value(self) -> str:
        """The big number; of another period than the report's, with that period's name."""
        if not self.has_value:
            return say("value.none")
        return completed.named(self, self.bare_value) if self.runs_out else self.bare_value

    @property
    def bare_value(self) -> str:
        """The number of `at` without a name."""
        return self.written(self.reading["value"])

    @property
    def word(self) -> str:
        """The key of the word that judges the KPI."""
        return judgement.word(self)

    @property
    def judged(self) -> bool:
        """Whether its newest point says something of the report's period."""
        return judgement.judged(self)

    @property
    def calm(self) -> bool:
        """Whether nothing of it asks for attention: it is shown small."""
        return judgement.calm(self)

    @property
    def css(self) -> str:
        return judgement.CLASSES.get(self.word, "common")

    @property
    def verdict(self) -> str:
        """The word, after an arrow that shows where the number went."""
        return judgement.verdict(self)

    @property
    def signs(self) -> list[judgement.Sign]:
        """How it varies, and whether it meets its target: icon and word."""
        return judgement.signs(self)

    @property
    def rank(self) -> tuple[int, int]:
        """Exceptions first, then the params' order."""
        return judgement.ORDER.index(self.word), list(self.seen.kpis).index(self.id)

    @property
    def target(self) -> str:
        """'target ≤ 7 %' or that none is configured."""
        target = self.seen.choice(self.id).target
        if target is None:
            return say("value.no_target")
        sign = margin.SIGNS[self.kpi.better]
        return say("value.target", sign=sign, value=self.written_target(target.value)).replace("  ", " ")

    @property
    def year_before(self) -> str:
        """The same period a year before, '' where there is none."""
        before = self.at - PER_YEAR[grain_of(self.at)]
        if any(at.start_time > before.start_time for at, _ in self.breaks):
            return ""  # nothing is compared across a documented break
        value = self.seen.reading(self.id, before)["value"]
        return say("value.year_before", value=self.written(value), period=period(before)) if pd.notna(value) else ""

    @property
    def interval(self) -> str:
        """'18.2–19.6'; '' where there is none."""
        return interval(self.reading["lower"], self.reading["upper"], self.kpi.unit, self.kpi.decimals)

    @property
    def measure(self) -> str:
        """What n counts, in words; '' where n says nothing."""
        return counted.measure(self.kpi, self.reading["n"])

    @property
    def sub(self) -> list[str]:
        """The small lines of a vital sign."""
        return margin.brief(self)

    @property
    def meta(self) -> list[str]:
        """The lines beside the chart."""
        return margin.lines(self)

    @cached_property
    def sentences(self) -> list[str]:
        """What the chart says, the first sentence being the finding."""
        return finding.sentences(self)

    @cached_property
    def moved(self) -> list[str]:
        """Why it moved against the year before, one sentence a label that takes it apart."""
        return moved.sentences(self)

    @property
    def charted(self) -> str:
        """Which chart it is on and why."""
        return charted.told(self)

    @cached_property
    def chart(self) -> Chart:
        """The control chart; its alt text is the card's finding."""
        return picture.chart(self)

    @cached_property
    def spark(self) -> Chart:
        """The series without words."""
        return picture.spark(self)

    @property
    def points(self) -> pd.DataFrame:
        """The points of the chart: value, limits, segment, rule, side, word, open."""
        return picture.points(self)

    @property
    def drawable(self) -> bool:
        return bool(self.points["value"].notna().sum() > 1)

    @cached_property
    def breaks(self) -> list[tuple[pd.Period, str]]:
        """Period and reason of each break within the series: a documented change, or one of its source."""
        return sources.breaks(self)

    def written(self, value: float) -> str:
        """A value of this KPI with its unit, '' where it is missing."""
        return quantity(value, self.kpi.unit, self.kpi.decimals)

    def written_target(self, value: float) -> str:
        """A target of this KPI as it was set: no decimals that nobody wrote."""
        return quantity(value, self.kpi.unit, 0 if float(value).is_integer() else self.kpi.decimals)
