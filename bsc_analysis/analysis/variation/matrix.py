"""A page's KPIs by variation and assurance: which are moving, and which can meet their target as they are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bsc_analysis.analysis.variation.result import Variation

COLUMNS = ["kpi", "variation", "assurance", "chart", "as_of", "trial"]


def matrix(variations: Mapping[str, Variation]) -> pd.DataFrame:
    """A row per KPI, in their order: kpi, variation (its latest word), assurance, chart, as_of and trial."""
    rows = [(id, v.latest, v.assurance, v.chart, v.as_of, v.trial) for id, v in variations.items()]
    return pd.DataFrame(rows, columns=COLUMNS)
