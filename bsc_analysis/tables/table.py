"""What a canonical table is: its columns, its key, and what its rows' dates stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "person", "text", "category", "flag", "integer", "amount", "date", "time"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its kind, whether a row may lack it, and what it may hold.

    `means` explains it to who fills in the table's template. `longest`: the most characters of a text; free text is
    kept short, and never names a patient.
    `made_of`: columns that go into a published number, wholly or in part, so that it moves when they do.
    """

    name: str
    kind: Kind
    blank: bool = False
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    not_before: str = ""  # a date column, before it in the table, that it may not precede
    long_ago: bool = False  # a date that may lie a working life back
    made_of: tuple[str, ...] = ()
    longest: int | None = None
    means: str = ""


@dataclass(frozen=True)
class Table:
    """A canonical table.

    `grain` says what a row is; `key` names a row uniquely within a practice; `at` is the column that tells how
    far a delivery reaches (rows whose `at_status` is not among `at_done` lie in the future and do not count);
    `person` is the column that names a person, for distinct counts.
    `dated`: what a row's date stands for, a day or the whole month or year that it names.
    `closing_days`: a period is complete when the data reach to within so many days of its end: no visits are
    booked on a long weekend, and the last survey answer of a month comes before its last day.
    `sparse`: a period without a row, between two with rows that lie less than a year apart, is one in which nothing
    happened; of other tables it is one whose rows are missing.
    `register`: kept by hand, a row when something happens. How far it is kept is said in the table `registers`: within
    those days a period without a row is one in which nothing happened, also before its first row and after its last.
    `signed_by`: the column that says which way a positive `amount` goes.
    `snapshot`: an export tells of one day, so that its dates say nothing about since when rows came.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    at: str
    closing_days: int
    person: str | None = None
    at_status: str | None = None
    at_done: tuple[str, ...] = ()
    dated: Literal["day", "month", "year"] = "day"
    sparse: bool = False
    register: bool = False
    snapshot: bool = False
    signed_by: str = ""
