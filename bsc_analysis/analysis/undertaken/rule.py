"""The rule by which leaders acted, read from what their register says of it.

Two forms can be read: "the worst quarter of the last year and a half" (or: a bad month), and "above 8 % in the last 3
months" (any of them; on average, where that is said). What cannot be read is no rule: nothing is simulated with it.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from bsc_analysis.analysis.impact.windows import Trigger

MONTHS = {"month": 1, "quarter": 3, "year": 12}
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
USUAL_SPAN = 12  # months that a bad quarter is held against where nothing else is said
WORST = re.compile(r"\b(?:worst|bad|poor)\s+(month|quarter|year)\b(?:.*?\blast\s+(.+))?", re.I)
HALF = re.compile(r"\byear and a half\b|\b18 months\b", re.I)
STRETCH = re.compile(r"\b(\d+|[a-z]+)?\s*(month|quarter|year)s?\b", re.I)
LEVEL = re.compile(r"\b(above|over|more than|below|under|less than)\s+\$?(-?\d+(?:\.\d+)?)(.*)", re.I)
ABOVE = ("above", "over", "more than")
MEAN = re.compile(r"\b(mean|average)\b", re.I)


def trigger_of(text: str, better: str, series: pd.Series, decided: pd.Period) -> Trigger | None:
    """The rule that `text` tells of a KPI's series (PeriodIndex, NaN where missing); None where it cannot be read.

    `better`: which way the KPI is better ('up', 'down', 'neutral'); `decided`: the period of the decision.
    """
    if found := LEVEL.search(text):
        side = "above" if found[1].lower() in ABOVE else "below"
        of = "mean" if MEAN.search(text) else "any"
        return Trigger(side, float(found[2]), _periods(_months(found[3], 3), series.index), of)
    found = WORST.search(text)
    if found is None or better == "neutral":
        return None
    block = _periods(MONTHS[found[1].lower()], series.index)
    span = _periods(_months(found[2] or "", USUAL_SPAN), series.index)
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
