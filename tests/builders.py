"""Small groups made of text, and what came of them as text again, so that a test can be checked by eye."""

import io
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from textwrap import dedent

import pandas as pd
import xlsxwriter

from bsc_analysis.feeds import Context, Delivery, deliver
from bsc_analysis.params import Group, load_group
from bsc_analysis.params.feed_models import CmsAco, ReadingsFile, TableFile

VISITS = {"practice": "clinic", "visit_id": "visit", "patient_id": "mrn", "appointment_at": "at", "status": "status"}
LEDGER = {"practice": "clinic", "month": "month", "account": "account", "account_group": "group", "amount": "amount"}
ANSWERS = {
    "practice": "clinic",
    "survey": "survey",
    "respondent_id": "who",
    "question": "question",
    "answered_at": "on",
    "answer": "score",
}


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    """The files, each under its path; text is taken as it stands in the test, without its indentation."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else text(content).encode())


def text(block: str) -> str:
    """A text block of a test, without its first line end and its indentation."""
    return dedent(block.removeprefix("\n"))


def group(root: Path, params: dict[str, str], exports: dict[str, str | bytes] | None = None) -> Group:
    """The group g of the workspace `root`, its params and exports as given; `exports/` is its --data."""
    (root / "notebooks").mkdir(parents=True, exist_ok=True)
    write(root / "params" / "g", params)
    write(root / "exports" / "g", exports or {})
    return load_group("g", root, root / "exports")


def table_feed(table: str, columns: dict[str, str], path: str = "*.csv", **more) -> TableFile:
    return TableFile(kind="table_file", table=table, path=path, columns=columns, **more)


def visits(folder: Path, files, practices="ab", **more) -> Delivery:
    return read(folder, table_feed("visits", VISITS, **more), files, practices)


def ledger(folder: Path, files, practices="ab", **more) -> Delivery:
    return read(folder, table_feed("ledger", LEDGER, **more), files, practices)


def answers(folder: Path, files, practices="ab", **more) -> Delivery:
    return read(folder, table_feed("survey_answers", ANSWERS, **more), files, practices)


def readings(folder: Path, files, kpis=None, practices="ab", path="*.csv", **more) -> Delivery:
    spec = {"kind": "readings", "path": path, "practice": "clinic", "period": "period", "kpis": kpis}
    return read(folder, ReadingsFile.model_validate(spec | more), files, practices)


def aco(folder: Path, files, path="*.csv") -> Delivery:
    return read(folder, CmsAco(kind="cms_aco", path=path), files, practices=None)


def read(folder: Path, spec, files, practices="ab", practice="", premises=None) -> Delivery:
    """What a feed called `feed` delivers of `files` (one text: one file, in.csv); persons stay as they are."""
    write(folder, files if isinstance(files, dict) else {"in.csv": files})
    known = None if practices is None else frozenset(practices)
    return deliver(Context("feed", spec, folder, practice, known, lambda person: person, premises=premises or {}))


def rows(frame: pd.DataFrame, columns: str) -> list[str]:
    """The columns named, a row a line: missing is ~, midnight and a trailing .0 are left out."""
    return [" ".join(map(_cell, row)) for row in frame[columns.split()].itertuples(index=False)]


def counts(delivery: Delivery) -> str:
    """physical = used + quarantined + deduplicated (+ layout) over all files, after it was seen to hold for each."""
    for account in delivery.accounts:
        assert account.physical == account.used + account.quarantined + account.deduplicated + account.layout
    total = pd.DataFrame([asdict(a) for a in delivery.accounts]).sum(numeric_only=True)
    assert total.quarantined == len(delivery.refused)
    layout = f" + {total.layout}" if total.layout else ""
    return f"{total.physical} = {total.used} + {total.quarantined} + {total.deduplicated}{layout}"


def refusals(delivery: Delivery) -> list[str]:
    """file:line column: rule."""
    return [f"{r.file}:{r.line} {r.column}: {r.rule}" for r in delivery.refused.itertuples()]


def _cell(value: object) -> str:
    if pd.isna(value):
        return "~"
    return str(value).removesuffix(" 00:00:00").removesuffix(".0")


def workbook(*sheet: list, options: dict | None = None, **sheets: list) -> bytes:
    """An .xlsx of one sheet (rows of cells), or of several by name; dates and times are real ones, None is empty.

    A cell that begins with # is an error, as Excel shows it.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": False} | (options or {}))
    forms = {
        date: book.add_format({"num_format": "mm/dd/yy"}),
        datetime: book.add_format({"num_format": "m/d/yy h:mm"}),
    }
    for name, table in (sheets or {"Sheet1": sheet}).items():
        place = book.add_worksheet(name)
        for line, cells in enumerate(table):
            for column, value in enumerate(cells):
                if isinstance(value, str) and value.startswith("#"):
                    place.write_formula(line, column, "=NA()", None, value)
                elif isinstance(value, str):
                    place.write_string(line, column, value)
                elif isinstance(value, date):
                    place.write_datetime(line, column, value, forms[type(value)])
                elif value is not None:
                    place.write(line, column, value)
    book.close()
    return out.getvalue()
