"""Periods as people write them: `2026-09`, `2026Q3`, `2026`; their grain follows from their form."""

from __future__ import annotations

import re
from typing import Literal

import pandas as pd

from bsc_analysis.errors import UsageError

Grain = Literal["month", "quarter", "year"]
GRAINS: dict[str, str] = {"month": "M", "quarter": "Q", "year": "Y"}
FORMS = {"month": r"\d{4}-(0[1-9]|1[0-2])", "quarter": r"\d{4}Q[1-4]", "year": r"\d{4}"}


def parse(text: str) -> pd.Period:
    """The period that `text` names.

    Raises UsageError for anything else, with the three forms allowed.
    """
    if isinstance(text, str):
        for grain, form in FORMS.items():
            if re.fullmatch(form, text):
                return pd.Period(text, freq=GRAINS[grain])
    raise UsageError(f"{text!r} is not a period; write '2026Q3', '2026-09' or '2026' in quotes")


def grain_of(period: pd.Period) -> str:
    """'month', 'quarter' or 'year'."""
    return {"M": "month", "Q": "quarter", "Y": "year"}[period.freqstr[0]]


def within(text: str, grain: str) -> str:
    """The longer period, of `grain`, that the period `text` begins in."""
    return str(parse(text).start_time.to_period(GRAINS[grain]))


def parts_in(finer: str, grain: str) -> int:
    """How many periods of grain `finer` make one of `grain`."""
    per_year = {"month": 12, "quarter": 4, "year": 1}
    return per_year[finer] // per_year[grain]


def grains_from(grain: str) -> list[str]:
    """The grain itself and the coarser ones, finest first."""
    return list(GRAINS)[list(GRAINS).index(grain) :]
