"""The series of a group's practices side by side, and what is known of them: what links are tested on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.params import Group
from bsc_analysis.readings import USABLE, readings
from bsc_analysis.readings.reconcile import changes_of_source, reconciliation
from bsc_analysis.store import Store

WIDTH = 1.959964  # standard errors that a reading's interval of 95 % goes to either side


@dataclass(frozen=True)
class Board:
    """The usable readings of a group, at its grain, up to the end of a period.

    Practices that have left the group are among them: those that stay may be others.
    """

    group: Group
    period: pd.Period
    store: Store

    @cached_property
    def _readings(self) -> pd.DataFrame:
        found = readings(self.group, self.store)
        found = found[(found["grain"] == self.group.shared.grain) & found["state"].isin(USABLE)]
        parse = self.group.calendar.parse
        ends = found["period"].map({text: parse(text).end_time for text in found["period"].unique()})
        return found[ends <= self.period.end_time]

    def frame(self, kpi: str, column: str = "value") -> pd.DataFrame:
        """A KPI's values, or another column of its readings, period × practice, from the first to the last without
        gaps; NaN where missing."""
        rows = self._readings[self._readings["kpi"] == kpi]
        frame = rows.pivot(index="period", columns="practice", values=column).astype("float64")
        frame.index = pd.PeriodIndex(frame.index, freq=self.group.calendar.freq(self.group.shared.grain))
        return frame.reindex(pd.period_range(frame.index.min(), frame.index.max()) if len(frame) else frame.index)

    def errors(self, kpi: str) -> pd.DataFrame:
        """The standard errors of a KPI's readings, read off their intervals; NaN where there is none."""
        return (self.frame(kpi, "upper") - self.frame(kpi, "lower")) / 2 / WIDTH

    @cached_property
    def specialties(self) -> dict[str, str]:
        """By practice; '' where the params name none."""
        return {id: practice.specialty or "" for id, practice in self.group.practices.items()}

    @cached_property
    def _history(self) -> dict[str, pd.DataFrame]:
        found = reconciliation(self.group, self.store)
        return {str(id): rows for id, rows in found.groupby("practice")}

    def breaks_of(self, practice: str, *kpis: str) -> list[pd.Period]:
        """Where one of these KPIs' series is not one any more, documented or by a change of its source."""
        known = self.group.practices.get(practice)
        found = {b.at for b in (known.breaks if known else self.group.shared.breaks) if set(kpis) & set(b.kpis)}
        if practice in self._history:
            found |= {change.at for kpi in kpis for change in changes_of_source(self._history[practice], kpi)}
        return [self.group.calendar.parse(at) for at in sorted(found)]

    def breaks(self, *kpis: str) -> dict[str, list[pd.Period]]:
        """By practice that has the first of these KPIs: where one of their series is not one any more."""
        return {id: self.breaks_of(id, *kpis) for id in self.frame(kpis[0])}
