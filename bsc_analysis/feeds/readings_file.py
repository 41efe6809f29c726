"""Ready-made readings: a table of practice, KPI, period and numerator + denominator, or value + n, or value alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bsc_analysis.feeds.columns import amounts, refusals_at
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Delivery, FileRows, sha256
from bsc_analysis.feeds.rows import read_rows, require_columns
from bsc_analysis.periods import FORMS, Calendar
from bsc_analysis.tables import Column, Table

NUMBERS = ("numerator", "denominator", "value", "n")
TABLE = "given_readings"
PERIOD_FORM = "|".join(FORMS.values())


def table(context: Context) -> Table:
    """The file's own shape: a row is a practice and period, in the long form of one KPI."""
    wanted = _wanted(context.spec)
    columns = tuple(Column(name, "text") for name in wanted if name != "practice")
    key = ("period",) if context.spec.kpis else ("kpi", "period")
    return Table(TABLE, "ready-made readings", columns, key, at="period", closing_days=0)


def read_file(context: Context, path: Path) -> FileRows:
    """The rows of one file as it gives them. Raises FeedError where it cannot be read or lacks a declared column."""
    spec, shown = context.spec, context.shown(path)
    wanted = _wanted(spec)
    raw = read_rows(path, shown, spec, wanted.values())
    require_columns(raw, wanted, shown, lambda ours: _place(ours, context))
    text = raw.text.apply(lambda column: column.str.strip())
    rows, refused, overlap = _check(text, wanted, context, raw.refused)
    return FileRows(rows, refused.assign(practice=""), raw.physical, sha256(path), [*raw.warnings], raw.layout, overlap)


def finish(delivery: Delivery, context: Context) -> Delivery:
    """Rows practice, kpi, period (text), numerator, denominator, value, n; missing numbers are missing.

    `titles`: what the file calls its practices, if it has a column for it.
    `overlap` alike: the readings after `until`, each once, without those that contradict each other.
    """
    rows = delivery.rows
    done = replace(delivery, rows=_long(rows, context.spec))
    if context.spec.title:
        starts = {text: context.years.parse(text).start_time for text in rows["period"].unique()}
        title = rows["title"].where(rows["title"] != "", rows["practice"])
        done = replace(done, titles=rows[["practice"]].assign(at=rows["period"].map(starts), title=title))
    if delivery.overlap is None:
        return done
    once = delivery.overlap.drop_duplicates()
    told = once.drop_duplicates(["practice", *table(context).key], keep=False)
    return replace(done, overlap=_long(told, context.spec))


def _place(ours: str, context: Context) -> str | None:
    """Where params name the file's column for ours; the long form has names of its own."""
    feed = f"feeds.{context.feed}"
    if ours in ("practice", "period", "title"):
        return f"{feed}.{ours}"
    return f"{feed}.kpis.{ours}" if context.spec.kpis else None


def _wanted(spec) -> dict[str, str]:
    """Our names → the file's columns."""
    wanted = {"practice": spec.practice, "period": spec.period}
    wanted |= {"title": spec.title} if spec.title else {}
    if spec.kpis is None:
        return wanted | {name: name for name in ("kpi", *NUMBERS)}
    for kpi, columns in spec.kpis.items():
        wanted |= {f"{kpi}.{name}": column for name in NUMBERS if (column := getattr(columns, name))}
    return wanted


def _check(text: pd.DataFrame, wanted: dict[str, str], context: Context, cut: dict[int, str]):
    """The readable rows under our names, line, column, rule of the others, and of those the ones after `until`."""
    found = pd.DataFrame({ours: text[theirs] for ours, theirs in wanted.items()}, index=text.index)
    refusals = [refusals_at(cut, "", cut.values())]
    bad = pd.Series(False, index=found.index)
    rules = [
        ("practice", context.named(found["practice"]), context.unnamed),
        (
            "period",
            found["period"].str.fullmatch(PERIOD_FORM),
            "not a period such as 2026Q3, 2026-09 or 2026",
        ),
    ]
    if "kpi" in found and context.kpis is not None:
        rules.append(("kpi", found["kpi"].isin(context.kpis), "not a KPI of this group"))
    for ours in wanted:
        if ours.split(".")[-1] in NUMBERS:
            numbers = amounts(found[ours], context.spec.decimal)
            rules.append((wanted[ours], numbers.notna() | (found[ours] == ""), "not a number"))
            found[ours] = numbers
    for column, good, rule in rules:
        wrong = ~good.fillna(False) & ~bad
        refusals.append(refusals_at(found.index[wrong], column, rule))
        bad |= wrong
    if not context.spec.until:
        return found[~bad], pd.concat(refusals), None
    late = _later(found["period"].where(~bad), context.spec.until, context.years)
    rule = f"after {context.spec.until}, the last period taken from this feed"
    refusals.append(refusals_at(found.index[late], "period", rule))
    return found[~bad & ~late], pd.concat(refusals), found[late]


def _later(periods: pd.Series, until: str, years: Calendar) -> pd.Series:
    """Rows whose period ends after `until`: there another feed has the word, and they serve to compare."""
    last = years.parse(until).end_time
    later = [text for text in periods.dropna().unique() if years.parse(text).end_time > last]
    return periods.isin(later)


def _long(found: pd.DataFrame, spec) -> pd.DataFrame:
    """One row per practice, KPI and period, values in the KPI's unit; rows without any number are left out."""
    if spec.kpis is None:
        frame = found.reindex(columns=["practice", "kpi", "period", *NUMBERS])
    else:
        parts = []
        for kpi, columns in spec.kpis.items():
            part = found[["practice", "period"]].assign(kpi=kpi)
            for name in NUMBERS:
                part[name] = found[f"{kpi}.{name}"] if getattr(columns, name) else pd.NA
            part["value"] = part["value"].astype("Float64") * columns.times
            parts.append(part)
        frame = pd.concat(parts)
    frame[list(NUMBERS)] = frame[list(NUMBERS)].astype("Float64")
    return frame.dropna(subset=["numerator", "value"], how="all").reset_index(drop=True)
