"""By when a goal in words is due: in so many months, or by a month, quarter, season, year or day."""

from __future__ import annotations

import calendar as months_of
import re
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.analysis.goals.amount import NUMBERS
from bsc_analysis.periods import PER_YEAR, Calendar, grain_of

MONTHS = {name.lower(): n for n, name in enumerate(months_of.month_name) if n}
MONTHS |= {name.lower(): n for n, name in enumerate(months_of.month_abbr) if n} | {"sept": 9}
SEASONS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}  # the last month of each
LONGEST = 600  # months: what is further off is no deadline
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
COUNT = rf"(?P<n>\d+(?:\.5)?|{'|'.join(NUMBERS)}|half an?|half|an?|the next|next|this)"
SPAN = (
    rf"\b(?P<lead>in|within|over|during|after|inside|for)?\s*(?:the (?:next|coming) |about |at most )*{COUNT}"
    r"[ -](?P<unit>months?|weeks?|quarters?|years?|days?)(?P<time>'?\s+time|\s+from now)?\b"
)
UNITS = {"day": 1 / 30.4, "week": 12 / 52, "month": 1, "quarter": 3, "year": 12}
M = rf"(?P<m>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
Y = r"(?P<y>20\d\d|'?\d\d\b)"
FY = r"(?P<fy>fy\s?|fiscal(?: year)?\s+|)"
FORMS = [  # the first that is there counts; a number of two digits is a year only beside its month, quarter or FY
    r"(?P<iso>20\d\d-\d\d-\d\d)\b",
    r"(?P<us>\d{1,2}/\d{1,2}/20\d\d)\b",
    r"(?P<eu>\d{1,2}\.\d{1,2}\.20\d\d)\b",
    r"\b(?P<y>20\d\d)-(?P<mm>0[1-9]|1[0-2])\b",
    rf"\b{FY}(?P<y>20\d\d)\s?-?q(?P<q>[1-4])\b",
    rf"\bq(?P<q>[1-4])\s*(?:of|in|/|,)?\s*{FY}{Y}",
    rf"\b(?P<o>{'|'.join(ORDINALS)}) quarter(?:\s+(?:of )?{FY}{Y})?",
    rf"\b{FY}q(?P<q>[1-4])\b",
    rf"\b{M}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{Y}",
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of )?{M},?\s+{Y}",
    rf"\b{M},?\s+(?:of )?{Y}",
    rf"\b(?P<s>{'|'.join(SEASONS)})(?:\s+(?:of )?{Y})",
    rf"\b(?P<fy>fy|fiscal(?: year)?)[\s-]*{Y}",
    r"\b(?P<y>20\d\d)\b",
    r"\b(?P<end>year[- ]?end|eoy|(?:the )?end of (?:the |this )?(?:fiscal )?year|this (?:fiscal )?year)\b",
    rf"\b(?:next |this )?(?P<s>{'|'.join(SEASONS)})\b",
    rf"\b{M}(?=\s*$|\W)",
]
LEADS = r"\b(?P<lead>by|until|till|before|no later than|not later than|in|for|during|at|through|come)\s+(?:the\s+)?"
ENDS = r"(?:(?:end|close|start|beginning) of\s+(?:the\s+)?)?"


@dataclass(frozen=True)
class Deadline:
    """`by`: its period, None where it is not told or rests on a date that nobody gave; `months` ahead, where told so;
    `text`: the words it stands in, '' where there are none."""

    by: pd.Period | None = None
    months: float | None = None
    text: str = ""


def deadline_in(text: str, as_of: pd.Period | None, calendar: Calendar) -> Deadline:
    """The deadline told in `text`; months ahead, and dates without a year, count from the end of `as_of`."""
    text = text.lower()
    for span in re.finditer(SPAN, text):
        if span["lead"] or span["time"] or span["n"] in ("the next", "next", "this"):
            return _ahead(span, as_of, calendar)
    for form in FORMS:
        bare = "q(?P<q>" in form or form.startswith(("(?P<iso>", "(?P<us>", "(?P<eu>"))
        if told := re.search(f"(?:{LEADS}{ENDS}){'?' if bare else ''}{form}", text):
            return Deadline(_period(told, as_of, calendar), text=told.group())
    return Deadline()


