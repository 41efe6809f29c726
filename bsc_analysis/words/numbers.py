"""One number format for the whole house: 48,212 · 7.4 % · $148 · $49.4M · 30 Sep 2026 · Jul–Sep 2026."""

from __future__ import annotations

import math

import pandas as pd

SPACE = "\N{NO-BREAK SPACE}"  # between a number and its unit
MINUS = "−"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AHEAD = {"$": ("$", ""), "$M": ("$", "M")}


def number(value: float, decimals: int = 0) -> str:
    """Thousands by comma, a true minus sign, no '-0'."""
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(c in "123456789" for c in text)
    return f"{MINUS}{text}" if negative else text


def count(value: float) -> str:
    """A whole number."""
    return number(value, 0)


def quantity(value: float, unit: str, decimals: int) -> str:
    """A value with its unit; '' where it is missing."""
    if value is None or math.isnan(value):
        return ""
    if unit in AHEAD:
        before, after = AHEAD[unit]
        sign = MINUS if number(value, decimals).startswith(MINUS) else ""
        return f"{sign}{before}{number(abs(value), decimals)}{after}"
    text = number(value, decimals)
    return text if unit in ("", "score", "people") else f"{text}{SPACE}{unit}"


def bare(value: float, unit: str, decimals: int) -> str:
    """A value for an axis: the sign of money, no other unit."""
    return quantity(value, unit if unit in AHEAD else "", decimals)


def interval(lower: float, upper: float, unit: str, decimals: int) -> str:
    """'18.2–19.6', the unit being known from the value; '' where there is none."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    low, high = (bare(v, unit, decimals) for v in (lower, upper))
    if low == high:
        return low
    return f"{low} to {high}" if MINUS in low + high else f"{low}–{high}"


def day(when: pd.Timestamp) -> str:
    """'30 Sep 2026'."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def period(p: pd.Period) -> str:
    """'Sep 2026', '2026 Q3' or '2026'; 'FY2026 Q3' or 'FY2026' where the year does not begin in January."""
    if p.freqstr[0] == "M":
        return f"{MONTHS[p.month - 1]} {p.year}"
    year, _, quarter = str(p).partition("Q")
    named = f"FY{year}" if is_fiscal(p) else year
    return f"{named} Q{quarter}" if quarter else named


def is_fiscal(p: pd.Period) -> bool:
    """Whether the quarter or year belongs to a year that does not begin in January."""
    return p.freqstr[0] != "M" and not p.freqstr.endswith("-DEC")


def month(p: pd.Period) -> str:
    """'Sep' for a month, '' for other grains."""
    return MONTHS[p.month - 1] if p.freqstr[0] == "M" else ""


def span(p: pd.Period) -> str:
    """The months of a quarter ('Jul–Sep'), with their years where it is fiscal; of a fiscal year too; else ''."""
    first, last = p.start_time, p.end_time
    if not is_fiscal(p):
        return f"{MONTHS[first.month - 1]}–{MONTHS[last.month - 1]}" if p.freqstr[0] == "Q" else ""
    began = f" {first.year}" if first.year != last.year else ""
    return f"{MONTHS[first.month - 1]}{began}–{MONTHS[last.month - 1]} {last.year}"
