"""A KPI's own history as goals see it: readings with denominators, and how several make one of a longer period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.terms import no_calendar
from bsc_analysis.kpis.kpi import KPI, Ratio, Stock, Total
from bsc_analysis.periods import GRAINS, grain_of

Pooled = Literal["ratio", "total", "last", "none"]


@dataclass(frozen=True)
class History:
    """Readings of one KPI and practice.

    `values`: in the KPI's unit, on a PeriodIndex; NaN where a period has no usable reading. `denominators`: what they
    stand over, on the same index; None where there are none. `breaks`: periods in which a new level begins.
    """

    values: pd.Series
    denominators: pd.Series | None = None
    breaks: tuple[str | pd.Period, ...] = ()


def checked(history: History) -> tuple[History, str]:
    """The history on a calendar without gaps up to its last reading, and why it can say nothing: 'no_calendar',
    'periods_twice', 'no_readings' or ''. Denominators that are not above 0 count as missing.

    Raises TypeError or ValueError where it holds what is no number.
    """
    values = numbers("values", history.values, pd.Series)
    if why := no_calendar([values.index]):
        return history, why
    values = values.dropna().sort_index()
    if values.empty:
        return history, "no_readings"
    every = pd.period_range(values.index[0], values.index[-1], freq=values.index.freq)
    over = None
    if history.denominators is not None:
        over = numbers("denominators", history.denominators, pd.Series)
        if why := no_calendar([values.index, over.index]):
            return history, why
        over = over.where(over > 0).reindex(every)
    return History(values.reindex(every), over, history.breaks), ""


def pooled_of(kpi: KPI) -> Pooled:
    """How readings of the KPI make one of a longer period: summed and divided ('ratio'), added up ('total'), that of
    the last part ('last'), or not at all ('none')."""
    if isinstance(kpi, Ratio):
        return "ratio"
    return "total" if isinstance(kpi, Total) else "last" if isinstance(kpi, Stock) else "none"


def parts_of(period: pd.Period, index: pd.PeriodIndex) -> pd.PeriodIndex:
    """The periods of the index's grain that make `period`; none where the grain is coarser."""
    if GRAINS.index(grain_of(period)) < GRAINS.index(grain_of(index[0])):
        return index[:0]
    return pd.period_range(period.start_time, period.end_time, freq=index.freq)


def pool(values: np.ndarray, denominators: np.ndarray | None, how: Pooled) -> np.ndarray | None:
    """One value of the parts in the last axis of `values`, NaN where a part is missing; None where they make none.

    `denominators` of the parts: of their own for each row of values, or the same for all.
    """
    if values.shape[-1] == 1:
        return values[..., 0]
    if how == "last":
        return values[..., -1]
    if how == "total":
        return values.sum(axis=-1)
    if how == "none" or denominators is None:
        return None
    return (values * denominators).sum(axis=-1) / denominators.sum(axis=-1)


def expected(denominators: pd.Series | None, parts: Iterable[pd.Period]) -> np.ndarray | None:
    """The denominators of the parts: as they are, else those of a year before, else the middle of the last year's."""
    if denominators is None or not denominators.notna().any():
        return None
    year = {"month": 12, "quarter": 4, "year": 1}[grain_of(denominators.index[0])]
    usual = float(denominators.dropna().iloc[-year:].median())
    known = denominators.to_dict()

    def of(part: pd.Period) -> float:
        told = [known.get(part - year * back) for back in range(len(denominators) // year + 2)]
        return next((float(v) for v in told if v is not None and not np.isnan(v)), usual)

    return np.array([of(part) for part in parts])


def value_in(history: History, period: pd.Period, how: Pooled) -> float | None:
    """The KPI's value in the period; None where parts are missing or make no value."""
    parts = parts_of(period, history.values.index)
    if not len(parts):
        return None
    over = None if history.denominators is None else history.denominators.reindex(parts).to_numpy()
    found = pool(history.values.reindex(parts).to_numpy(), over, how)
    return None if found is None or np.isnan(found) else float(found)