def _ahead(told: re.Match, as_of: pd.Period | None, calendar: Calendar) -> Deadline:
    """So many months from the end of `as_of`, at its own grain where that is whole; 'next quarter' is the one after."""
    unit, n = told["unit"].rstrip("s"), told["n"]
    if n in ("this", "next", "the next") and unit in PER_YEAR and as_of is not None:
        now = as_of.end_time.to_period(calendar.freq(unit))
        return Deadline(now if n == "this" else now + 1, text=told.group())
    count = 0.5 if n.startswith("half") else 1.0 if n in ("a", "an", "this", "next", "the next") else None
    count = count if count is not None else float(NUMBERS.get(n, 0) or n)
    months = count * UNITS[unit]
    if months > LONGEST:
        return Deadline(text=told.group())
    if as_of is None:
        return Deadline(None, months, told.group())
    each = 12 / PER_YEAR[grain_of(as_of)]
    if months % each == 0:
        return Deadline(as_of + int(months / each), months, told.group())
    return Deadline(as_of.end_time.to_period("M") + max(1, round(months)), months, told.group())


def _period(told: re.Match, as_of: pd.Period | None, calendar: Calendar) -> pd.Period | None:
    parts = {name: value for name, value in told.groupdict().items() if value}
    period = _named(parts, as_of, calendar)
    first = re.search(r"\b(?:start|beginning) of", told.group())
    return period - 1 if period is not None and (parts.get("lead") == "before" or first) else period


def _named(parts: dict[str, str], as_of: pd.Period | None, calendar: Calendar) -> pd.Period | None:
    year = int(parts["y"].lstrip("'")) % 100 + 2000 if "y" in parts else None
    if day := parts.get("iso") or parts.get("us"):
        return _by_day(pd.to_datetime(day, errors="coerce"))
    if day := parts.get("eu"):
        return _by_day(pd.to_datetime(day, format="%d.%m.%Y", errors="coerce"))
    if "d" in parts:
        return _by_day(pd.to_datetime(f"{year}-{MONTHS[parts['m']]:02}-{int(parts['d']):02}", errors="coerce"))
    if "q" in parts or "o" in parts:
        number = int(parts["q"]) if "q" in parts else ORDINALS[parts["o"]]
        return _of_year(lambda y: pd.Period(f"{y}Q{number}", freq=calendar.freq("quarter")), year, as_of)
    if "s" in parts or "m" in parts or "mm" in parts:
        month = SEASONS[parts["s"]] if "s" in parts else int(parts.get("mm") or MONTHS[parts["m"]])
        return _of_year(lambda y: pd.Period(year=y, month=month, freq="M"), year, as_of)
    if "end" in parts:
        return None if as_of is None else (as_of + 1).start_time.to_period(calendar.freq("year"))
    if "fy" in parts or calendar.first_month == 1:
        return pd.Period(str(year), freq=calendar.freq("year"))
    return pd.Period(year=year, month=12, freq="M")  # no fiscal year is meant


def _by_day(day: pd.Timestamp) -> pd.Period | None:
    """The last month that has ended by the end of that day."""
    return None if pd.isna(day) else (day + pd.Timedelta(days=1)).to_period("M") - 1


def _of_year(made, year: int | None, as_of: pd.Period | None) -> pd.Period | None:
    """The period of that year; without one, the first that ends after `as_of`."""
    if year is not None:
        return made(year)
    if as_of is None:
        return None
    return next(p for p in (made(as_of.end_time.year + ahead) for ahead in range(-1, 3)) if p.end_time > as_of.end_time)
