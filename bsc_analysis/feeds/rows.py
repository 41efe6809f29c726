"""Rows of a CSV or Parquet file as text, each with its line; rows that cannot be told apart are set aside."""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bsc_analysis.errors import Fault, FeedError, did_you_mean

MOST_BYTES = 2_000_000_000
MOST_FIELD = 100_000  # characters in one field


@dataclass(frozen=True)
class RawRows:
    """`text`: one str column per header, indexed by line; `refused`: line → rule; `physical`: rows in the bytes."""

    header: list[str]
    text: pd.DataFrame
    refused: dict[int, str]
    physical: int


def read_rows(path: Path, shown: str, final_line_end: str = "expected") -> RawRows:
    """The rows of `path` as text, nothing converted: ids keep their zeros, 'NA' stays 'NA'.

    Raises FeedError where the file as a whole cannot be trusted: not UTF-8, an unclosed quote, no header, too big,
    or fewer or more rows read than its bytes hold.
    """
    if path.stat().st_size > MOST_BYTES:
        raise _refuse(shown, "size", f"is larger than {MOST_BYTES / 1e9:g} GB")
    rows = _parquet(path, shown) if path.suffix.lower() == ".parquet" else _csv(path, shown, final_line_end)
    repeated = [str(i) for i, name in enumerate(rows.header, start=1) if rows.header.count(name) > 1]
    if repeated:  # by place: where the header is lost, this is a patient's row
        raise _refuse(shown, "header", f"gives the same name twice, in columns {', '.join(repeated)}; rename one")
    if len(rows.text) + len(rows.refused) != rows.physical:
        seen = len(rows.text) + len(rows.refused)
        hint = _stray_quote(path) if path.suffix.lower() != ".parquet" else ""
        raise _refuse(
            shown,
            "rows",
            f"its bytes hold {rows.physical:,} rows, {seen:,} were read; it is refused whole.{hint}",
        )
    return rows


def require_columns(rows: RawRows, wanted: dict[str, str], shown: str, place: Callable[[str], str | None]) -> list[str]:
    """The columns of the file that nobody asked for; `place` tells where params declare one of ours, if they do.

    Raises FeedError naming every wanted column that is missing, with found and expected.
    """
    missing = {ours: theirs for ours, theirs in wanted.items() if theirs not in rows.header}
    if len(missing) == len(wanted):  # not even one: it may be a patient's row, so it is not shown
        expected = ", ".join(wanted.values())
        raise _refuse(shown, "header", f"has none of the columns expected ({expected}); is the first line the header?")
    if missing:
        found = ", ".join(rows.header)
        raise FeedError(
            *(
                Fault(
                    shown,
                    f"column {theirs}",
                    f"is not in the file.{did_you_mean(theirs, rows.header)} Expected for {ours}; found {found}. "
                    + " or ".join(filter(None, ["Correct the export", place(ours)])),
                )
                for ours, theirs in missing.items()
            )
        )
    return [name for name in rows.header if name not in wanted.values()]


def count_lines(data: bytes) -> int:
    """Non-blank lines in the bytes, line ends inside quotes not counting: shares nothing with the reader."""
    outside = re.sub(rb'"[^"]*"', b"q", data.removeprefix(codecs.BOM_UTF8))
    return sum(1 for line in re.split(rb"\r\n|\n|\r", outside) if line.strip())


def _stray_quote(path: Path) -> str:
    """Where to look when quotes make two readers disagree."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.count(b'"') % 2:
            return f" Line {number} holds a stray quote: write it twice, or quote the whole field"
    return ""


def _csv(path: Path, shown: str, final_line_end: str) -> RawRows:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _refuse(shown, "file", f"cannot be read ({error.strerror})") from None
    if b"\x00" in data:
        raise _refuse(shown, "encoding", "holds zero bytes; save it as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\n|\r", data[: error.start])) + 1
        raise _refuse(shown, f"line {line}", "is not UTF-8; save the export as CSV UTF-8") from None
    csv.field_size_limit(MOST_FIELD)
    lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)
    reader = csv.reader(lines, strict=True)
    records: list[list[str]] = []
    numbers: list[int] = []
    refused: dict[int, str] = {}
    header: list[str] = []
    start = 1
    try:
        for record in reader:
            line, start = start, reader.line_num + 1
            written = "".join(lines[line - 1 : reader.line_num])
            if not written.strip(string.whitespace):
                continue  # a blank line
            if not header:
                header = [name.strip() for name in record]
            elif len(record) != len(header):
                refused[line] = f"has {len(record)} of {len(header)} fields"
            elif final_line_end == "expected" and not written.endswith(("\n", "\r")):
                refused[line] = "the file ends within its last row: cut short, or set final_line_end: optional"
            else:
                records.append(record)
                numbers.append(line)
    except csv.Error as error:
        what = "opens a quote that is never closed" if "unexpected end" in str(error) else f"is not CSV: {error}"
        raise _refuse(shown, f"line {start}", what) from None
    if not header:
        raise _refuse(shown, "header", "the file is empty")
    frame = pd.DataFrame(records, columns=pd.Index(header), index=pd.Index(numbers, name="line"), dtype="str")
    return RawRows(header, frame, refused, count_lines(data) - 1)


def _parquet(path: Path, shown: str) -> RawRows:
    try:
        physical = pq.ParquetFile(path).metadata.num_rows
        table = pq.read_table(path)
        columns = {
            name: _as_text(table.column(name)).fill_null("").to_pandas().astype("str")
            for name, kind in zip(table.column_names, table.schema.types, strict=True)
            if not pa.types.is_nested(kind) and "binary" not in str(kind)
        }
    except (pa.ArrowException, OSError) as error:
        raise _refuse(shown, "file", f"is not a Parquet file that can be read ({type(error).__name__})") from None
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(table))).set_axis(
        pd.RangeIndex(1, len(table) + 1, name="line")
    )
    return RawRows(list(frame.columns), frame, {}, physical)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column as text; whole numbers kept as floats (ids beside a missing one) without '.0' or an exponent."""
    if pa.types.is_floating(column.type):
        with contextlib.suppress(pa.ArrowInvalid):  # not whole: amounts
            return column.cast(pa.int64()).cast(pa.string())
    return column.cast(pa.string())


def _refuse(shown: str, place: str, message: str) -> FeedError:
    return FeedError(Fault(shown, place, message))
