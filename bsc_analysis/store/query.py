"""DuckDB as every question to the store opens it."""

from __future__ import annotations

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on two threads."""
    return duckdb.connect(config={"threads": 2})
