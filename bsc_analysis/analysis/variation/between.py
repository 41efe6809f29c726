"""g and t charts: rare events by what lies between them, where counts by month are mostly 0.

g: cases between events, geometric (Benneyan 2001; Montgomery, ch. 7): limits mean ± 3 √(mean (mean + 1)), centre the
median. t: time between events, whose power 1/3.6 is nearly normal (Nelson 1994): an XmR chart of it, transformed back.
Both as in qicharts2 0.8. High is rare: more between events than chance explains.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.variation.given import refused, segments, whole
from bsc_analysis.analysis.variation.individuals import D2, mean, mean_range
from bsc_analysis.analysis.variation.result import LEAST, Setting, Variation, drawn
from bsc_analysis.analysis.variation.rules import RUN, Lines, around, within

POWER = 3.6


def g_chart(
    between: pd.Series,
    *,
    better: str = "up",
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    each: int = 1,
    run: int = RUN,
    least: int = LEAST,
) -> Variation:
    """The variation of the cases between events: a value for each event but the first, in their order.

    Its index says when the event was, as `at` of the points (periods where there are breaks). What is below 0 is
    `left_out`. `each`: how many events a value spans, where it spans several. The rest as in `xmr`.
    """
    setting = Setting(better, target, run, least)
    given, left_out = _events(between, breaks)

    def lines_of(part: pd.DataFrame) -> Lines:
        values = part["value"].to_numpy()
        centre = mean(values)
        single = centre / each  # the sum of several geometric waits, each with this mean
        found = within(around(centre, 3 * np.sqrt(each * single * (single + 1))), least=0.0)
        return found._replace(centre=np.array([np.nanmedian(values)]))

    return drawn(given, lines_of, setting, chart="g", each=each, left_out=left_out)


def t_chart(
    between: pd.Series,
    *,
    better: str = "up",
    target: float | None = None,
    breaks: Iterable[pd.Period | str] = (),
    each: int = 1,
    screen: bool = True,
    run: int = RUN,
    least: int = LEAST,
) -> Variation:
    """The variation of the time between events, else as `g_chart`; refused where two events are at one time.

    Days that can be 0 are counts: a g chart of days takes them.
    """
    setting = Setting(better, target, run, least)
    given, left_out = _events(between, breaks)
    if (given["value"] == 0).any():
        return refused("zero_between", "t", each=each, left_out=left_out)

    def lines_of(part: pd.DataFrame) -> Lines:
        root = part["value"].to_numpy() ** (1 / POWER)
        found = within(around(mean(root), 3 / D2 * mean_range(root, screen)), least=0.0)
        return Lines(*(line**POWER for line in found))

    return drawn(given, lines_of, setting, chart="t", each=each, left_out=left_out)


def days_between(dates: Iterable) -> pd.Series:
    """Days between one event and the next, by the day of the latter (PeriodIndex 'D'); dates that are none go out."""
    told = (
        pd.to_datetime(pd.Series(list(dates), dtype=object), errors="coerce", format="ISO8601").dropna().sort_values()
    )
    days = pd.DatetimeIndex(told).normalize()
    return pd.Series(np.diff(days) / np.timedelta64(1, "D"), index=days[1:].to_period("D"), dtype=float)


def gaps(counts: pd.Series, exposure: pd.Series, each: int = 1) -> pd.Series:
    """The exposure between events, or from each `each`-th to the next, of counts by period; index: its period.

    Within a period the events are taken to be spread evenly. `exposure`: cases, or days of the period. What lies
    before the first event and after the last is no gap. A period without exposure has no place for an event.
    Raises TypeError or ValueError where it is given something else than two series by period.
    """
    given = whole({"counts": counts, "exposure": exposure}, ())
    if isinstance(given, str):
        raise ValueError(
            f"counts and exposure have no common calendar ({given}); give each month, quarter or year once"
        )
    given = given.where((given["exposure"] > 0) & (given["counts"] >= 0))
    held = given["counts"].fillna(0).astype(int).to_numpy()
    length = given["exposure"].fillna(0).to_numpy()
    period = np.repeat(np.arange(len(held)), held)
    order = np.arange(len(period)) - np.repeat(np.cumsum(held) - held, held)
    place = (np.cumsum(length) - length)[period] + length[period] * (order + 0.5) / held[period]
    at = place[::each], given.index[period[::each]]
    return pd.Series(np.diff(at[0]), index=at[1][1:], dtype=float)


def _events(between: pd.Series, breaks: Iterable[pd.Period | str]) -> tuple[pd.DataFrame, int]:
    """A row per value, numbered from 1: at, value, segment; and how many are left out."""
    values, breaks = numbers("between", between, pd.Series), tuple(breaks)
    if breaks and not isinstance(values.index, pd.PeriodIndex):
        raise TypeError("breaks are told, but the events have no periods; give a PeriodIndex")
    below = values < 0
    segment = segments(values.index, breaks) if breaks else np.zeros(len(values), int)
    frame = pd.DataFrame({"at": values.index, "value": values.mask(below).to_numpy(), "segment": segment})
    return frame.set_index(pd.RangeIndex(1, len(frame) + 1, name="event")), int(below.sum())
