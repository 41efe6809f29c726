"""DuckDB as every question to the store opens it."""

from __future__ import annotations

from contextlib import suppress

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """A connection of its own, on two threads."""
    connection = duckdb.connect(config={"threads": 2})
    with suppress(duckdb.InvalidInputException):  # a notebook without ipywidgets has no such bar
        connection.execute("SET enable_progress_bar = false")  # it would write into the log of a slow machine
    return connection
