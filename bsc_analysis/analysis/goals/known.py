"""What a goal is read against."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import pandas as pd

from bsc_analysis.analysis.goals.history import History, checked
from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import KPI
from bsc_analysis.periods import CALENDAR_YEARS, Calendar


@dataclass(frozen=True)
class Known:
    """The KPIs of the card, the practice (one of `practices`, id → title) with its readings by KPI, the objectives with
    the KPIs tied to each, and the period of the report, from whose end months count (default: the last reading's)."""

    kpis: Mapping[str, KPI] = field(default_factory=lambda: KPIS)
    practice: str = ""
    practices: Mapping[str, str] = field(default_factory=dict)
    objectives: Mapping[str, Collection[str]] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)
    as_of: pd.Period | None = None
    calendar: Calendar = CALENDAR_YEARS

    def history(self, kpi: str) -> History | None:
        """The KPI's readings on a calendar without gaps; None where there are none."""
        if kpi not in self.histories:
            return None
        history, reason = checked(self.histories[kpi])
        return None if reason else history

    def last(self, kpi: str) -> pd.Period | None:
        """The last period with a reading of the KPI."""
        history = self.history(kpi)
        return None if history is None else history.values.index[-1]
