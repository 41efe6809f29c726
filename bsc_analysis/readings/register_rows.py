"""Rows of a register as they stood on a day, for what is told of single rows rather than counted by a KPI."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from bsc_analysis.store import Store
from bsc_analysis.store.query import connect
from bsc_analysis.tables import Table

PLANNED = ("starts_at", "due_at", "ends_at")  # days that may lie ahead


def register_rows(store: Store, table: Table, practice: str | None, through: pd.Timestamp) -> pd.DataFrame:
    """The rows of `practice` (None: of all) that had been written by the end of the day `through`, in order of their
    day; empty, with the table's columns, where no feed delivered the table.

    What was done after `through` had not been done yet: its day is missing. Days that are only PLANNED stay.
    """
    path = store.table(table.name)
    if path is None:
        none = pd.DataFrame(columns=["practice", *(c.name for c in table.columns)], dtype="object")
        return none.astype({c.name: "datetime64[us]" for c in table.columns if c.kind in ("date", "time")})
    connection = connect()
    rows = connection.read_parquet(str(path)).df()
    connection.close()
    rows = rows[rows[table.at] <= through]
    rows = rows if practice is None else rows[rows["practice"] == practice]
    happened = [c.name for c in table.columns if c.kind == "date" and c.name not in PLANNED]
    rows = rows.assign(**{name: rows[name].mask(rows[name] > through) for name in happened})
    return rows.sort_values([table.at, table.key[0]]).reset_index(drop=True)


def is_kept(store: Store, table: Table, practice: str, feeds: Collection[str]) -> bool:
    """Whether the practice keeps the register: it has a row, says so, or a file of one of `feeds` came, be it empty."""
    files, said = store.accounts, store.kept
    if ((files["feed"].isin(list(feeds))) & files["practice"].isin([practice, ""])).any():
        return True
    if ((said["practice"] == practice) & (said["table"] == table.name)).any():
        return True
    path = store.table(table.name)
    return path is not None and len(pd.read_parquet(path, columns=["practice"], filters=_of(practice))) > 0


def _of(practice: str) -> list[tuple[str, str, str]]:
    """The rows of one practice, for a reader of Parquet."""
    return [("practice", "==", practice)]
