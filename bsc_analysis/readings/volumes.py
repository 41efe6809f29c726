"""Volumes: how much of each table came for each practice and month, and how many rows point to nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bsc_analysis.store import Store
from bsc_analysis.store.query import connect
from bsc_analysis.tables import TABLES, Table

KEYS = ["practice", "table", "part"]
PARTS = {"survey_answers": "survey"}  # patients and staff are asked apart: one may fall silent beside the other
ASKED = ("survey_answers",)  # one respondent answers several questions and still is one answer that came

# (table, what it points to): rows that have something to point to, those that point to nothing, and who stands behind.
ORPHANS = {
    ("transactions", "claims"): """
        SELECT practice, count(*) AS of, count(*) FILTER (lost) AS n,
               count(DISTINCT patient_id) FILTER (lost) AS people, count(*) FILTER (lost AND early) AS early
        FROM (SELECT t.practice, t.patient_id, c.claim_id IS NULL AS lost, t.service_at < f.first AS early
              FROM rows t LEFT JOIN (SELECT DISTINCT practice, claim_id FROM others) c USING (practice, claim_id)
              JOIN (SELECT practice, min(service_at) AS first FROM others GROUP BY practice) f USING (practice)
              WHERE t.claim_id IS NOT NULL)
        GROUP BY practice""",
    ("survey_answers", "visits"): """
        SELECT practice, count(*) AS of, count(*) FILTER (lost) AS n,
               count(DISTINCT respondent_id) FILTER (lost) AS people, 0 AS early
        FROM (SELECT s.practice, s.respondent_id, s.answered_at < v.first AS lost
              FROM rows s JOIN (SELECT practice, date_trunc('day', min(appointment_at)) AS first
                                FROM others GROUP BY practice) v USING (practice)
              WHERE s.survey = 'patient')
        GROUP BY practice""",
    ("trainings", "staff"): """
        SELECT practice, count(*) AS of, count(*) FILTER (lost) AS n,
               count(DISTINCT staff_id) FILTER (lost) AS people, 0 AS early
        FROM (SELECT t.practice, t.staff_id, s.staff_id IS NULL AS lost
              FROM rows t LEFT JOIN (SELECT DISTINCT practice, staff_id FROM others) s USING (practice, staff_id)
              WHERE t.practice IN (SELECT practice FROM others))
        GROUP BY practice""",
}


def volumes(store: Store) -> pd.DataFrame:
    """One row per practice, table, part and month, from the part's first to the table's last month; gaps are 0.

    Registers are left out: of what happens now and then nothing is usual.
    Columns KEYS, period ('2026-09'; '2026' where a row of the table stands for a year), rows (of a survey: distinct
    respondents), people (distinct persons; 0 where the table names none). What lies ahead is not counted.
    """
    return store.keep("volumes", lambda: _all(store))


def orphans(store: Store) -> pd.DataFrame:
    """One row per practice and table whose rows should point to another's: practice, table, to, n, of, people, early.

    `n` of `of` rows point to nothing; `early` of them are older than what came of the other table, which explains them.
    """
    return store.keep("orphans", lambda: _orphans(store))


def _all(store: Store) -> pd.DataFrame:
    counted = [t for t in TABLES.values() if not (t.snapshot or t.register)]
    found = [_calendar(_counted(t, path), t) for t in counted if (path := store.table(t.name))]
    columns = [*KEYS, "period", "rows", "people"]
    return pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)


def _counted(table: Table, path: Path) -> pd.DataFrame:
    """practice, part, at (first day of the month or year), rows, people."""
    part = PARTS.get(table.name, "''")
    people = f"count(DISTINCT {table.person})" if table.person else "0"
    done = f"AND {table.at_status} IN {table.at_done}" if table.at_status else ""
    return (
        connect()
        .execute(
            f"""SELECT practice, {part} AS part, date_trunc('{_grain(table)}', {table.at}) AS at,
                       {people if table.name in ASKED else "count(*)"} AS rows, {people} AS people
                FROM read_parquet(?) WHERE {table.at} IS NOT NULL {done} GROUP BY ALL ORDER BY ALL""",
            [str(path)],
        )
        .df()
    )


def _calendar(found: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Every period of a practice's part from its first with rows to the table's last, 0 where there is none."""
    freq = _grain(table)[0].upper()
    periods = pd.PeriodIndex(found["at"], freq=freq)
    rows = found.assign(table=table.name, number=periods.asi8)
    last = rows.groupby("practice")["number"].max()
    spans = rows.groupby(KEYS)["number"].min().rename("first").reset_index()
    spans["number"] = [list(range(a, last[p] + 1)) for a, p in zip(spans["first"], spans["practice"], strict=True)]
    every = spans.explode("number").astype({"number": "int64"})
    whole = every.merge(rows, how="left", on=[*KEYS, "number"]).fillna({"rows": 0, "people": 0})
    whole["period"] = pd.PeriodIndex.from_ordinals(whole["number"], freq=freq).astype("str")
    return whole.astype({"rows": "int64", "people": "int64"})


def _grain(table: Table) -> str:
    return "year" if table.dated == "year" else "month"


def _orphans(store: Store) -> pd.DataFrame:
    columns = ["practice", "table", "to", "n", "of", "people", "early"]
    found = [pd.DataFrame(columns=columns)]
    for (name, to), query in ORPHANS.items():
        path, other = store.table(name), store.table(to)
        if path and other:
            connection = connect()
            connection.read_parquet(str(path)).create_view("rows")
            connection.read_parquet(str(other)).create_view("others")
            frame = connection.execute(query).df().assign(table=name, to=to)
            found.append(frame[frame["n"] > 0].sort_values("practice"))
    some = [f for f in found if len(f)]
    return pd.concat(some, ignore_index=True)[columns] if some else found[0]
