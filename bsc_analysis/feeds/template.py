"""Templates to fill in: an empty export of ours, made from a table's definition, so that what is filled in can be read.

A feed without `columns` reads a filled-in template: its columns bear our names.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.feeds.clock import EARLIEST, LATEST, LONG_AGO
from bsc_analysis.params.feed_models import TableFile
from bsc_analysis.tables import EXPORTED, Column, Table

EXPLAINED = "how to fill in"  # the second sheet of a workbook
HEADINGS = ("column", "needed", "holds", "means")
ROWS = 2_000  # of a workbook, in which cells are checked as they are typed
PRACTICE = Column("practice", "id", means="the practice's id, as its params file is called")
HOLDS = {
    "id": "text or a number",
    "person": "a number or text that stands for one person; replaced by a code when it is read, never a name",
    "text": "text",
    "flag": "yes or no",
    "integer": "a whole number",
    "amount": "a number",
    "date": "a day, as 2026-09-30",
    "time": "a day and time, as 2026-09-30 08:40",
}


def named(table: str) -> Table:
    """The table of this name.

    Raises UsageError, with the nearest name, where no export may fill one.
    """
    found = {t.name: t for t in EXPORTED}
    if table not in found:
        raise UsageError(f"{table!r} is not a table.{did_you_mean(table, found)}  It is one of: {', '.join(found)}")
    return found[table]


def columns_of(table: Table, group: bool = False) -> tuple[Column, ...]:
    """The columns of a template, in order; `group`: of one file for all practices, which are named in its first."""
    return (PRACTICE, *table.columns) if group else table.columns


def as_csv(table: Table, group: bool = False) -> str:
    """An empty CSV: its header."""
    return ",".join(column.name for column in columns_of(table, group)) + "\n"


def explained(table: Table, group: bool = False) -> list[tuple[str, str, str, str]]:
    """Each column with whether it is needed, what it holds and what it means: rows under HEADINGS."""
    return [
        (column.name, "may be blank" if column.blank else "needed", _holds(column), column.means)
        for column in columns_of(table, group)
    ]


def write(table: Table, path: Path, group: bool = False) -> None:
    """Writes an empty CSV or workbook (.xlsx), as the file's name ends.

    Raises UsageError where it ends otherwise, where a file of this name is there already, or where none can be written.
    """
    if path.exists():
        raise UsageError(f"{path} is there already and may be filled in; move it, or name another file with --to")
    if path.suffix not in (".csv", ".xlsx"):
        raise UsageError(f"{path} is to be a CSV or a workbook; let its name end in .csv or .xlsx")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path} cannot be written; there is no such folder")
    if path.suffix == ".csv":
        path.write_text(as_csv(table, group), encoding="utf-8")
    else:
        _write_workbook(table, path, group)


def _write_workbook(table: Table, path: Path, group: bool) -> None:
    """A sheet named after the table, which checks what is typed, and one that explains."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True})
        forms = {kind: book.add_format({"num_format": form}) for kind, form in _FORMS.items()}
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns_of(table, group)):
            sheet.write_string(0, place, column.name, bold)
            sheet.set_column(place, place, max(14, len(column.name) + 2), forms.get(column.kind))
            sheet.data_validation(1, place, ROWS, place, _checked(column))
        words = book.add_worksheet(EXPLAINED)
        for line, cells in enumerate([HEADINGS, *explained(table, group)]):
            for place, text in enumerate(cells):
                words.write_string(line, place, text, bold if line == 0 else None)
        words.set_column(0, 1, 20)
        words.set_column(2, 3, 70)


def filled_in(spec: TableFile, table: Table, header: list[str]) -> TableFile:
    """The feed with the columns of a filled-in template: all that are needed, and of the others those that it has."""
    columns = columns_of(table, group="{practice}" not in spec.path)
    return spec.model_copy(update={"columns": {c.name: c.name for c in columns if not c.blank or c.name in header}})


_FORMS = {"id": "@", "person": "@", "text": "@", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm"}


def _holds(column: Column) -> str:
    """What may stand in a cell of the column."""
    if column.allowed:
        return "one of: " + ", ".join(column.allowed)
    facts = [HOLDS[column.kind]]
    facts += [f"from {column.least:g}"] if column.least is not None else []
    facts += [f"up to {column.most:g}"] if column.most is not None else []
    facts += [f"at most {column.longest} characters"] if column.longest is not None else []
    facts += [f"not before {column.not_before}"] if column.not_before else []
    return ", ".join(facts)


def _checked(column: Column) -> dict:
    """How Excel checks a cell of the column, and what it says beside it."""
    told = {"input_title": column.name[:32], "input_message": (column.means or _holds(column))[:255]}
    return told | {"error_message": _holds(column)[:255], "ignore_blank": True} | _rule(column)


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
            least = -1e12 if column.least is None else column.least
            most = 1e12 if column.most is None else column.most
            kind = "integer" if column.kind == "integer" else "decimal"
            return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}
        case _ if column.longest is not None:
            return {"validate": "length", "criteria": "<=", "value": column.longest}
    return {"validate": "any"}
