"""Text into typed columns. What cannot be read without guessing refuses its row: column and rule, no value."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable, Iterable

import pandas as pd

from bsc_analysis.tables import Column

EARLIEST, LATEST = (
    pd.Timestamp("2000-01-01"),
    pd.Timestamp("2050-01-01"),
)  # the plausible range of any date here
ISO = r"\d{4}-\d\d(-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?)?"  # without a zone: the practice's own time
AMOUNT = r"(?P<minus>-?)\$?(?P<digits>\d+|\d{1,3}(?:,\d{3})+)(?P<cents>\.\d+)?"
YES, NO = {"y", "yes", "true", "t", "1"}, {"n", "no", "false", "f", "0"}


def parse(
    text: pd.DataFrame, columns: tuple[Column, ...], date_format: str | None, pseudonym: Callable[[str], str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Typed columns (same index as `text`, whose columns bear our names), and the first refusal of each bad row.

    The refusals have line, column, rule. Columns that `text` lacks and rows may leave blank come back empty.
    """
    typed, refusals = {}, []
    for column in columns:
        if column.name not in text:
            typed[column.name] = pd.Series(pd.NA, index=text.index, dtype=_empty_dtype(column))
            continue
        raw = text[column.name].str.strip()
        blank = raw == ""
        values, rule = _typed(raw, column, date_format, pseudonym)
        bad = values.isna() & ~blank
        typed[column.name] = values
        refusals.append(refusals_at(raw.index[bad], column.name, rule))
        if column.least is not None or column.most is not None:
            outside = (values < column.least) | (values > column.most)
            refusals.append(
                refusals_at(
                    raw.index[outside.fillna(False)],
                    column.name,
                    f"outside {column.least:g} to {column.most:g}",
                )
            )
        if column.not_before:
            early = (values < typed[column.not_before]).fillna(False)
            refusals.append(refusals_at(raw.index[early], column.name, f"before {column.not_before}"))
        if not column.blank:
            refusals.append(refusals_at(raw.index[blank], column.name, "blank"))
    refused = pd.concat(refusals).drop_duplicates("line").sort_values("line", kind="stable")
    return pd.DataFrame(typed), refused


def is_date_format(text: str) -> bool:
    """True where dates written so are read back: year and month at least, no zone, nothing to guess ('mixed')."""
    month = pd.Timestamp("2026-09-01")
    if not any(year in text for year in ("%Y", "%y", "%G")):
        return False
    try:
        return bool(pd.to_datetime(month.strftime(text), format=text) == month)
    except (ValueError, TypeError):
        return False


def pseudonymiser(key: bytes) -> Callable[[str], str]:
    """HMAC-SHA-256 under the client's key: the same person stays the same, and nobody gets back to the number."""

    def pseudonym(value: str) -> str:
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24]

    return pseudonym


def refusals_at(lines: Iterable[int], column: str, rule: str | Iterable[str]) -> pd.DataFrame:
    """line, column, rule; the types hold where there is none, or lines would become 6.0 beside others."""
    frame = pd.DataFrame({"line": list(lines), "column": column, "rule": rule})
    return frame.astype({"line": "int64", "column": "str", "rule": "str"})


def _empty_dtype(column: Column) -> str:
    return {"date": "datetime64[us]", "time": "datetime64[us]", "flag": "boolean", "integer": "Float64"}.get(
        column.kind, "Float64" if column.kind == "amount" else "str"
    )


def _typed(raw: pd.Series, column: Column, date_format: str | None, pseudonym) -> tuple[pd.Series, str]:
    """The column's values, missing where blank or refused, and the rule that a refused one breaks."""
    match column.kind:
        case "id" | "text":
            return raw.where(raw != ""), "text"
        case "person":
            codes, distinct = pd.factorize(raw)
            hashed = pd.Index([pseudonym(value) if value else None for value in distinct], dtype="str")
            return pd.Series(hashed.take(codes), index=raw.index), "text"
        case "category":
            return raw.where(raw.isin(column.allowed)), f"not one of {', '.join(column.allowed)}"
        case "flag":
            low = raw.str.lower()
            flags = pd.Series(pd.NA, index=raw.index, dtype="boolean")
            flags[low.isin(YES)], flags[low.isin(NO)] = True, False
            return flags, "neither yes nor no"
        case "date" | "time":
            plain = (
                raw.str.contains("[0-9]") if date_format else raw.str.fullmatch(ISO)
            )  # pandas reads 'now' and '+0200'
            when = pd.to_datetime(raw.where(plain), format=date_format or "ISO8601", errors="coerce")
            when = when.where((when >= EARLIEST) & (when < LATEST)).astype("datetime64[us]")
            shape = (
                f"a date as {date_format}"
                if date_format
                else "an ISO date in local time (2026-09-30 or 2026-09-30 08:40)"
            )
            return when, f"not {shape} between {EARLIEST:%Y} and {LATEST:%Y}"
        case "integer":
            whole = raw.where(raw.str.fullmatch(r"-?[0-9]{1,15}(\.0+)?"))
            return pd.to_numeric(whole).astype("Float64"), "not a whole number"
        case _:
            return amounts(raw), "not an amount such as 1234.50, $1,234.50 or (50.00)"


def amounts(raw: pd.Series) -> pd.Series:
    """Numbers where the text allows one reading only: '1,5' and 'inf' do not. Float64, missing where refused.

    Exponents, as computers write them ('1.2e-05'), are read; parentheses are negative.
    """
    bracketed = raw.str.fullmatch(r"\(.*\)")
    parts = raw.where(~bracketed, raw.str[1:-1]).str.extract(rf"^{AMOUNT}$")
    digits = parts["digits"].str.replace(",", "", regex=False) + parts["cents"].fillna("")
    values = pd.to_numeric(digits, errors="coerce").astype("Float64")
    values = values.where(~((parts["minus"] == "-") | bracketed), -values)
    values = values.mask(bracketed & (parts["minus"] == "-"))
    computed = raw.str.fullmatch(r"-?\d+(\.\d+)?[eE][+-]?\d{1,3}")
    values = values.where(~computed, pd.to_numeric(raw.where(computed), errors="coerce"))
    return values.mask((values.abs() == math.inf).fillna(False))  # '1e999'
