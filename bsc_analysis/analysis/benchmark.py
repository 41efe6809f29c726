"""A value against a benchmark: only where both measure the same thing, and no closer than its interval allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from numbers import Real
from typing import Literal, get_args

import numpy as np

from bsc_analysis.analysis.direction import checked, word
from bsc_analysis.analysis.interval import Interval

# What a number measures. A top-box share and a mean on 0–100 are told in the same breath and are not the same number.
Measures = Literal["share", "top_box_share", "mean", "mean_0_100", "median", "percentile_90", "per_exposure", "amount"]


@dataclass(frozen=True)
class Benchmark:
    """A value from elsewhere with its provenance.

    `value` in `unit`; `measures`: one of Measures; `source`: who says so and where; `at`: the day it was published or
    speaks of; `of`: whom it describes (such as 'family medicine, 50th percentile'). Raises ValueError where one of
    these is no such thing: a number without provenance is no benchmark.
    """

    value: float
    unit: str
    measures: Measures
    source: str
    at: date
    of: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.value, Real) or not np.isfinite(float(self.value)):
            raise ValueError(f"a benchmark's value is {self.value!r}; give a number")
        if self.measures not in get_args(Measures):
            raise ValueError(f"a benchmark measures {self.measures!r}; say one of {', '.join(get_args(Measures))}")
        if not self.source.strip():
            raise ValueError("a benchmark has no source; say who publishes it and where")
        if not isinstance(self.at, date):
            raise ValueError(f"a benchmark's date is {self.at!r}; give the day it was published or speaks of")


@dataclass(frozen=True)
class Compared:
    """A value beside its benchmark.

    `answer`: 'within' (the interval holds the benchmark), 'better' or 'worse' (it lies wholly to one side), 'neutral'
    (the same where neither way is better), or 'cannot_tell' with a `reason`: 'measures_differ', 'units_differ',
    'no_interval' or 'no_value'. `difference`: value less benchmark in their unit, NaN unless they measure the same.
    `age_days`: how old the benchmark was on the value's day, below 0 where it speaks of a later one.
    """

    benchmark: Benchmark
    answer: str = "cannot_tell"
    difference: float = np.nan
    age_days: int = 0
    reason: str = ""


def compare(
    value: Interval, benchmark: Benchmark, *, measures: Measures, unit: str, better: str, at: date, scale: float = 1.0
) -> Compared:
    """A practice's value, which `measures` something in `unit` on the day `at`, beside a benchmark.

    `scale` turns the interval's own terms into the unit (100 for %). `better`: 'up', 'down' or 'neutral'.
    """
    checked(better)
    age = (at - benchmark.at).days
    if measures != benchmark.measures or unit != benchmark.unit:
        why = "measures_differ" if measures != benchmark.measures else "units_differ"
        return Compared(benchmark, age_days=age, reason=why)
    if np.isnan(value.value):
        return Compared(benchmark, age_days=age, reason="no_value")
    difference = value.value * scale - benchmark.value
    if np.isnan([value.lower, value.upper]).any():
        return Compared(benchmark, difference=difference, age_days=age, reason="no_interval")
    if value.has(benchmark.value / scale):
        return Compared(benchmark, "within", difference, age)
    return Compared(benchmark, word(difference, better), difference, age)
