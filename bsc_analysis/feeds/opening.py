"""Whether a time lies within opening hours, by the practice's own calendar."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.params.models import Opening

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int]  # minutes of the day


def in_hours(at: pd.Series, opening: Opening) -> pd.Series:
    """True from the minute that opens to before the one that closes, never on a closed day; missing where `at` is."""
    minutes = at.dt.hour * 60 + at.dt.minute
    opened = pd.Series(False, index=at.index)
    for day, written in opening.hours.items():
        for start, end in spans(written):
            opened |= (at.dt.day_of_week == WEEKDAYS.index(day)) & (minutes >= start) & (minutes < end)
    opened &= ~at.dt.strftime("%Y-%m-%d").isin(opening.closed)
    return opened.astype("boolean").mask(at.isna())


def spans(written: str) -> list[Span]:
    """The spans of a day such as '08:00-12:00, 13:00-17:00'.

    Raises ValueError where a time is none of a day, a span ends before it begins, or one overlaps the one before.
    """
    found: list[Span] = []
    for part in written.split(","):
        start, end = (_minute(time) for time in part.strip().split("-"))
        if start >= end or (found and start < found[-1][1]):
            raise ValueError(written)
        found.append((start, end))
    return found


def _minute(time: str) -> int:
    hours, minutes = (int(number) for number in time.split(":"))
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise ValueError(time)
    return hours * 60 + minutes
