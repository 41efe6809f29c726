"""A workbook to fill in: a sheet for each table, which checks what is typed, and one that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from bsc_analysis.feeds.clock import EARLIEST, LATEST, LONG_AGO
from bsc_analysis.tables import Column, Table

Explained = Sequence[tuple[str, str, str, str]]  # column, whether it is needed, what it holds, what it means

EXPLAINED = "how to fill in"
HEADINGS = ("sheet", "column", "needed", "holds", "means")
NOTES = (
    "Leave the first row of a sheet as it is. Columns that may be blank may be left out.",
    "Never write a patient's name, not even in a remark.",
    "An empty register says that nothing happened on the days that the sheet registers names for it.",
)
ROWS = 2_000  # in which cells are checked as they are typed
WRITTEN = datetime(2026, 1, 1)  # a workbook holds the time at which it was made; the same template has the same bytes
FORMS = {"id": "@", "person": "@", "text": "@", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm"}
MOST = 1e12  # of a number without limits


def as_book(sheets: Sequence[tuple[Table, Sequence[Column], Explained]]) -> bytes:
    """The workbook; `sheets`: each table with its columns, and with what is told of them."""
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": WRITTEN})
    bold = book.add_format({"bold": True})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
    words: list[tuple[str, ...]] = [HEADINGS]
    for table, columns, explained in sheets:
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, (column, told) in enumerate(zip(columns, explained, strict=True)):
            sheet.write_string(0, place, column.name, bold)
            sheet.set_column(place, place, max(14, len(column.name) + 2), forms.get(column.kind))
            sheet.data_validation(1, place, ROWS, place, _checked(column, *told[2:]))
        words += [(table.name, "", "", "", f"a row is {table.grain}"), *((table.name, *told) for told in explained)]
    sheet = book.add_worksheet(EXPLAINED)
    sheet.freeze_panes(1, 0)
    for line, cells in enumerate([*words, *((note,) for note in ("", *NOTES))]):
        for place, text in enumerate(cells):
            sheet.write_string(line, place, text, bold if line == 0 else None)
    sheet.set_column(0, 2, 20)
    sheet.set_column(3, 4, 70)
    book.close()
    return file.getvalue()


def _checked(column: Column, holds: str, means: str) -> dict:
    """How Excel checks a cell of the column, and what it says beside it."""
    told = {"input_title": column.name[:32], "input_message": (means or holds)[:255]}
    return told | {"error_message": holds[:255], "ignore_blank": True} | _rule(column)


def _rule(column: Column) -> dict:
    match column.kind:
        case "category":
            return {"validate": "list", "source": list(column.allowed)}
        case "flag":
            return {"validate": "list", "source": ["yes", "no"]}
        case "date" | "time":
            first = LONG_AGO if column.long_ago else EARLIEST
            ends = {"minimum": first.date(), "maximum": date(LATEST.year - 1, 12, 31)}
            return {"validate": "date", "criteria": "between", **ends}
        case "integer" | "amount":
            ends = {
                "minimum": -MOST if column.least is None else column.least,
                "maximum": MOST if column.most is None else column.most,
            }
            kind = "integer" if column.kind == "integer" else "decimal"
            return {"validate": kind, "criteria": "between", **ends}
        case _ if column.longest is not None:
            return {"validate": "length", "criteria": "<=", "value": column.longest}
    return {"validate": "any"}
