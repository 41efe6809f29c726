"""CMS's yearly "Performance Year Financial and Quality Results" of accountable care organisations, as published.

Columns, units and the marks of a missing value change from year to year; here they become one table.
Source: data.cms.gov, Medicare Shared Savings Program (US Government work). Years 2022 on.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd

from bsc_analysis.errors import Fault, FeedError
from bsc_analysis.feeds.columns import parse, refusals_at
from bsc_analysis.feeds.context import Context
from bsc_analysis.feeds.delivery import Delivery, FileRows, sha256
from bsc_analysis.feeds.rows import RawRows, read_rows, require_columns
from bsc_analysis.tables import ACO_YEARS, Column, Table

MISSING = {"", "-", "*", "N/A"}  # '*' is CMS's own withholding of 1–10 persons
PUBLISHED = {
    "practice": "ACO_ID",
    "name": "ACO_Name",
    "beneficiaries": "N_AB",
    "person_years": "N_AB_Year_PY",
    "benchmark_usd": "ABtotBnchmk",
    "expenditure_usd": "ABtotExp",
    "earned_savings_usd": "EarnSaveLoss",
    "cost_per_capita_usd": "Per_Capita_Exp_TOTAL_PY",
    "cahps_access": "CAHPS_1",
    "cahps_communication": "CAHPS_2",
    "cahps_provider_rating": "CAHPS_3",
    "cahps_specialist_access": "CAHPS_4",
    "ed_visits_per_1000": "P_EDV_Vis",
    "admissions_per_1000": "ADM",
    "readmission_rate": "Measure_479",
    "quality_score": "QualScore",
    "pcps": "N_PCP",
    "specialists": "N_Spec",
    "nurse_practitioners": "N_NP",
    "physician_assistants": "N_PA",
}
SHARES = {"readmission_rate": 100.0}  # published as a share, ours in per cent
PERCENT_OR_POINTS = ["quality_score"]  # '89.41%' until 2023, '77.05' since: per cent either way
COLUMNS = (Column("practice", "id"), *ACO_YEARS.columns)


def table(context: Context) -> Table:
    """The canonical table that the feed fills."""
    return ACO_YEARS


def read_file(context: Context, path: Path) -> FileRows:
    """The networks of one year.

    Raises FeedError where the file has no year in its name or lacks a column that CMS publishes.
    """
    shown = context.shown(path)
    raw = read_rows(path, shown)
    require_columns(raw, PUBLISHED, shown, lambda ours: None)
    rows, refused = _typed(raw, context, year_of(path, shown))
    return FileRows(rows, refused, raw.physical, sha256(path))


def finish(delivery: Delivery, context: Context) -> Delivery:
    """The delivery with the practices that its files name: practice, at, title."""
    named = delivery.rows[["practice", "year", "name"]]
    return replace(delivery, titles=named.rename(columns={"year": "at", "name": "title"}))


def year_of(path: Path, shown: str) -> int:
    """The performance year in the file's name."""
    years = re.findall(r"(?<!\d)20\d\d(?!\d)", path.name)
    if len(years) != 1:
        raise FeedError(Fault(shown, "name", "must hold the performance year once, such as 2024.csv"))
    return int(years[0])


def _typed(raw: RawRows, context: Context, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    text = raw.text[list(PUBLISHED.values())].set_axis(list(PUBLISHED), axis=1)
    text = text.apply(lambda column: column.str.strip().where(~column.str.strip().isin(MISSING), ""))
    for name in PERCENT_OR_POINTS:
        text[name] = text[name].str.removesuffix("%")
    text["year"] = f"{year}-01-01"
    typed, refusals = parse(text, COLUMNS, context.pseudonym)
    for name, times in SHARES.items():
        typed[name] = typed[name] * times
    odd = typed.index[~context.named(typed["practice"])].difference(refusals["line"])
    cut = refusals_at(raw.refused, "", raw.refused.values())
    refusals = pd.concat([refusals, refusals_at(odd, "practice", context.unnamed), cut]).assign(practice="")
    return typed.drop(index=typed.index.intersection(refusals["line"])), refusals
