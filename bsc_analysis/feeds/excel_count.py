"""What the XML of a workbook says of itself: sheets, rows that are not blank, errors in cells. No reader's code."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from bsc_analysis.feeds.raw import MOST_BYTES, refuse

BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
DAMAGED = (BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Counted:
    """`rows` that hold anything, `cells` between the corners, `errors`: row → column → error, both from 1.

    `origin`: day 0 of the workbook's date numbers; `first_column` in use.
    """

    rows: int
    cells: int
    errors: dict[int, dict[int, str]]
    origin: str
    first_column: int


def sheets_of(path: Path, shown: str) -> list[str]:
    """The names of the sheets that hold cells. Raises FeedError where the file is damaged or opens to too much."""
    with _opened(path, shown) as book:
        return list(_sheets(book))


def count_rows(path: Path, shown: str, sheet: str) -> Counted:
    """What lies in the sheet. Raises FeedError where it is damaged."""
    with _opened(path, shown) as book:
        blank = set(_blank_strings(book))
        rows, last = 0, 0
        columns: set[int] = set()
        lines: set[int] = set()
        errors: dict[int, dict[int, str]] = {}
        for row in _elements(book, _sheets(book)[sheet], "row"):
            last = int(row.get("r") or last + 1)
            holds, column = False, 0
            for cell in row:
                column = _column(cell.get("r")) or column + 1
                value = _value(cell)
                if value:
                    columns.add(column)
                    lines.add(last)
                if cell.get("t") == "e" and value:
                    errors.setdefault(last, {})[column] = value
                holds |= bool(value.strip()) and not (cell.get("t") == "s" and int(value) in blank)
            rows += holds
        span = (max(lines) - min(lines) + 1) * (max(columns) - min(columns) + 1) if columns else 0
        return Counted(rows, span, errors, _origin(book), min(columns, default=1))


@contextmanager
def _opened(path: Path, shown: str) -> Iterator[ZipFile]:
    """The zip, once its opened size is known to be bearable."""
    try:
        with ZipFile(path) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_BYTES:
                raise refuse(shown, "size", f"opens to more than {MOST_BYTES / 1e9:g} GB")
            if any(part.flag_bits & 1 for part in book.infolist()):
                raise refuse(shown, "file", "is locked with a password; save it without one")
            if BOOK not in book.namelist():
                raise refuse(shown, "file", "is not an .xlsx workbook; open it in Excel and save it as .xlsx")
            yield book
    except DAMAGED as error:
        message = f"is cut short or damaged ({type(error).__name__}); export it again"
        raise refuse(shown, "file", message) from None


def _sheets(book: ZipFile) -> dict[str, str]:
    """Name → part of the zip, in the workbook's order; charts are no sheets of cells."""
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")
        for link in _elements(book, LINKS, "Relationship")
        if link.get("Type", "").endswith("/worksheet")
    }
    found = {}
    for sheet in _elements(book, BOOK, "sheet"):
        link = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        if link in links:
            found[sheet.get("name", "")] = links[link]
    return found


def _origin(book: ZipFile) -> str:
    for told in _elements(book, BOOK, "workbookPr"):
        if told.get("date1904") in ("1", "true"):
            return "1904-01-01"
    return "1899-12-30"  # Excel's 1900 is a leap year


def _blank_strings(book: ZipFile) -> Iterator[int]:
    """The numbers of the shared strings that hold nothing but space."""
    if STRINGS in book.namelist():
        for number, string in enumerate(_elements(book, STRINGS, "si")):
            if not _written(string).strip():
                yield number


def _elements(book: ZipFile, part: str, name: str) -> Iterator[ElementTree.Element]:
    """The elements called `name`, each dropped once it was seen."""
    with book.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if _local(element) == name:
                yield element
                element.clear()


def _value(cell: ElementTree.Element) -> str:
    """What the cell holds as written: text, or the number of a shared string."""
    for child in cell:
        if _local(child) == "v":
            return child.text or ""
        if _local(child) == "is":
            return _written(child)
    return ""


def _written(string: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in string.iter() if _local(part) == "t")


def _column(reference: str | None) -> int:
    """The column of B7 is 2; 0 where the cell does not say."""
    number = 0
    for letter in re.sub("[^A-Z]", "", reference or ""):
        number = number * 26 + ord(letter) - 64
    return number


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
