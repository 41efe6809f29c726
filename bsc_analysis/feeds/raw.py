"""What every reader of files hands on: rows as text below one header, and what lies between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.errors import Fault, FeedError

MOST_BYTES = 2_000_000_000  # of a file, and of what it opens to
MOST_TITLES = 50  # rows above a header
Record = tuple[int, list[str]]  # a row's line and its cells


@dataclass(frozen=True)
class RawRows:
    """`text`: one str column per header, indexed by line; `refused`: line → rule; `physical`: rows in the bytes.

    `layout`: rows that are no data (titles, headers again, totals); `origin`: day 0 of a workbook's date numbers,
    whose dates come in ISO form, None where the file is no workbook.
    """

    header: list[str]
    text: pd.DataFrame
    refused: dict[int, str]
    physical: int
    layout: int = 0
    origin: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """The rows that were read."""
        return len(self.text) + len(self.refused) + self.layout


@dataclass(frozen=True)
class Layout:
    """A sheet's rows told apart: the `header`, the `rows` of data, and how many are `titles` or headers again."""

    header: list[str]
    rows: list[Record]
    titles: int
    again: int


def laid_out(records: list[Record], wanted: Iterable[str]) -> Layout:
    """The header is the first row that holds most of the columns wanted; the first row of all where none does."""
    names = [(line, [cell.strip() for cell in cells]) for line, cells in records[: MOST_TITLES + 1]]
    asked = set(wanted)
    at = next((i for i, (_, cells) in enumerate(names) if 2 * len(asked & set(cells)) > len(asked)), 0)
    header = names[at][1]
    below = records[at + 1 :]
    rows = [(line, cells) for line, cells in below if not _repeats(header, cells)]
    return Layout(header, rows, at, len(below) - len(rows))


def _repeats(header: list[str], cells: list[str]) -> bool:
    """True where a row is the header again; most rows differ in their first cell."""
    return bool(cells) and cells[0].strip() == header[0] and [cell.strip() for cell in cells] == header


def frame(header: list[str], rows: list[Record]) -> pd.DataFrame:
    """The rows as text, indexed by line."""
    lines = pd.Index([line for line, _ in rows], name="line", dtype="int64")
    return pd.DataFrame([cells for _, cells in rows], columns=pd.Index(header), index=lines, dtype="str")


def refuse(shown: str, place: str, message: str) -> FeedError:
    """The error that refuses a file whole."""
    return FeedError(Fault(shown, place, message))
