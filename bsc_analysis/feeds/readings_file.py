"""Ready-made readings: a table of practice, KPI, period and numerator + denominator, or value + n, or value alone."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.feeds.columns import amounts
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import REFUSED, Account, Delivery, balance, sha256
from bsc_analysis.feeds.rows import read_rows, require_columns
from bsc_analysis.params.models import ID_FORM
from bsc_analysis.periods import FORMS, parse

NUMBERS = ("numerator", "denominator", "value", "n")
TABLE = "given_readings"
PERIOD_FORM = "|".join(FORMS.values())


def read(context: Context) -> Delivery:
    """Rows practice, kpi, period (text), numerator, denominator, value, n; missing numbers are missing.

    Raises FeedError where a file cannot be read or lacks a declared column.
    """
    spec = context.spec
    rows, refused, accounts, warnings = [], [], [], []
    for path in context.files():
        shown = context.shown(path)
        raw = read_rows(path, shown, spec.final_line_end)
        wanted = _wanted(spec)
        require_columns(raw, wanted, shown, context.feed)
        text = raw.text.apply(lambda column: column.str.strip())
        found, refusals = _check(text, wanted, context, raw.refused)
        later = _later(found, spec) if spec.until else pd.Series(False, index=found.index)
        kept = found[~later]
        twice = kept.duplicated()
        same = ["practice", "period", *(["kpi"] if spec.kpis is None else [])]
        clash = kept[~twice].duplicated(same, keep=False)
        refusals += [(line, "", "the same practice and period with other values") for line in clash.index[clash]]
        kept = kept[~twice][~clash]
        rows.append(_long(kept, spec))
        bad = pd.DataFrame(refusals, columns=["line", "column", "rule"]).assign(practice="", file=shown)
        refused.append(bad[REFUSED])
        deduplicated = int(later.sum() + twice.sum())
        account = Account(
            context.feed,
            context.practice,
            shown,
            sha256(path),
            raw.physical,
            len(kept),
            len(bad),
            deduplicated,
        )
        accounts.append(balance(account))
        if later.any():
            warnings.append(f"{shown}: {int(later.sum()):,} rows after {spec.until} also come from another feed")
    return Delivery(TABLE, pd.concat(rows, ignore_index=True), pd.concat(refused), accounts, warnings)


def _wanted(spec) -> dict[str, str]:
    """Our names → the file's columns."""
    wanted = {"practice": spec.practice, "period": spec.period}
    if spec.kpis is None:
        return wanted | {name: name for name in ("kpi", *NUMBERS)}
    for kpi, columns in spec.kpis.items():
        wanted |= {f"{kpi}.{name}": column for name in NUMBERS if (column := getattr(columns, name))}
    return wanted


def _check(text: pd.DataFrame, wanted: dict[str, str], context: Context, cut: dict[int, str]):
    """The readable rows under our names, and (line, column, rule) of the others."""
    found = pd.DataFrame({ours: text[theirs] for ours, theirs in wanted.items()}, index=text.index)
    refusals = [(line, "", rule) for line, rule in cut.items()]
    bad = pd.Series(False, index=found.index)
    rules = [
        ("practice", found["practice"].str.fullmatch(ID_FORM), "not an id"),
        (
            "period",
            found["period"].str.fullmatch(PERIOD_FORM),
            "not a period such as 2026Q3, 2026-09 or 2026",
        ),
    ]
    if context.practices is not None:
        rules.append(("practice", found["practice"].isin(context.practices), "unknown practice"))
    for ours in wanted:
        if ours.split(".")[-1] in NUMBERS:
            numbers = amounts(found[ours])
            rules.append((wanted[ours], numbers.notna() | (found[ours] == ""), "not a number"))
            found[ours] = numbers
    for column, good, rule in rules:
        wrong = ~good.fillna(False) & ~bad
        refusals += [(line, column, rule) for line in found.index[wrong]]
        bad |= wrong
    return found[~bad], refusals


def _later(found: pd.DataFrame, spec) -> pd.Series:
    """Rows whose period ends after `until`: another feed delivers them, and wins."""
    ends = {text: parse(text).end_time for text in found["period"].unique()}
    return found["period"].map(ends) > parse(spec.until).end_time


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
