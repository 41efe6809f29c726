"""One KPI as its reader meets it: the facts of its card in words, and its chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bsc_analysis.charts import Chart, control_chart, sparkline
from bsc_analysis.disclosure import Disclosed
from bsc_analysis.kpis.kpi import KPI, Published, Quantile, Ratio
from bsc_analysis.periods import parse
from bsc_analysis.words import day, interval, listed, month, period, quantity, say
from bsc_analysis.words.numbers import bare

ORDER = {
    "concern": 0,
    "improvement": 1,
    "high": 2,
    "low": 2,
    "none": 3,
    "flat": 3,
    "too_few": 4,
    "no_value": 5,
}
CLASSES = {"improvement": "better", "concern": "worse", "high": "other", "low": "other"}
SIGNS = {"up": "≥", "down": "≤", "neutral": ""}


@dataclass(frozen=True)
class Card:
    """The card of KPI `id` in one disclosed report."""

    seen: Disclosed
    id: str

    @property
    def kpi(self) -> KPI:
        return self.seen.kpis[self.id]

    @cached_property
    def reading(self) -> pd.Series:
        return self.seen.reading(self.id)

    @property
    def variation(self):
        return self.seen.variation[self.id]

    @property
    def has_value(self) -> bool:
        return bool(pd.notna(self.reading["value"])) and self.reading["state"] in (
            "ok",
            "value_only",
            "immature",
        )

    @property
    def state(self) -> str:
        """Why there is no value, in words."""
        reading = self.reading
        facts = {
            "n": int(n) if pd.notna(n := reading["n"]) else 0,
            "least": self.kpi.least_n,
            "day": self.through,
        }
        return say(f"state.{reading['state']}", **facts)

    @property
    def through(self) -> str:
        last = self.seen.through["last"]
        return day(pd.Timestamp(last.max())) if len(last) else ""

    @property
    def value(self) -> str:
        return self._quantity(self.reading["value"]) if self.has_value else say("value.none")

    @property
    def word(self) -> str:
        """The key of the word that judges the KPI."""
        return self.variation.latest if self.has_value else "no_value"

    @property
    def css(self) -> str:
        return CLASSES.get(self.word, "common")

    @property
    def verdict(self) -> str:
        side = self.variation.points["side"].get(self.variation.as_of, 0) if self.variation.as_of is not None else 0
        arrow = {1: "up", -1: "down"}.get(int(side), "flat")
        judged = self.word not in ("too_few", "flat", "no_value")
        return f"{say(f'arrow.{arrow}')} {say(f'word.{self.word}')}" if judged else say(f"word.{self.word}")

    @property
    def rank(self) -> tuple[int, int]:
        """Exceptions first, then the params' order."""
        return ORDER[self.word], list(self.seen.kpis).index(self.id)

    @property
    def target(self) -> str:
        """'target ≤ 7 %' or that none is configured."""
        target = self.seen.choice(self.id).target
        if target is None:
            return say("value.no_target")
        return say("value.target", sign=SIGNS[self.kpi.better], value=self._round(target.value)).replace("  ", " ")

    @property
    def year_before(self) -> str:
        """The same period a year before, '' where there is none."""
        grain_per_year = {"M": 12, "Q": 4, "Y": 1}[self.seen.period.freqstr[0]]
        before = self.seen.period - grain_per_year
        value = self.seen.reading(self.id, before)["value"]
        return say("value.year_before", value=self._quantity(value), period=period(before)) if pd.notna(value) else ""

    @property
    def interval(self) -> str:
        """'18.2–19.6'; '' where there is none."""
        return interval(self.reading["lower"], self.reading["upper"], self.kpi.unit, self.kpi.decimals)

    @property
    def measure(self) -> str:
        """What n counts, in words; '' where n says nothing."""
        n, kpi = self.reading["n"], self.kpi
        if pd.isna(n) or (isinstance(kpi, Ratio) and kpi.n_is == "rows") or not isinstance(kpi, (Ratio, Quantile)):
            return ""
        table = getattr(kpi, "over", None) or kpi.table
        kind = {"visits": "visits", "survey_answers": "respondents", "aco_years": "people"}.get(table.name, "events")
        return say(f"value.n_{kind}", n=round(n))

    @property
    def sub(self) -> list[str]:
        """The small lines of a vital sign: interval and n; the year before and the target."""
        lines = [[self.interval, self.measure], [self.year_before, self.target]] if self.has_value else [[self.state]]
        return [" · ".join(fact for fact in line if fact) for line in lines if any(line)]

    @property
    def meta(self) -> list[str]:
        """The lines beside the chart."""
        lines = [self._counted, self._left_out, f"{self._target_source} {self._owner}"]
        lines += [say("card.definition", plain=self.kpi.plain, why=self.kpi.why)]
        lines += [say("card.formula", formula=self.kpi.formula)]
        return [line for line in lines if line]

    @property
    def sentences(self) -> list[str]:
        """What the chart says, the first sentence being the finding."""
        v, units = self.variation, self._units
        if v.as_of is None:
            return [say("card.nothing", state=self.state)]
        if v.latest == "flat":
            lines = [say("card.flat", unit=units)]
        elif v.latest == "too_few":
            before = self.year_before
            key = "card.too_few_before" if before else "card.too_few"
            lines = [say(key, before=before, n=v.count, needed=v.needed, unit=units)]
        elif v.latest == "none":
            lines = [say("card.chance", as_of=period(v.as_of), n=v.count, unit=units)]
        else:
            side = say("card.above" if v.points["side"][v.as_of] > 0 else "card.below")
            lines = [say(f"card.{v.rule}", as_of=period(v.as_of), n=v.stretch, unit=units, side=side)]
        if v.trial and v.latest not in ("too_few", "flat"):
            lines.append(say("card.trial"))
        lines += self._break_sentences
        if v.assurance != "none":
            lines.append(say(f"card.{v.assurance}", unit=units))
        if v.as_of.end_time < self.seen.period.end_time:
            lines.append(say("card.stale", as_of=period(v.as_of)))
        return lines

    @cached_property
    def points(self) -> pd.DataFrame:
        """The series to draw: value, limits, segment, word, open."""
        series, v = self.seen.series(self.id), self.variation
        points = v.points.assign(open=(series["state"] == "immature").to_numpy())
        points["value"] = points["value"].fillna(series["value"].where(series["state"] == "immature"))
        better = {"up": {1: "improvement", -1: "concern"}, "down": {1: "concern", -1: "improvement"}}
        names = better.get(self.kpi.better, {1: "high", -1: "low"})
        points["word"] = np.where(points["side"] == 0, "none", points["side"].map(names).fillna("none"))
        return points

    @cached_property
    def chart(self) -> Chart:
        """The control chart; its alt text is the card's finding."""
        target = self.seen.choice(self.id).target
        shown = self._shown_breaks
        alt = say(
            "card.alt",
            title=self.kpi.title,
            value=self.value,
            period=period(self.seen.period),
            word=say(f"word.{self.word}"),
            sentence=self.sentences[0],
        )
        return control_chart(
            self.points,
            name=f"chart-{self.id}",
            alt=alt,
            label=self._axis,
            tick=period,
            target=(target.value, self.target) if target else None,
            breaks=shown,
            value=self._last,
        )

    @cached_property
    def spark(self) -> Chart:
        """The series without words."""
        return sparkline(self.points, name=f"spark-{self.id}")

    @property
    def drawable(self) -> bool:
        return bool(self.points["value"].notna().sum() > 1)

    @cached_property
    def _breaks(self) -> list[tuple[pd.Period, str]]:
        """Period and reason of each documented break within the series."""
        index = self.variation.points.index
        found = [(parse(b.at).start_time.to_period(index.freq), b.because) for b in self.seen.breaks(self.id)]
        return [(at, because) for at, because in found if at in index and at != index[0]]

    @property
    def _shown_breaks(self) -> list[tuple[pd.Period, str]]:
        """What the chart writes at a break: the reason where there is one break, else the period."""
        alone = len(self._breaks) == 1
        return [
            (at, say("card.break", because=b, period=period(at)) if alone else period(at)) for at, b in self._breaks
        ]

    @property
    def _break_sentences(self) -> list[str]:
        """The averages on both sides of the last break, where both have limits; else what broke, and when."""
        if not self._breaks:
            return []
        at, because = self._breaks[-1]
        centre = self.variation.points["centre"]
        before, after = centre.get(at - 1, np.nan), centre.get(at, np.nan)
        if pd.notna(before) and pd.notna(after):
            levels = {"before": self._finer(before), "after": self._finer(after)}
            return [say("card.break_levels", because=because, period=period(at), **levels)]
        reasons = dict.fromkeys(because for _, because in self._breaks)
        when = {r: listed(period(at) for at, because in self._breaks if because == r) for r in reasons}
        return [say("card.break_told", periods=when[r], because=r) for r in reasons]

    @property
    def _last(self) -> str:
        """The newest point's value, with its month where the card's big number is of a longer period."""
        seen = self.points["value"].dropna()
        if seen.empty:
            return ""
        value, when = self._quantity(seen.iloc[-1]), month(seen.index[-1])
        return say("card.last", month=when, value=value) if when else value

    @property
    def _counted(self) -> str:
        if not self.has_value:
            return self.state
        if isinstance(self.kpi, Published):
            return say("card.n_published")
        if self.interval:
            return say("card.n", measure=self.measure, interval=self.interval)
        if not self.measure:
            return ""
        return say("card.n_no_interval" if self.kpi.counts == "money" else "card.n_alone", measure=self.measure)

    @property
    def _left_out(self) -> str:
        r = self.reading
        if not isinstance(self.kpi, Quantile) or not self.has_value or not r["denominator"] > r["n"]:
            return ""
        return say("card.left_out", share=quantity(100 * (1 - r["n"] / r["denominator"]), "%", 1))

    @property
    def _target_source(self) -> str:
        target = self.seen.choice(self.id).target
        if target is None:
            return say("value.no_target").capitalize() + "."
        value = self._round(target.value)
        return say("value.target_source", sign=SIGNS[self.kpi.better], value=value, source=target.source)

    @property
    def _owner(self) -> str:
        owner = self.seen.choice(self.id).owner
        return say("card.owner", owner=owner) if owner else say("card.no_owner")

    @property
    def _units(self) -> str:
        return say(f"unit.{self.seen.group.shared.grain}")

    def value_of(self, value: float) -> str:
        """Another value of this KPI, '' where it is missing."""
        return self._quantity(value)

    def _quantity(self, value: float) -> str:
        return quantity(value, self.kpi.unit, self.kpi.decimals)

    def _round(self, value: float) -> str:
        """A target as it was set: no decimals that nobody wrote."""
        return quantity(value, self.kpi.unit, 0 if float(value).is_integer() else self.kpi.decimals)

    def _finer(self, value: float) -> str:
        """An average: one decimal more than whole numbers have."""
        return quantity(
            value, self.kpi.unit, max(self.kpi.decimals, 1) if self.kpi.unit == "min" else self.kpi.decimals
        )

    def _axis(self, value: float) -> str:
        return bare(value, self.kpi.unit, self.kpi.decimals)
