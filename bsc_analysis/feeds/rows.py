"""Rows of a CSV, Excel or Parquet file as text, each with its line; none goes astray between bytes and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from bsc_analysis.errors import Fault, FeedError, did_you_mean
from bsc_analysis.feeds.csv_text import MOST_FIELD, read_csv, stray_quote
from bsc_analysis.feeds.excel import WORKBOOKS, read_workbook
from bsc_analysis.feeds.parquet import read_parquet
from bsc_analysis.feeds.raw import MOST_BYTES, RawRows, refuse
from bsc_analysis.params.feed_models import FileFormat

PLAIN = FileFormat()


def read_rows(path: Path, shown: str, form: FileFormat = PLAIN, wanted: Iterable[str] = ()) -> RawRows:
    """The rows of `path` as text, nothing converted: ids keep their zeros, 'NA' stays 'NA'.

    `wanted`: the columns that tell a header from the titles above it. Raises FeedError where the file as a whole
    cannot be trusted: another encoding, an unclosed quote, no header, too big, or fewer or more rows read than its
    bytes hold.
    """
    ending, asked = path.suffix.lower(), list(wanted)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise refuse(shown, "size", f"is larger than {MOST_BYTES / 1e9:g} GB")
        if ending == ".parquet":
            rows = read_parquet(path, shown, form)
        elif ending in WORKBOOKS:
            rows = read_workbook(path, shown, form, asked)
        else:
            rows = read_csv(path, shown, form, asked)
    except OSError as error:
        raise refuse(shown, "file", f"cannot be read ({error.strerror or type(error).__name__})") from None
    rows = _sound_header(rows, asked, shown)
    _short_fields(rows, shown)
    if rows.seen != rows.physical:
        hint = stray_quote(path.read_bytes()) if ending != ".parquet" and ending not in WORKBOOKS else ""
        message = f"its bytes hold {rows.physical:,} rows, {rows.seen:,} were read; it is refused whole.{hint}"
        raise refuse(shown, "rows", message)
    return rows


def require_columns(rows: RawRows, wanted: dict[str, str], shown: str, place: Callable[[str], str | None]) -> list[str]:
    """The columns of the file that nobody asked for; `place` tells where params declare one of ours, if they do.

    Raises FeedError naming every wanted column that is missing, with found and expected.
    """
    missing = {ours: theirs for ours, theirs in wanted.items() if theirs not in rows.header}
    if len(missing) == len(wanted):  # not even one: it may be a patient's row, so it is not shown
        expected = ", ".join(dict.fromkeys(wanted.values()))
        alone = " Is the delimiter the one declared?" if len(rows.header) == 1 else ""
        message = f"has none of the columns expected ({expected}); is the first line the header?{alone}"
        raise refuse(shown, "header", message)
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
    return [name for name in dict.fromkeys(rows.header) if name not in wanted.values()]


def _sound_header(rows: RawRows, wanted: list[str], shown: str) -> RawRows:
    """The rows without the columns that share a name; nobody can tell which is meant, so none wanted may be among them.

    Where nothing is `wanted`, every column may be.
    """
    twice = {name for name in rows.header if rows.header.count(name) > 1}
    asked = twice & set(wanted) if wanted else twice
    repeated = [str(i) for i, name in enumerate(rows.header, start=1) if name in asked]
    if repeated:  # by place: where the header is lost, this is a patient's row
        raise refuse(shown, "header", f"gives the same name twice, in columns {', '.join(repeated)}; rename one")
    return replace(rows, text=rows.text.loc[:, ~rows.text.columns.isin(twice)]) if twice else rows


def _short_fields(rows: RawRows, shown: str) -> None:
    for name in rows.text:
        long = rows.text[name].str.len() > MOST_FIELD
        if long.any():
            message = f"holds a field of more than {MOST_FIELD:,} characters"
            raise refuse(shown, f"line {rows.text.index[long][0]}", message)
