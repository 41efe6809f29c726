"""One KPI as its reader meets it: value, word, count, target and what stands beside its chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.charts import Chart
from bsc_analysis.disclosure import Disclosed
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.params.models import Break
from bsc_analysis.periods import PER_YEAR, grain_of, parts_in
from bsc_analysis.report import completed, counted, finding, margin, moved, picture, sources
from bsc_analysis.words import beside, interval, of, period, quantity, say

# Exceptions first.
ORDER = ("concern", "improvement", "high", "low", "none", "flat", "running", "too_few", "open", "no_value")
JUDGED = ("improvement", "concern", "high", "low", "none")
CLASSES = {"improvement": "better", "concern": "worse", "high": "other", "low": "other"}


@dataclass(frozen=True)
class Card:
    """The card of KPI `id` in one disclosed report."""

    seen: Disclosed
    id: str

    @property
    def kpi(self) -> KPI:
        return self.seen.kpis[self.id]

    def told(self, field: str) -> str:
        """What the KPI's definition says: its title, short, plain, why, formula or source."""
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
    def variation(self):
        return self.seen.variation[self.id]

    @property
    def has_value(self) -> bool:
        raw = self.runs_out and self.at == self.seen.period
        return bool(pd.notna(self.reading["value"])) and not raw

    @property
    def state(self) -> str:
        """Why there is no value of the report's period, or none to build on, in words."""
        if self.runs_out:
            return completed.state(self)
        reading, unit = self.reading, say(f"unit.{self.seen.group.shared.grain}")
        n = int(reading["n"]) if pd.notna(reading["n"]) else 0
        there, parts = self._parts
        alone = "_one" if reading["state"] == "immature" and parts == 1 else ""
        return say(f"state.{reading['state']}{alone}", n=n, least=self.kpi.least_n, there=there, parts=parts, unit=unit)

    @property
    def _parts(self) -> tuple[int, int]:
        """How many periods of the group's grain are complete within the report's, and how many it has."""
        series, period = self.seen.series(self.id), self.seen.period
        inside = series[(series.index.start_time >= period.start_time) & (series.index.end_time <= period.end_time)]
        return int(inside["complete"].sum()), parts_in(self.seen.group.shared.grain, grain_of(period))

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
        if not self.has_value:
            return "no_value"
        if self.runs_out:
            return "running"
        return "open" if self.reading["state"] == "immature" else self.variation.latest

    @property
    def judged(self) -> bool:
        """Whether its newest point says something of the report's period."""
        v = self.variation
        return self.word in JUDGED and v.as_of is not None and v.as_of.end_time >= self.seen.period.start_time

    @property
    def css(self) -> str:
        return CLASSES.get(self.word, "common")

    @property
    def verdict(self) -> str:
        """The word, after an arrow that shows where the number went."""
        if self.word == "running":
            return completed.verdict(self)
        v, unit = self.variation, say(f"unit.{self.seen.group.shared.grain}")
        word = say(f"word.{self.word}", n=v.count, needed=v.needed, unit=unit)
        if self.word not in JUDGED:
            return word
        arrow = {1: "up", -1: "down"}.get(int(v.points["side"][v.as_of]), "flat")
        return f"{say(f'arrow.{arrow}')} {word}"

    @property
    def rank(self) -> tuple[int, int]:
        """Exceptions first, then the params' order."""
        return ORDER.index(self.word), list(self.seen.kpis).index(self.id)

    @property
    def target(self) -> str:
        """'target ≤ 7 %' or that none is configured."""
        target = self.seen.choice(self.id).target
        if target is None:
            return say("value.no_target")
        return say("value.target", sign=margin.SIGNS[self.kpi.better], value=self.written_target(target.value)).replace(
            "  ", " "
        )

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
        """The small lines of a vital sign: interval and n; the year before and the target."""
        if not self.has_value:
            return [self.state, *completed.lines(self, brief=True)]
        first = [self.state] if self.word == "open" else []
        lines = [[*first, self.interval, self.measure], [self.year_before, self.target]]
        return [*(beside(line) for line in lines if any(line)), *completed.lines(self, brief=True)]

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
        index = self.variation.points.index
        parse = self.seen.group.calendar.parse
        found = [(parse(b.at).start_time.to_period(index.freq), b) for b in self.seen.breaks(self.id)]
        inside = [(at, b) for at, b in found if at in index and at != index[0]]
        return [(at, b.because if isinstance(b, Break) else sources.because(b, self.kpi)) for at, b in inside]

    def written(self, value: float) -> str:
        """A value of this KPI with its unit, '' where it is missing."""
        return quantity(value, self.kpi.unit, self.kpi.decimals)

    def written_target(self, value: float) -> str:
        """A target of this KPI as it was set: no decimals that nobody wrote."""
        return quantity(value, self.kpi.unit, 0 if float(value).is_integer() else self.kpi.decimals)
