"""What links are tested on: the series of a group's practices side by side, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from bsc_analysis.params import Group
from bsc_analysis.readings import USABLE, readings
from bsc_analysis.readings.reconcile import changes_of_source, reconciliation
from bsc_analysis.store import Store


@dataclass(frozen=True)
class Board:
    """The usable readings of a group's practices, at its grain, up to the end of a period."""

    group: Group
    period: pd.Period
    store: Store

    @cached_property
    def _readings(self) -> pd.DataFrame:
        found = readings(self.group, self.store)
        found = found[(found["grain"] == self.group.shared.grain) & found["state"].isin(USABLE)]
        found = found[found["practice"].isin(list(self.group.practices))]
        parse = self.group.calendar.parse
        ends = found["period"].map({text: parse(text).end_time for text in found["period"].unique()})
        return found[ends <= self.period.end_time]

    def frame(self, kpi: str) -> pd.DataFrame:
        """A KPI's values in its unit, period × practice, from the first to the last without gaps; NaN where missing."""
        rows = self._readings[self._readings["kpi"] == kpi]
        frame = rows.pivot(index="period", columns="practice", values="value").astype("float64")
        frame.index = pd.PeriodIndex(frame.index, freq=self.group.calendar.freq(self.group.shared.grain))
        whole = pd.period_range(frame.index.min(), frame.index.max()) if len(frame) else frame.index
        return frame.reindex(whole)

    @cached_property
    def specialties(self) -> dict[str, str]:
        """By practice; '' where the params name none."""
        return {id: practice.specialty or "" for id, practice in self.group.practices.items()}

    def breaks(self, *kpis: str) -> dict[str, list[pd.Period]]:
        """By practice: where one of these KPIs' series is not one any more, documented or by a change of its source."""
        parse = self.group.calendar.parse
        history = reconciliation(self.group, self.store)
        found = {}
        for id, practice in self.group.practices.items():
            declared = [b.at for b in practice.breaks if set(kpis) & set(b.kpis)]
            mine = history[history["practice"] == id]
            changes = [change.at for kpi in kpis for change in changes_of_source(mine, kpi)]
            found[id] = [parse(at) for at in sorted({*declared, *changes})]
        return found
