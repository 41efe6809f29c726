"""Templates to fill in: an empty export of ours, made from a table's definition, so that what is filled in can be read.

A feed without `columns` reads a filled-in template: its columns bear our names.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bsc_analysis.errors import CannotWrite, UsageError, did_you_mean
from bsc_analysis.feeds.template_book import as_book
from bsc_analysis.params.feed_models import TableFile
from bsc_analysis.tables import EXPORTED, KEPT, REGISTERS, SURVEY_ANSWERS, TRAININGS, Column, Table

ALL = "all"  # instead of a table's name: all that people write down
BY_HAND = (*KEPT, REGISTERS, SURVEY_ANSWERS, TRAININGS)
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


def named(name: str) -> tuple[Table, ...]:
    """The table of this name, or BY_HAND for ALL.

    Raises UsageError, with the nearest name, where no export may fill one.
    """
    found = {t.name: (t,) for t in EXPORTED} | {ALL: BY_HAND}
    if name not in found:
        raise UsageError(f"{name!r} is not a table.{did_you_mean(name, found)}  It is one of: {', '.join(found)}")
    return found[name]


def columns_of(table: Table, group: bool = False) -> tuple[Column, ...]:
    """The columns of a template, in order; `group`: of one file for all practices, which are named in its first."""
    return (PRACTICE, *table.columns) if group else table.columns


def as_csv(table: Table, group: bool = False) -> str:
    """An empty CSV: its header."""
    return ",".join(column.name for column in columns_of(table, group)) + "\n"


def explained(table: Table, group: bool = False) -> list[tuple[str, str, str, str]]:
    """Each column with whether it is needed, what it holds and what it means."""
    return [
        (column.name, "may be blank" if column.blank else "needed", holds(column), column.means)
        for column in columns_of(table, group)
    ]


def holds(column: Column) -> str:
    """What may stand in a cell of the column."""
    if column.allowed:
        return "one of: " + ", ".join(column.allowed)
    facts = [HOLDS[column.kind]]
    facts += [f"from {column.least:g}"] if column.least is not None else []
    facts += [f"up to {column.most:g}"] if column.most is not None else []
    facts += [f"at most {column.longest} characters"] if column.longest is not None else []
    facts += [f"not before {column.not_before}"] if column.not_before else []
    return ", ".join(facts)


def write(tables: Sequence[Table], path: Path, group: bool = False) -> None:
    """Writes empty templates: a workbook (.xlsx) with a sheet for each table, the CSV of one, or a folder of CSVs.

    Raises UsageError where the name fits none of them, or a file that may be filled in is there already, and
    CannotWrite where the disk refuses.
    """
    files = _files(tables, path)
    for file in files:
        if file.exists():
            raise UsageError(f"{file} is there already and may be filled in; move it, or name another place with --to")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path} cannot be written; there is no such folder")
    try:
        if path.suffix == ".xlsx":
            path.write_bytes(as_book([(t, columns_of(t, group), explained(t, group)) for t in tables]))
            return
        files[0].parent.mkdir(exist_ok=True)
        for table, file in zip(tables, files, strict=True):
            file.write_text(as_csv(table, group), encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror or type(error).__name__}") from None


def _files(tables: Sequence[Table], path: Path) -> list[Path]:
    """The files to write."""
    if path.suffix == ".xlsx":
        return [path]
    if path.suffix == ".csv" and len(tables) == 1:
        return [path]
    if path.suffix:
        raise UsageError(
            f"{path} is to be a workbook or a folder of CSVs; let its name end in .xlsx, or in nothing"
            if len(tables) > 1
            else f"{path} is to be a CSV or a workbook; let its name end in .csv or .xlsx"
        )
    return [path / f"{table.name}.csv" for table in tables]


def filled_in(spec: TableFile, table: Table, header: list[str]) -> TableFile:
    """The feed with the columns of a filled-in template: all that are needed, and of the others those that it has."""
    columns = columns_of(table, group="{practice}" not in spec.path)
    return spec.model_copy(update={"columns": {c.name: c.name for c in columns if not c.blank or c.name in header}})
