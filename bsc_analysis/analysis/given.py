"""What a link test is given, in the types that it computes with; errors say in words what came instead."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any, TypeVar

import pandas as pd

Told = TypeVar("Told", pd.Series, pd.DataFrame)

LARGEST = 1e100  # in size; of what is larger, squares are not finite, and it counts as missing like what is infinite


def numbers(name: str, told: Told, kind: type[Told]) -> Told:
    """`told` as floats, NaN where missing, infinite or beyond LARGEST.

    Raises TypeError where it is no `kind`, ValueError where it holds what is no number.
    """
    if not isinstance(told, kind):
        raise TypeError(f"{name} came as {type(told).__name__}; give a pandas {kind.__name__} on a PeriodIndex")
    dtypes = told.dtypes if isinstance(told, pd.DataFrame) else [told.dtype]
    try:
        if any(dtype.kind in "cmM" for dtype in dtypes):  # complex numbers, durations and dates turn into floats
            raise TypeError
        values = told.astype(float)
    except (TypeError, ValueError):
        kinds = ", ".join(sorted({str(dtype) for dtype in dtypes}))
        raise ValueError(f"{name} holds what is no number ({kinds}); give numbers, NaN where missing") from None
    return values.where(values.abs() < LARGEST)


def integer(name: str, told: Any) -> int:
    """`told` as a whole number.

    Raises ValueError where it is none.
    """
    if not isinstance(told, Integral) or isinstance(told, bool):
        raise ValueError(f"{name} is {told!r}; give a whole number")
    return int(told)


def size(name: str, told: Any) -> float | None:
    """`told` as the size of an effect, None where none is told.

    Raises ValueError where it is not above 0.
    """
    if told is None:
        return None
    if not isinstance(told, Real) or not float(told) > 0:
        raise ValueError(f"{name} is {told!r}; it is the size of an effect, above 0, or None")
    return float(told)


def start_of(told: Any, index: pd.PeriodIndex) -> pd.Period:
    """The period of `index` in which a break begins; text counts in the index's own year: '2020Q3' of a fiscal one.

    Raises ValueError where it names no period.
    """
    try:
        if isinstance(told, pd.Period):
            return told.start_time.to_period(index.freq)
        if isinstance(told, str):
            return pd.Period(told, freq=index.freq)
    except (ValueError, AttributeError):  # no such month; NaT
        pass
    raise ValueError(f"a break is at {told!r}; give a pandas Period, or text such as '2026-03' or '2026Q1'")


def sets_of(told: Any, practices: list) -> list[str]:
    """The set of each practice, '' where none is told.

    Raises TypeError or ValueError where the sets are not told by practice.
    """
    if not isinstance(told, (Mapping, pd.Series)):
        raise TypeError(f"sets of practices came as {type(told).__name__}; give practice → set, as a dict or a Series")
    if isinstance(told, pd.Series) and told.index.has_duplicates:
        raise ValueError("sets of practices name a practice twice; give each practice one set")
    named = {name: told[name] for name in practices if name in told}
    if len(told) and not named:
        raise ValueError("sets of practices name none of the practices in the frames' columns")
    return ["" if pd.isna(named.get(name)) else str(named[name]) for name in practices]
