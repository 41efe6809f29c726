"""Text into typed columns. What cannot be read without guessing refuses its row: column and rule, no value."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.feeds.clock import EARLIEST, LONG_AGO, local_times
from bsc_analysis.tables import Column

# a group of thousands never begins with 0: '0,125' is a fraction of the other mark
NUMBER = r"(?P<minus>-?)\$?(?P<digits>\d+|[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+)(?P<cents>{decimal}\d+)?"
YES, NO = {"y", "yes", "true", "t", "1"}, {"n", "no", "false", "f", "0"}
ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}


@dataclass(frozen=True)
class Notation:
    """How an export writes what it means.

    `mapped`: the columns whose values are mapped to ours; `origin`: day 0 of a workbook's date numbers, None for
    other files; `written_in`: the zone of its times; `zones`: by row, the zone of the practice, None where unknown.
    """

    decimal: str = "."
    date_format: str | None = None
    origin: str | None = None
    mapped: frozenset[str] = frozenset()
    written_in: str | None = None
    zones: pd.Series | None = None


PLAIN = Notation()


def parse(
    text: pd.DataFrame, columns: tuple[Column, ...], pseudonym: Callable[[str], str], notation: Notation = PLAIN
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
        broken = raw.isin(ERRORS)
        refusals.append(refusals_at(raw.index[broken], column.name, "an error of a spreadsheet"))
        values, rule = _typed(raw, column, notation, pseudonym)
        bad = values.isna() & ~blank
        typed[column.name] = values
        refusals.append(refusals_at(raw.index[bad], column.name, rule if isinstance(rule, str) else rule[bad].tolist()))
        if column.least is not None or column.most is not None:
            outside = pd.Series(False, index=raw.index, dtype="boolean")
            if column.least is not None:
                outside |= values < column.least
            if column.most is not None:
                outside |= values > column.most
            refusals.append(refusals_at(raw.index[outside.fillna(False)], column.name, _range(column)))
        if column.longest is not None:
            long = (raw.str.len() > column.longest).fillna(False)
            refusals.append(refusals_at(raw.index[long], column.name, f"longer than {column.longest} characters"))
        if column.not_before:
            early = (values < typed[column.not_before]).fillna(False)
            refusals.append(refusals_at(raw.index[early], column.name, f"before {column.not_before}"))
        if not column.blank:
            refusals.append(refusals_at(raw.index[blank], column.name, "blank"))
    refused = pd.concat(refusals).drop_duplicates("line").sort_values("line", kind="stable")
    return pd.DataFrame(typed), refused


def pseudonymiser(key: bytes) -> Callable[[str], str]:
    """HMAC-SHA-256 under the client's key: the same person stays the same, and nobody gets back to the number."""

    def pseudonym(value: str) -> str:
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:24]

    return pseudonym


def refusals_at(lines: Iterable[int], column: str, rule: str | Iterable[str]) -> pd.DataFrame:
    """line, column, rule; the types hold where there is none, or lines would become 6.0 beside others."""
    frame = pd.DataFrame({"line": list(lines), "column": column, "rule": rule})
    return frame.astype({"line": "int64", "column": "str", "rule": "str"})


def amounts(raw: pd.Series, decimal: str = ".") -> pd.Series:
    """Numbers where the text allows one reading only: '1,5' and 'inf' do not. Float64, missing where refused.

    `decimal: ','` reads '1.234,50' instead. Exponents, as computers write them ('1.2e-05'), are read; parentheses
    are negative.
    """
    thousands = "," if decimal == "." else "."
    form = NUMBER.format(thousands=re.escape(thousands), decimal=re.escape(decimal))
    bracketed = raw.str.fullmatch(r"\(.*\)")
    parts = raw.where(~bracketed, raw.str[1:-1]).str.extract(rf"^{form}$")
    cents = parts["cents"].fillna("").str.replace(decimal, ".", regex=False)
    digits = parts["digits"].str.replace(thousands, "", regex=False) + cents
    values = pd.to_numeric(digits, errors="coerce").astype("Float64")
    values = values.where(~((parts["minus"] == "-") | bracketed), -values)
    values = values.mask(bracketed & (parts["minus"] == "-"))
    computed = raw.str.fullmatch(rf"-?\d+({re.escape(decimal)}\d+)?[eE][+-]?\d{{1,3}}")
    plain = raw.where(computed).str.replace(decimal, ".", regex=False)
    values = values.where(~computed, pd.to_numeric(plain, errors="coerce"))
    return values.mask((values.abs() == math.inf).fillna(False))  # '1e999'


def allowed(column: Column) -> tuple[str, ...]:
    """The values of a column that may hold few; none for the others."""
    return tuple(sorted(YES | NO)) if column.kind == "flag" else column.allowed


def is_allowed_text(value: str, column: Column) -> bool:
    """True where the value is one of those that the column may hold."""
    return bool(is_allowed(pd.Series([value], dtype="str"), column).all())


def is_allowed(values: pd.Series, column: Column) -> pd.Series:
    """True where a value is one of those that the column may hold."""
    return (values.str.lower() if column.kind == "flag" else values).isin(allowed(column))


def _range(column: Column) -> str:
    ends = (column.least, column.most)
    match ends:
        case (least, None):
            return f"below {least:g}"
        case (None, most):
            return f"above {most:g}"
    return "outside {:g} to {:g}".format(*ends)


def _empty_dtype(column: Column) -> str:
    return {"date": "datetime64[us]", "time": "datetime64[us]", "flag": "boolean", "integer": "Float64"}.get(
        column.kind, "Float64" if column.kind == "amount" else "str"
    )


def _typed(
    raw: pd.Series, column: Column, notation: Notation, pseudonym: Callable[[str], str]
) -> tuple[pd.Series, str | pd.Series]:
    """The column's values, missing where blank or refused, and the rule that a refused one breaks."""
    unmapped = "not among the values mapped" if column.name in notation.mapped else None
    match column.kind:
        case "id" | "text":
            return raw.where(raw != ""), "text"
        case "person":
            codes, distinct = pd.factorize(raw)
            hashed = pd.Index([pseudonym(value) if value else None for value in distinct], dtype="str")
            return pd.Series(hashed.take(codes), index=raw.index), "text"
        case "category":
            return raw.where(is_allowed(raw, column)), unmapped or f"not one of {', '.join(column.allowed)}"
        case "flag":
            low = raw.str.lower()
            flags = pd.Series(pd.NA, index=raw.index, dtype="boolean")
            flags[low.isin(YES)], flags[low.isin(NO)] = True, False
            return flags, unmapped or "neither yes nor no"
        case "date" | "time":
            nowhere = pd.Series(None, index=raw.index, dtype="object")
            zones = nowhere if notation.zones is None else notation.zones
            earliest = LONG_AGO if column.long_ago else EARLIEST
            return local_times(raw, notation.date_format, notation.origin, notation.written_in, zones, earliest)
        case "integer":
            whole = raw.where(raw.str.fullmatch(rf"-?[0-9]{{1,15}}({re.escape(notation.decimal)}0+)?"))
            digits = whole.str.replace(notation.decimal, ".", regex=False)
            return pd.to_numeric(digits).astype("Float64"), "not a whole number"
        case _:
            example = "1234.50, $1,234.50 or (50.00)" if notation.decimal == "." else "1234,50, 1.234,50 or (50,00)"
            return amounts(raw, notation.decimal), f"not an amount such as {example}"
