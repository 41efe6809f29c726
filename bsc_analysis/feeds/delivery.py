"""What a feed delivers: rows of a canonical table, what was refused and why, and an account that must balance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bsc_analysis.errors import Fault, FeedError

REFUSED = ["practice", "file", "line", "column", "rule"]
EXPECTED = "after "  # rule of rows that another feed tells of: set aside on purpose


@dataclass(frozen=True)
class Account:
    """The rows of one file: physical = used + quarantined + deduplicated + layout.

    Where months are columns, a row is a cell that holds an amount. `layout`: titles, headers again, totals.
    """

    feed: str
    practice: str  # '' where the file covers the group
    file: str
    sha256: str
    physical: int
    used: int
    quarantined: int
    deduplicated: int
    layout: int = 0


@dataclass(frozen=True)
class FileRows:
    """What one file holds: typed `rows` and `refused` ones (practice, line, column, rule), both by line of the file;
    `physical`: the rows that its bytes hold, counted apart; `sha256` of the bytes; `warnings` name the file;
    `layout`: rows among the physical ones that are no data;
    `overlap`: of the refused rows those to be compared with what another feed gives; the columns of `rows`.
    """

    rows: pd.DataFrame
    refused: pd.DataFrame
    physical: int
    sha256: str
    warnings: list[str] = field(default_factory=list)
    layout: int = 0
    overlap: pd.DataFrame | None = None


@dataclass(frozen=True)
class Delivery:
    """One feed's rows.

    `rows`: canonical columns and `practice`; `refused`: practice, file, line, column, rule, never a value;
    `titles`: practice, at, title where the feed names its practices; `overlap`: rows set aside, to be compared only.
    """

    table: str
    rows: pd.DataFrame
    refused: pd.DataFrame
    accounts: list[Account]
    warnings: list[str] = field(default_factory=list)
    titles: pd.DataFrame | None = None
    overlap: pd.DataFrame | None = None


def sha256(path: Path) -> str:
    """The file's hash, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def balance(account: Account) -> Account:
    """The account itself.

    Raises FeedError where rows appeared or vanished between the bytes of the file and the table.
    """
    found = account.used + account.quarantined + account.deduplicated + account.layout
    if found != account.physical:
        raise FeedError(
            Fault(
                account.file,
                "rows",
                f"the file holds {account.physical:,} rows, {found:,} were accounted for; it is refused whole",
            )
        )
    return account
