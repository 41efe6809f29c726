"""DuckDB as every question to the store opens it."""

from __future__ import annotations

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on two threads."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("SET enable_progress_bar = false")  # it would write into the log of a slow machine
    return connection
