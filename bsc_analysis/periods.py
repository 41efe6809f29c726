"""Periods as people write them: `2026-09`, `2026Q3`, `2026`; their grain follows from their form.

Which months a quarter or year has is the group's own: `Calendar` knows in which month its year begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bsc_analysis.errors import UsageError

Grain = Literal["month", "quarter", "year"]
GRAINS = ("month", "quarter", "year")  # finest first
FORMS = {"month": r"\d{4}-(0[1-9]|1[0-2])", "quarter": r"\d{4}Q[1-4]", "year": r"\d{4}"}
PER_YEAR = {"month": 12, "quarter": 4, "year": 1}


@dataclass(frozen=True)
class Calendar:
    """Years that begin in `first_month`; a fiscal year bears the number of the calendar year in which it ends."""

    first_month: int = 1

    def freq(self, grain: str) -> str:
        """pandas' name of the grain, such as 'M', 'Q-DEC' or 'Y-JUN'."""
        if grain == "month":
            return "M"
        last = pd.Timestamp(2000, (self.first_month - 2) % 12 + 1, 1)
        return f"{grain[0].upper()}-{last:%b}".upper()

    @property
    def months_ahead(self) -> int:
        """By how many months its year runs ahead of the calendar's: a date so much later has the period's number."""
        return (13 - self.first_month) % 12

    def parse(self, text: str) -> pd.Period:
        """The period that `text` names.

        Raises UsageError for anything else, with the three forms allowed.
        """
        return pd.Period(text, freq=self.freq(grain_in(text)))

    def within(self, text: str, grain: str) -> str:
        """The longer period, of `grain`, that the period `text` begins in."""
        return str(self.parse(text).start_time.to_period(self.freq(grain)))


CALENDAR_YEARS = Calendar()


def grain_in(text: str) -> str:
    """'month', 'quarter' or 'year', from the form of a period's name.

    Raises UsageError for anything else, with the three forms allowed.
    """
    for grain, form in FORMS.items():
        if isinstance(text, str) and re.fullmatch(form, text):
            return grain
    raise UsageError(f"{text!r} is not a period; write '2026Q3', '2026-09' or '2026' in quotes")


def grain_of(period: pd.Period) -> str:
    """'month', 'quarter' or 'year'."""
    return {"M": "month", "Q": "quarter", "Y": "year"}[period.freqstr[0]]


def parts_in(finer: str, grain: str) -> int:
    """How many periods of grain `finer` make one of `grain`."""
    return PER_YEAR[finer] // PER_YEAR[grain]


def grains_from(grain: str) -> list[str]:
    """The grain itself and the coarser ones, finest first."""
    return list(GRAINS[GRAINS.index(grain) :])
