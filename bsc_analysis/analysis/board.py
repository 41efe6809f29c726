"""What the links of a group are tested on, and the one call that tests them: readings, breaks and specialties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from bsc_analysis.analysis.panel import test_group_link
from bsc_analysis.analysis.verdict import Verdict
from bsc_analysis.kpis.shared_columns import shared_columns
from bsc_analysis.params import Group
from bsc_analysis.params.models import Link
from bsc_analysis.readings import USABLE, readings
from bsc_analysis.readings.reconcile import changes_of_source, reconciliation
from bsc_analysis.store import Store


@dataclass(frozen=True)
class Board:
    """The group's usable readings up to a period, and what its params say of their series."""

    group: Group
    period: pd.Period
    store: Store

    def verdict(self, link: Link, since: pd.Timestamp | None = None) -> Verdict:
        """What all practices say of the link, not judged yet; `since`: of the periods that begin from then on."""
        leading, lagging = (self.frame(kpi) for kpi in (link.leading, link.lagging))
        if since is not None:
            leading, lagging = (frame[frame.index.start_time >= since] for frame in (leading, lagging))
        verdict = test_group_link(leading, lagging, **asked(link), **self.series(link))
        return replace(verdict, shares=shared_columns(link.leading, link.lagging))

    @cached_property
    def _readings(self) -> pd.DataFrame:
        found = readings(self.group, self.store)
        found = found[(found["grain"] == self.group.shared.grain) & found["state"].isin(USABLE)]
        found = found[found["practice"].isin(list(self.group.practices))]
        parse = self.group.calendar.parse
        ends = found["period"].map({text: parse(text).end_time for text in found["period"].unique()})
        return found[ends <= self.period.end_time]

    def frame(self, kpi: str) -> pd.DataFrame:
        """A KPI's values, period × practice, without gaps in the calendar; NaN where missing."""
        rows = self._readings[self._readings["kpi"] == kpi]
        frame = rows.pivot(index="period", columns="practice", values="value")
        frame.index = pd.PeriodIndex(frame.index, freq=self.group.calendar.freq(self.group.shared.grain))
        return frame.astype("float64")

    @cached_property
    def specialties(self) -> dict[str, str]:
        return {id: practice.specialty or "" for id, practice in self.group.practices.items()}

    def breaks(self, link: Link) -> dict[str, list[pd.Period]]:
        """By practice: where either KPI's series is not one any more, documented or by a change of its source."""
        parse, pair = self.group.calendar.parse, (link.leading, link.lagging)
        history = reconciliation(self.group, self.store)
        found = {}
        for id, practice in self.group.practices.items():
            declared = [b.at for b in practice.breaks if set(pair) & set(b.kpis)]
            mine = history[history["practice"] == id]
            changes = [change.at for kpi in pair for change in changes_of_source(mine, kpi)]
            found[id] = [parse(at) for at in sorted({*declared, *changes})]
        return found

    def series(self, link: Link) -> dict[str, Any]:
        """What a test of the group is told of both KPIs' series."""
        return {"breaks": self.breaks(link), "specialty": self.specialties}


def asked(link: Link) -> dict[str, Any]:
    """What a test is asked, of a group or of one practice."""
    return {"within": link.within, "expect": link.expect, "least": link.least}
