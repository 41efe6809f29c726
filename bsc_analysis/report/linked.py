"""One tested link as its reader meets it: the answer, what it means in the KPIs' units, and how firm it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.charts import Chart, lags
from bsc_analysis.disclosure import Disclosed, DisclosedGroup, Tested, Verdict
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.report import evidence, meaning
from bsc_analysis.report.effect import Step, step_of
from bsc_analysis.words import day, listed, of, say

CLASSES = {"supported": "better", "contradicted": "worse", "forecasts": "fore", "cannot_tell": "common"}
TOO_LITTLE = ("too_few_practices", "too_few_points", "season_too_short")


@dataclass(frozen=True)
class Linked:
    """One link of a disclosed report. `place`: where it stands among them, for the ids of its pictures."""

    seen: Disclosed | DisclosedGroup
    tested: Tested
    place: int

    @property
    def leading(self) -> KPI:
        return kpi_named(self.tested.link.leading)

    @property
    def lagging(self) -> KPI:
        return kpi_named(self.tested.link.lagging)

    @property
    def title(self) -> str:
        return say("links.arrow", leading=of(self.leading), lagging=of(self.lagging))

    @property
    def alone(self) -> bool:
        """Whether the group has too little to be tested and the practice has not, so that it speaks for the link."""
        group, own = self.tested.group, self.tested.own
        return not group.tested and group.reason in TOO_LITTLE and own.tested

    @property
    def verdict(self) -> Verdict:
        """The verdict that answers: the group's, else the practice's own."""
        return self.tested.own if self.alone else self.tested.group

    @property
    def word(self) -> str:
        return say(f"answer.{self.verdict.answer}")

    @property
    def chip(self) -> str:
        """The answer's sign and word."""
        return say("links.chip", icon=say(f"answer_icon.{self.verdict.answer}"), word=self.word)

    @property
    def css(self) -> str:
        return CLASSES.get(self.verdict.answer, "other")

    @cached_property
    def step(self) -> Step | None:
        """By what the effects are told; None where nothing was tested."""
        return step_of(self.leading, self.lagging, self.verdict) if self.verdict.tested else None

    @property
    def facts(self) -> dict[str, str]:
        """The names that the link's sentences need."""
        grain = self.seen.group.shared.grain
        names = {"leading": of(self.leading, "short"), "lagging": of(self.lagging, "short")}
        return names | {"unit": say(f"unit.{grain}"), "one": say(f"unit.{grain}_one")}

    @property
    def sentences(self) -> list[str]:
        """What the answer means for the practice, and what it rests on."""
        return meaning.sentences(self)

    @property
    def notes(self) -> list[str]:
        """What to know before building on the answer, and what this practice shows by itself."""
        return meaning.notes(self)

    @property
    def numbers(self) -> evidence.Numbers | None:
        """The numbers behind it; None where nothing was tested."""
        return evidence.numbers(self)

    @property
    def expected(self) -> str:
        link = self.tested.link
        return say(f"links.{link.expect}", within=link.within, unit=self.facts["unit"])

    @property
    def declared(self) -> str:
        return day(pd.Timestamp(self.tested.link.declared))

    @cached_property
    def profile(self) -> Chart | None:
        """The lag profile of the verdict that answers; None where nothing was tested."""
        v, step = self.verdict, self.step
        if step is None or v.profile.empty:
            return None
        drawn = v.profile.set_index("lag") * step.size
        told = [
            say("lags.at", lag=int(lag), effect=step.whole(row.estimate, (row.lower, row.upper)))
            for lag, row in v.profile.set_index("lag").iterrows()
        ]
        sign = 1 if self.tested.link.expect == "positive" else -1
        return lags(
            drawn.reset_index(),
            name=f"lags-{self.place}",
            alt=say("lags.alt", title=self.title, answer=self.word, told=listed(told), **self.facts),
            answer=v.answer,
            chosen=v.lag,
            least=(sign * v.least * step.size, say("lags.least")) if v.least else None,
            label=step.axis(drawn.abs().max(axis=None)),
            unit=say("lags.axis", **self.facts),
        )
