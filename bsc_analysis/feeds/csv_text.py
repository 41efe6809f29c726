"""CSV into rows of text. Rows are counted a second time, on the bytes, by code that shares nothing with the reader."""

from __future__ import annotations

import codecs
import csv
import re
import string
from collections.abc import Iterable
from pathlib import Path

from bsc_analysis.feeds.raw import RawRows, Record, laid_out, named, refuse
from bsc_analysis.params.feed_models import FileFormat

MOST_FIELD = 100_000  # characters in one field
WORKBOOK, COMPRESSED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), b"\x1f\x8b"
CUT = "the file ends within its last row: cut short, or set final_line_end: optional"


def read_csv(path: Path, shown: str, form: FileFormat, wanted: Iterable[str]) -> RawRows:
    """The rows of a CSV; rows of another length than the header are refused by line, columns without a name left out.

    Raises FeedError where the bytes are not in the encoding, a quote is never closed, or there is no header.
    """
    data = path.read_bytes()
    text, warnings = decoded(data, form.encoding, shown)
    records, cut = _records(text, form.delimiter, shown)
    if not records:
        raise refuse(shown, "header", "the file is empty")
    found = laid_out(records, wanted, shown)
    refused: dict[int, str] = {}
    rows: list[Record] = []
    for line, cells in found.rows:
        if len(cells) != len(found.header):
            refused[line] = f"has {len(cells)} of {len(found.header)} fields"
        elif line == cut and form.final_line_end == "expected":
            refused[line] = CUT
        else:
            rows.append((line, cells))
    physical = count_lines(text.encode() if form.encoding == "utf-16" else data) - 1
    header, table, nameless = named(found.header, rows, shown)
    return RawRows(header, table, refused, physical, found.titles + found.again, warnings=(*warnings, *nameless))


def count_lines(data: bytes) -> int:
    """Non-blank lines in the bytes, line ends inside quotes not counting: shares nothing with the reader."""
    outside = re.sub(rb'"[^"]*"', b"q", data.removeprefix(codecs.BOM_UTF8))
    return sum(1 for line in re.split(rb"\r\n|\n|\r", outside) if line.strip())


def stray_quote(data: bytes) -> str:
    """Where to look when quotes make two readers disagree."""
    for number, line in enumerate(data.splitlines(), start=1):
        if line.count(b'"') % 2:
            return f" Line {number} holds a stray quote: write it twice, or quote the whole field"
    return ""


def decoded(data: bytes, encoding: str, shown: str) -> tuple[str, tuple[str, ...]]:
    """The text, and a warning where it is not UTF-8 but in the encoding declared.

    Raises FeedError where it is in neither.
    """
    if data.startswith((*WORKBOOK, COMPRESSED)):
        what = "is compressed; unpack it" if data.startswith(COMPRESSED) else "is a workbook; let its name end in .xlsx"
        raise refuse(shown, "encoding", what)
    zeros = b"\x00" in data
    if zeros and encoding != "utf-16":
        raise refuse(shown, "encoding", "holds zero bytes; save it as CSV in UTF-8, or declare encoding: utf-16")
    try:
        if not zeros:
            return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            line = len(re.findall(rb"\r\n|\n|\r", data[: error.start])) + 1
            mend = "save the export as CSV UTF-8, or declare its encoding"
            raise refuse(shown, f"line {line}", f"is not UTF-8; {mend}") from None
    try:
        return data.decode(encoding), (f"{shown}: read as {encoding}, as declared; it is not UTF-8",)
    except UnicodeDecodeError:
        raise refuse(shown, "encoding", f"is neither UTF-8 nor {encoding}; declare the encoding it has") from None


def _records(text: str, delimiter: str, shown: str) -> tuple[list[Record], int]:
    """The rows that are not blank, and the line of the last one where no line end follows it, else 0."""
    csv.field_size_limit(MOST_FIELD)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records: list[Record] = []
    start, cut = 1, 0
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            written = "".join(lines[line - 1 : reader.line_num])
            if written.strip(string.whitespace):
                records.append((line, cells))
                cut = 0 if written.endswith(("\n", "\r")) else line
    except csv.Error as error:
        what = "opens a quote that is never closed" if "unexpected end" in str(error) else f"is not CSV: {error}"
        raise refuse(shown, f"line {start}", what) from None
    return records, cut
