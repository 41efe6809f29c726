"""What the n of a reading counts, and what was left out of it, in words."""

from __future__ import annotations

import pandas as pd

from bsc_analysis.kpis.kpi import KPI, Quantile, Ratio
from bsc_analysis.words import quantity, say

COUNTED = {
    "visits": "visits",
    "calls": "calls",
    "claims": "claims",
    "transactions": "charges",
    "coding_audits": "audits",
    "survey_answers": "respondents",
    "staff_months": "person_months",
    "aco_years": "people",
}


def measure(kpi: KPI, n: float) -> str:
    """'118 visits'; '' where n says nothing."""
    if pd.isna(n) or not isinstance(kpi, (Ratio, Quantile)) or (isinstance(kpi, Ratio) and kpi.n_is == "rows"):
        return ""
    return say(f"value.n_{_kind(kpi)}", n=round(n))


def left_out(kpi: KPI, reading: pd.Series) -> str:
    """The share of rows that a median could not take in; '' where there is none."""
    if not isinstance(kpi, Quantile) or pd.isna(reading["value"]) or not reading["denominator"] > reading["n"]:
        return ""
    share = quantity(100 * (1 - reading["n"] / reading["denominator"]), "%", 1)
    return say("card.left_out", share=share, rows=say(f"rows.{_kind(kpi)}"))


def _kind(kpi: Ratio | Quantile) -> str:
    table = getattr(kpi, "over", None) or kpi.table
    return COUNTED.get(table.name, "events")
