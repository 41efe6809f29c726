"""What the checks of several places share: names among those known, targets in reach, days that a calendar has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.kpis.kpi import KPI


def unchosen(file: str, place: str, names: Iterable[str], chosen: Iterable[str]) -> Iterable[Fault]:
    """A fault for every name that is not among the chosen KPIs, with the nearest one that is."""
    for name in names:
        if name not in chosen:
            yield Fault(file, f"{place} {name}", f"is not among the chosen kpis.{did_you_mean(name, chosen)}")


def impossible(file: str, place: str, kpi: KPI, target: float) -> Iterable[Fault]:
    """A fault where the KPI cannot have the value that is its target."""
    least, greatest = kpi.possible
    if not least <= target <= greatest:
        message = f"is {target:g}; {kpi.in_sentence} lies between {least:g} and {greatest:g} {kpi.unit}"
        yield Fault(file, place, message)


def is_day(text: str) -> bool:
    """Whether a calendar has the day that `text`, such as 2026-01-04, names."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
