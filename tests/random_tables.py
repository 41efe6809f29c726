"""A year of random rows in every table of two practices, for what must hold of all KPIs."""

import numpy as np
import pandas as pd

from bsc_analysis.kpis import KPIS
from bsc_analysis.kpis.kpi import TableKPI
from bsc_analysis.tables import ACCOUNT_GROUPS, ACO_YEARS, EXPORTED, Table

OF_PRACTICES = {id: k for id, k in KPIS.items() if isinstance(k, TableKPI) and k.table is not ACO_YEARS}
FIRST, DAYS = pd.Timestamp("2025-01-01"), 365
CALM = {"denial_reason": ["CO-16", "PR-1", "CO-18"], "reason": ["CO-45", "CO-29", "moved"]}


def random_rows(table: Table, rng: np.random.Generator, n: int = 1500) -> pd.DataFrame:
    """Rows of any table in 2025, of what its columns allow, blank here and there where they may be."""
    columns = {"practice": rng.choice(["a", "b"], n)}
    for column in table.columns:
        days = FIRST + pd.to_timedelta(rng.integers(0, DAYS, n), "D")
        match column.kind:
            case "date":
                value = pd.Series(days)
            case "time":
                value = pd.Series(days + pd.to_timedelta(rng.integers(0, 24 * 60, n), "min"))
            case "flag":
                value = pd.Series(pd.array(rng.random(n) < 0.4, dtype="boolean"))
            case "amount" | "integer":
                value = pd.Series(rng.integers(0, 11, n), dtype="Float64")
            case "category":
                value = pd.Series(rng.choice(column.allowed, n), dtype="str")
            case "person":
                value = pd.Series(rng.integers(0, 200, n)).astype("str")
            case _:
                value = pd.Series(np.arange(n)).astype("str")
        if column.name in CALM:
            value = pd.Series(rng.choice(CALM[column.name], n), dtype="str")
        value = value.astype("datetime64[us]") if column.kind in ("date", "time") else value
        columns[column.name] = value.where(rng.random(n) > 0.1) if column.blank else value
    return pd.DataFrame(columns)


def made(seed: int) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    tables = {t.name: random_rows(t, rng) for t in EXPORTED if t is not ACO_YEARS}
    questions = ["provider_rating", "engagement", "burnout", "buy_in"]
    tables["survey_answers"]["question"] = rng.choice(questions, len(tables["survey_answers"]))
    ledger = [
        (p, m, f"{i}", g, float(rng.integers(100, 999)))
        for p in "ab"
        for m in pd.date_range(FIRST, periods=12, freq="MS")
        for i, g in enumerate(ACCOUNT_GROUPS)
    ]
    tables["ledger"] = pd.DataFrame(ledger, columns=["practice", "month", "account", "account_group", "amount"])
    tables["ledger"]["month"] = tables["ledger"]["month"].astype("datetime64[us]")
    tables["staff"] = tables["staff"].iloc[:60].assign(as_of=pd.Timestamp("2025-12-31").as_unit("us"))
    return tables
