"""Excel workbooks (.xlsx, .xlsm) into rows of text: real dates in ISO form, numbers as their digits.

Rows are counted a second time from the XML, by code that shares nothing with the reader (`excel_count`).
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bsc_analysis.errors import did_you_mean
from bsc_analysis.feeds.excel_count import Counted, count_rows, sheets_of
from bsc_analysis.feeds.raw import RawRows, Record, laid_out, named, refuse
from bsc_analysis.params.feed_models import FileFormat

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
MOST_CELLS = 25_000_000  # between the first and the last cell in use: all of them are held at once
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, shown: str, form: FileFormat, wanted: list[str]) -> RawRows:
    """The rows of one sheet that are not blank; merged cells have their value in the first one only.

    Columns without a name are left out, with a warning where they hold anything. Raises FeedError where the file is
    no .xlsx or is damaged, encrypted or too big, or where it has several sheets and none is named.
    """
    _is_xlsx(path, shown)
    sheet = _sheet(sheets_of(path, shown), form.sheet, shown)
    counted = count_rows(path, shown, sheet)
    if counted.cells > MOST_CELLS:
        raise refuse(shown, "size", f"spans more than {MOST_CELLS:,} cells; delete what lies far outside the table")
    try:
        with CalamineWorkbook.from_path(path) as book:
            records = _records(book.get_sheet_by_name(sheet), counted, form.decimal)
    except CalamineError as error:
        raise refuse(shown, "file", f"is not a workbook that can be read ({type(error).__name__})") from None
    if not records:
        raise refuse(shown, "header", f"the sheet {sheet} is empty")
    found = laid_out(records, wanted, shown)
    header, table, warnings = named(found.header, found.rows, shown, counted.first_column)
    layout = found.titles + found.again
    return RawRows(header, table, {}, counted.rows - 1, layout, counted.origin, warnings)


def _is_xlsx(path: Path, shown: str) -> None:
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return
    if ENCRYPTED in data:
        raise refuse(shown, "file", "is locked with a password; save it without one")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse(shown, "file", "is a workbook of Excel 97–2003; save it as .xlsx")
    text = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<style", b"<script")):
        raise refuse(shown, "file", "is a web page by another name; open it in Excel and save it as .xlsx")
    raise refuse(shown, "file", "is not a workbook; if it is CSV, let its name end in .csv")


def _sheet(sheets: list[str], declared: str | None, shown: str) -> str:
    """The sheet to read."""
    names = ", ".join(sheets)
    if declared is None and len(sheets) == 1:
        return sheets[0]
    if declared is None:
        raise refuse(shown, "sheet", f"must be declared, because there are several: {names}")
    if declared not in sheets:
        raise refuse(
            shown, f"sheet {declared}", f"is not in the workbook.{did_you_mean(declared, sheets)} Found {names}"
        )
    return declared


def _records(sheet: CalamineSheet, counted: Counted, decimal: str) -> list[Record]:
    """The rows that are not blank, each with its row number in the sheet; calamine leaves errors blank."""
    top, left = sheet.start or (0, 0)
    records: list[Record] = []
    for line, values in enumerate(sheet.iter_rows(), start=top + 1):
        cells = [_text(value, decimal) for value in values]
        for column, error in counted.errors.get(line, {}).items():
            cells[column - 1 - left] = error
        if any(cell.strip() for cell in cells):
            records.append((line, cells))
    return records


def _text(value: object, decimal: str) -> str:
    """A cell as an export would write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f").replace(".", decimal)
        case datetime.datetime():
            return value.isoformat(" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
    return str(value)
