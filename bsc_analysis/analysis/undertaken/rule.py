"""The rule by which leaders acted, read from what their register says of it.

Two forms can be read: "the worst quarter of the last year and a half" (or: a bad month), and "above 8 % in the last 3
months" (any of them; on average, where that is said). What cannot be read is no rule: nothing is simulated with it. So
is a level that hangs on another ("10 % below target"), or a stretch of many years.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from bsc_analysis.analysis.impact.windows import Trigger

MONTHS = {"month": 1, "quarter": 3, "year": 12}
SPELT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: n for n, word in enumerate(SPELT, 2)}
USUAL_SPAN = 12  # months that a bad quarter is held against where nothing else is said
MOST_MONTHS = 60  # that leaders look back on; a larger number is none of months, such as that of a year
WORST = re.compile(r"\b(?:worst|bad|poor)\s+(month|quarter|year)\b(?:.*?\blast\s+(.+))?", re.I)
HALF = re.compile(r"\byear and a half\b|\b18 months\b", re.I)
STRETCH = re.compile(r"\b(\d+|[a-z]+)?\s*(month|quarter|year)s?\b", re.I)
LEVEL = re.compile(
    r"(?<!\bno )(?<!\bnot )\b(above|over|more than|below|under|less than)\s+\$?"
    r"(-?(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d++)?+)(?![,.]?\w)"  # whole: neither 40 of $40k nor 8 of 8,5
    r"(?!\s*(?:week|month|quarter|year)s?\b)(.*)",
    re.I,
)
APART = re.compile(  # how far from something else, of which "over the last 3 months" is none
    r"^\W*\w*\W*\b(?:above|below|under|higher|lower|worse|better|"
    r"over(?!\s+(?:the\s+)?(?:last|past|previous)\b)(?!\s+\w+\s+(?:month|quarter|year)s?\b))\b",
    re.I,
)
ABOVE = ("above", "over", "more than")
MEAN = re.compile(r"\b(mean|average)\b", re.I)


def trigger_of(text: str, better: str, series: pd.Series, decided: pd.Period) -> Trigger | None:
    """The rule that `text` tells of a KPI's series (PeriodIndex, NaN where missing); None where it cannot be read.

    `better`: which way the KPI is better ('up', 'down', 'neutral'); `decided`: the period of the decision.
    """
    if found := LEVEL.search(text):
        months = _months(found[3], _months(text[: found.start()], 3))
        if APART.search(found[3]) or not 1 <= months <= MOST_MONTHS:
            return None
        side = "above" if found[1].lower() in ABOVE else "below"
        of = "mean" if MEAN.search(text) else "any"
        return Trigger(side, float(found[2].replace(",", "")), _periods(months, series.index), of)
    found = WORST.search(text)
    months = _months((found and found[2]) or "", USUAL_SPAN)
    if found is None or better == "neutral" or not 1 <= months <= MOST_MONTHS:
        return None
    block, span = (_periods(each, series.index) for each in (MONTHS[found[1].lower()], months))
    return _worst(series, decided, block, span, "above" if better == "down" else "below")


def _worst(series: pd.Series, decided: pd.Period, block: int, span: int, side: str) -> Trigger | None:
    """The mean of the last `block` periods lay beyond those of all earlier blocks within `span`; None without any."""
    sign = 1 if side == "above" else -1
    whole = sign * series.reindex(pd.period_range(decided - span, decided - 1, freq=series.index.freq))
    earlier = whole.iloc[: len(whole) - block].to_numpy(dtype=float)[::-1]  # the newest first, in whole blocks
    blocks = [earlier[i : i + block] for i in range(0, len(earlier) - block + 1, block)]
    means = [each[np.isfinite(each)].mean() for each in blocks if np.isfinite(each).any()]
    return Trigger(side, float(sign * max(means)), block, "mean") if means else None


def _months(text: str, otherwise: int) -> int:
    if HALF.search(text):
        return 18
    found = STRETCH.search(text)
    if found is None:
        return otherwise
    many = (found[1] or "").lower()
    return MONTHS[found[2].lower()] * (int(many) if many.isdigit() else NUMBERS.get(many, 1))


def _periods(months: int, index: pd.PeriodIndex) -> int:
    return max(1, months // {"M": 1, "Q": 3, "Y": 12}[index.freqstr[0]])
