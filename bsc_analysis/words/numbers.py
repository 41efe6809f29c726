"""One number format for the whole house: 48,212 · 7.4 % · $148 · $49.4M · 30 Sep 2026 · Jul–Sep."""

from __future__ import annotations

import math

import pandas as pd

from bsc_analysis.words.language import form, has

MONEY = ("$", "$M")  # the units that an axis shows too


def number(value: float, decimals: int = 0) -> str:
    """Thousands apart, a true minus sign, no '-0'."""
    return _sign(value, decimals) + _unsigned(value, decimals)


def count(value: float) -> str:
    """A whole number."""
    return number(value, 0)


def quantity(value: float, unit: str, decimals: int) -> str:
    """A value with its unit; '' where it is missing. A unit that the catalogue lacks stands behind the number."""
    if value is None or math.isnan(value):
        return ""
    if not unit:
        return number(value, decimals)
    known, text = unit if has(f"quantity.{unit}") else "other", _unsigned(value, decimals)
    one = ".one" if text == "1" and has(f"quantity.{known}.one") else ""
    return form(f"quantity.{known}{one}", sign=_sign(value, decimals), number=text, unit=unit)


def bare(value: float, unit: str, decimals: int) -> str:
    """A value for an axis: the sign of money, no other unit."""
    return quantity(value, unit, decimals) if unit in MONEY else number(value, decimals)


def interval(lower: float, upper: float, unit: str, decimals: int) -> str:
    """'18.2–19.6', the unit being known from the value; '' where there is none."""
    if math.isnan(lower) or math.isnan(upper):
        return ""
    low, high = (bare(v, unit, decimals) for v in (lower, upper))
    signed = _sign(lower, decimals) or _sign(upper, decimals)
    return form("number.range_signed" if signed else "number.range", low=low, high=high)


def day(when: pd.Timestamp) -> str:
    """'30 Sep 2026'."""
    return form("number.day", day=when.day, month=_month(when), year=when.year)


def period(p: pd.Period) -> str:
    """'Sep 2026', '2026 Q3' or '2026'; 'FY2026 Q3' or 'FY2026' where the year does not begin in January."""
    if p.freqstr[0] == "M":
        return form("number.month_of_year", month=_month(p), year=p.year)
    year, _, quarter = str(p).partition("Q")
    kind, grain = "fiscal" if is_fiscal(p) else "calendar", "quarter" if quarter else "year"
    return form(f"number.period.{kind}_{grain}", year=year, quarter=quarter)


def period_in_full(p: pd.Period) -> str:
    """'2026 Q3 (Jul–Sep)'; a month, and a year from January, as `period` says them."""
    months = span(p)
    return form("number.in_full", period=period(p), months=months) if months else period(p)


def is_fiscal(p: pd.Period) -> bool:
    """Whether the quarter or year belongs to a year that does not begin in January."""
    return p.freqstr[0] != "M" and not p.freqstr.endswith("-DEC")


def month(p: pd.Period) -> str:
    """'Sep' for a month, '' for other grains."""
    return _month(p) if p.freqstr[0] == "M" else ""


def span(p: pd.Period) -> str:
    """The months of a quarter ('Jul–Sep'), with their years where it is fiscal; of a fiscal year too; else ''."""
    first, last = p.start_time, p.end_time
    if not is_fiscal(p) and p.freqstr[0] != "Q":
        return ""
    fiscal = "number.span_of_year" if first.year == last.year else "number.span_of_years"
    facts = {"first": _month(first), "last": _month(last), "began": first.year, "year": last.year}
    return form(fiscal if is_fiscal(p) else "number.span", **facts)


def _month(when: pd.Timestamp | pd.Period) -> str:
    return form(f"number.months.{when.month}")


def _sign(value: float, decimals: int) -> str:
    return form("number.minus") if value < 0 and any(c in "123456789" for c in f"{value:.{decimals}f}") else ""


def _unsigned(value: float, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return text.translate({ord(","): form("number.thousands"), ord("."): form("number.decimal")})
