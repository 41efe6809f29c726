"""What the XML of a workbook says of itself: sheets, rows that are not blank, errors in cells. No reader's code."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from bsc_analysis.feeds.raw import MOST_BYTES, refuse

BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of Excel
BAD_XML = (ElementTree.ParseError, expat.ExpatError, LookupError, ValueError)
DAMAGED = (BadZipFile, zlib.error, EOFError, NotImplementedError, *BAD_XML)


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
        tally = _Tally(frozenset(_blank_strings(book)))
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = tally.opens, tally.closes
        parser.CharacterDataHandler = tally.writes
        with book.open(_sheets(book)[sheet]) as stream:
            parser.ParseFile(stream)
        return tally.counted(_origin(book))


class _Tally:
    """Goes through a sheet's XML, element by element; a tree of it would take gigabytes."""

    def __init__(self, blank: frozenset[int]):
        self.blank = blank  # the shared strings that hold nothing
        self.rows = self.line = self.column = 0
        self.holds = self.inside = False
        self.kind: str | None = None
        self.text: list[str] = []
        self.lines: list[int] = []
        self.columns: set[int] = set()
        self.errors: dict[int, dict[int, str]] = {}

    def opens(self, name: str, told: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self.line, self.column, self.holds = int(told.get("r") or self.line + 1), 0, False
            case "c":
                self.column = self._place(told["r"]) if "r" in told else self.column + 1
                self.kind, self.text = told.get("t"), []
            case "v" | "t":
                self.inside = True
                self.columns.add(self.column)
                if not self.lines or self.lines[-1] != self.line:
                    self.lines.append(self.line)

    def writes(self, data: str) -> None:
        if self.inside:
            self.text.append(data)

    def closes(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v" | "t":
                self.inside = False
            case "c" if self.text:
                self._cell("".join(self.text))
            case "row":
                self.rows += self.holds

    def _place(self, reference: str) -> int:
        """The column of a cell. Raises ValueError where it says to stand in another row: readers differ on it."""
        letters = reference.rstrip("0123456789")
        if reference[len(letters) :] not in ("", str(self.line)) or not 0 < self.line <= MOST_ROWS:
            raise ValueError(reference)
        return _column(letters)

    def _cell(self, value: str) -> None:
        if self.kind == "e":
            self.errors.setdefault(self.line, {})[self.column] = value
        if value.strip() and not (self.kind == "s" and self.blank and int(value) in self.blank):
            self.holds = True

    def counted(self, origin: str) -> Counted:
        if not self.columns:
            return Counted(0, 0, {}, origin, 1)
        first = min(self.columns)
        span = (max(self.lines) - min(self.lines) + 1) * (max(self.columns) - first + 1)
        return Counted(self.rows, span, self.errors, origin, first)


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


def _written(string: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in string.iter() if _local(part) == "t")


@cache
def _column(letters: str) -> int:
    """The number of a column: B is 2. Raises ValueError where Excel has no such column."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if not letters.isupper() or not 0 < number <= MOST_COLUMNS:
        raise ValueError(letters)
    return number


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
