"""What every reader of files hands on: rows as text below one header, and what lies between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from bsc_analysis.errors import Fault, FeedError

MOST_BYTES = 2_000_000_000  # of a file, and of what it opens to
MOST_TITLES = 50  # rows above a header
LEAST_DATA = 3  # cells that a row above the header fills if it is data
MOST_WIDE_TITLES = 3  # titles that fill most of the columns wanted, such as 'Printed on', a date, 'by', a name
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


def laid_out(records: list[Record], wanted: Iterable[str], shown: str) -> Layout:
    """The header is the first row that holds most of the columns wanted; the first row of all where none does.

    Raises FeedError where rows of data stand above the header, or a later header has other columns or another order:
    the rows there would be lost, or read under the wrong names.
    """
    names = [(line, [cell.strip() for cell in cells]) for line, cells in records[: MOST_TITLES + 1]]
    asked = set(wanted)
    at = next((i for i, (_, cells) in enumerate(names) if _names_most(asked, cells)), 0)
    line, header = names[at]
    _only_titles(names[:at], line, header, asked, shown)
    below = records[at + 1 :]
    rows = [(line, cells) for line, cells in below if not _repeats(header, cells)]
    if len(asked) > 1 and asked <= set(header):
        _one_header(rows, {*records[at][1], *asked}, asked, line, shown)
    return Layout(header, rows, at, len(below) - len(rows))


def _names_most(asked: set[str], cells: list[str]) -> bool:
    """True where a row holds most of the columns wanted."""
    return 2 * len(asked & set(cells)) > len(asked)


def _only_titles(above: list[Record], line: int, header: list[str], asked: set[str], shown: str) -> None:
    """Titles fill a few cells; data fill every column of the header, or row after row most of the columns wanted."""
    places = [i for i, name in enumerate(header) if name in asked]
    columns = max(sum(name != "" for name in header), LEAST_DATA)
    most = max(len(places) // 2 + 1, LEAST_DATA)
    full = [at for at, cells in above if sum(cell != "" for cell in cells) >= columns]
    partly = [at for at, cells in above if sum(cells[i] != "" for i in places if i < len(cells)) >= most]
    found = full or (partly if len(partly) > MOST_WIDE_TITLES else [])
    if found:
        message = f"holds data, but the header stands below it, in line {line}; move the header above all rows of data"
        raise refuse(shown, f"line {found[0]}", message)


def _one_header(rows: list[Record], marks: set[str], asked: set[str], line: int, shown: str) -> None:
    """`marks`: names as the header writes them; few rows of data hold any, so that only those are looked at."""
    for at, cells in rows:
        if not marks.isdisjoint(cells) and _names_most(asked, [cell.strip() for cell in cells]):
            message = f"is a header with other columns, or in another order, than that in line {line}"
            raise refuse(shown, f"line {at}", f"{message}; deliver the two parts as two files")


def _repeats(header: list[str], cells: list[str]) -> bool:
    """True where a row is the header again; most rows differ in their first cell."""
    return bool(cells) and cells[0].strip() == header[0] and [cell.strip() for cell in cells] == header


def frame(header: list[str], rows: list[Record]) -> pd.DataFrame:
    """The rows as text, indexed by line."""
    lines = pd.Index([line for line, _ in rows], name="line", dtype="int64")
    return pd.DataFrame([cells for _, cells in rows], columns=pd.Index(header), index=lines, dtype="str")


def named(
    header: list[str], rows: list[Record], shown: str, first: int = 1
) -> tuple[list[str], pd.DataFrame, tuple[str, ...]]:
    """The header and the rows without the columns that have no name, and a warning where one of those holds anything.

    `first`: the number of the first column.
    """
    table = frame([str(i) for i in range(len(header))], rows)
    kept = [i for i, name in enumerate(header) if name]
    filled = [i for i, name in enumerate(header) if not name and (table[str(i)].str.strip() != "").any()]
    names = [header[i] for i in kept]
    table = table[[str(i) for i in kept]].set_axis(names, axis=1)
    columns = ", ".join(str(i + first) for i in filled)
    return names, table, (f"{shown}: columns without a name, not used: {columns}",) if filled else ()


def refuse(shown: str, place: str, message: str) -> FeedError:
    """The error that refuses a file whole."""
    return FeedError(Fault(shown, place, message))
