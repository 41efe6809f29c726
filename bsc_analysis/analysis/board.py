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

WIDTH = 1.959964  # standard errors that a reading's interval of 95 % goes to either side


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
        parse = self.group.calendar.parse
        ends = found["period"].map({text: parse(text).end_time for text in found["period"].unique()})
        return found[ends <= self.period.end_time]

    def frame(self, kpi: str, column: str = "value") -> pd.DataFrame:
        """A KPI's values, or another column of its readings: period × practice, NaN where missing; also of practices
        that have left the group: those that stay may be others."""
        rows = self._readings[self._readings["kpi"] == kpi]
        frame = rows.pivot(index="period", columns="practice", values=column)
        frame.index = pd.PeriodIndex(frame.index, freq=self.group.calendar.freq(self.group.shared.grain))
        return frame.astype("float64")

    def errors(self, kpi: str) -> pd.DataFrame:
        """The standard errors of a KPI's readings, read off their intervals; NaN where there is none."""
        return (self.frame(kpi, "upper") - self.frame(kpi, "lower")) / 2 / WIDTH

    @cached_property
    def specialties(self) -> dict[str, str]:
        return {id: practice.specialty or "" for id, practice in self.group.practices.items()}

    @cached_property
    def _history(self) -> dict[str, pd.DataFrame]:
        found = reconciliation(self.group, self.store)
        return {str(id): rows for id, rows in found.groupby("practice")}

    def breaks(self, link: Link, practice: str) -> list[pd.Period]:
        """Where either KPI's series is not one any more, documented or by a change of its source."""
        known = self.group.practices.get(practice)
        pair = {link.leading, link.lagging}
        found = {b.at for b in (known.breaks if known else self.group.shared.breaks) if pair & set(b.kpis)}
        if practice in self._history:
            found |= {change.at for kpi in pair for change in changes_of_source(self._history[practice], kpi)}
        return [self.group.calendar.parse(at) for at in sorted(found)]

    def series(self, link: Link) -> dict[str, Any]:
        """What a test of the group is told of the series of all practices that have the leading KPI."""
        breaks = {id: self.breaks(link, id) for id in self.frame(link.leading)}
        return {"breaks": breaks, "specialty": self.specialties}


def asked(link: Link) -> dict[str, Any]:
    """What a test is asked, of a group or of one practice."""
    return {"within": link.within, "expect": link.expect, "least": link.least}
