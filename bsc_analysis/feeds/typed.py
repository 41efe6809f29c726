"""A file's text under our names into the typed rows of a canonical table, in the practice's own time."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.feeds.columns import Notation, parse, refusals_at
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.opening import in_hours
from bsc_analysis.feeds.raw import RawRows
from bsc_analysis.tables import Column, Table

PRACTICE = Column("practice", "id")
IN_HOURS = "in_hours"
Given = dict[str, pd.Series | pd.Timestamp]  # columns that are dates already


def typed_rows(
    text: pd.DataFrame, given: Given, raw: RawRows, context: Context, table: Table
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that could be read, and the refusals of the others (practice, line, column, rule), both by line.

    A line may stand for several rows, so rows go by place until the end.
    """
    spec, lines = context.spec, text.index
    text = text.reset_index(drop=True)
    several = "practice" in text
    practices = text["practice"].str.strip() if several else pd.Series(context.practice, text.index, dtype="str")
    notation = Notation(
        decimal=spec.decimal,
        date_format=spec.date_format,
        origin=raw.origin,
        mapped=frozenset(spec.values),
        written_in=spec.time_zone,
        zones=practices.map({p: context.premises_of(p).time_zone for p in practices.unique()}).astype("object"),
    )
    columns = (PRACTICE, *table.columns) if several else table.columns
    typed, refusals = parse(text, columns, context.pseudonym, notation)
    typed = typed.assign(practice=practices, **given)
    if spec.months:
        month = pd.Series(given[spec.months.into]).reindex(refusals["line"]).dt.strftime(spec.months.form)
        refusals["column"] = refusals["column"] + " " + month.to_numpy()
    if table.dated != "day":  # a month is one, by whichever of its days an export calls it
        typed[table.at] = typed[table.at].dt.to_period(table.dated[0].upper()).dt.start_time.astype("datetime64[us]")
    if IN_HOURS in typed and IN_HOURS not in spec.columns:
        typed[IN_HOURS] = _in_hours(typed[table.at], practices, context)
    named = context.named(practices)
    odd = typed.index[~named].difference(refusals["line"])
    refusals = pd.concat([refusals, refusals_at(odd, "practice", context.unnamed)])
    refusals["practice"] = practices.where(named, "").reindex(refusals["line"]).to_numpy()
    typed = typed.drop(index=refusals["line"])
    typed.index, refusals["line"] = lines[typed.index], lines[refusals["line"]]
    cut = refusals_at(raw.refused, "", raw.refused.values()).assign(practice=context.practice)
    return typed, pd.concat([refusals, cut])


def without_clock(rows: pd.DataFrame, context: Context, table: Table) -> bool:
    """True where opening hours are known and the rows' in_hours is missing all the same: no row tells a time."""
    if IN_HOURS not in rows or IN_HOURS in context.spec.columns:
        return False
    unknown = rows.loc[rows[IN_HOURS].isna() & rows[table.at].notna(), "practice"]
    return any(context.premises_of(practice).opening for practice in unknown.unique())


def _in_hours(at: pd.Series, practices: pd.Series, context: Context) -> pd.Series:
    """Whether each row's time lies within its practice's opening hours.

    Missing where no calendar is given, and where all rows stand at midnight: the file then tells days, not times, and
    read as times they would all lie outside the hours.
    """
    found = pd.Series(pd.NA, index=at.index, dtype="boolean")
    told = at.dropna()
    if (told == told.dt.normalize()).all():
        return found
    for practice in practices.unique():
        opening = context.premises_of(practice).opening
        if opening:
            found = found.where(practices != practice, in_hours(at, opening))
    return found
