"""The shapes of feeds in params files: how an export is written, and what of it becomes what of ours."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bsc_analysis.params.shapes import DELIMITER_FORM, Model, Name, PeriodText, Text


class FileFormat(Model):
    """How an export's file is written; CSV, Excel (.xlsx, .xlsm) or Parquet, as its name ends.

    `encoding`: what a CSV is written in where it is not UTF-8, which is always tried first; a warning tells when it
    was needed. `delimiter`: the character between a CSV's fields; a tab is "\\t". `decimal: ","`: amounts such as
    1.234,50 and 1234,5. `sheet`: the sheet of a workbook; without it the only one. `final_line_end: optional` keeps a
    CSV's last row without a line end, which is otherwise taken for a file cut short.
    """

    encoding: Literal["utf-8", "utf-16", "cp1252", "cp850", "cp437", "mac-roman"] = "utf-8"
    delimiter: Annotated[str, StringConstraints(pattern=DELIMITER_FORM)] = ","
    decimal: Literal[".", ","] = "."
    sheet: Text | None = None
    final_line_end: Literal["expected", "optional"] = "expected"


class Totals(Model):
    """Rows that begin so in `column` (an export's, in any case) are totals: dropped, counted, and checked.

    In every column of amounts a total must be the sum of the rows since one of the totals above it, or of all.
    """

    column: Text
    begins: Annotated[list[Text], Field(min_length=1)]


class Months(Model):
    """Columns whose header is a month, written as `form` (strftime), become rows: the month in our column `into`,
    the cell in our column `values`. A blank cell is no row."""

    form: Text
    into: Name
    values: Name


class TableFile(FileFormat):
    """Rows of a canonical table; `columns` maps ours to the export's. Without it the file is a template of ours that
    was filled in (bsc template): its columns bear our names, and a workbook's sheet that of the table.

    `{practice}` in `path` stands for the practice's id; when `columns` has `practice`, the file covers the group.
    `date_format` as in strftime, or excel_serial for days since 1900 as plain numbers; without it ISO 8601.
    `time_zone`: where the clock hung that wrote the export's times; without it that of the practice.
    `values`: our column → what the export writes → our value; what is neither mapped nor ours is quarantined, and
    more than 1 % of it refuses the file. Free text that is not mapped stays: a roster's roles may become those of
    the registers, and a queue or provider group the team or role whose work it is.
    `totals`, `months`: rows that add up others, and months as columns.
    `from_file_name`: our date column → how its date is written in the file's name, such as "%Y-%m-%d".
    `negative`: kinds of postings, or account groups, whose amounts the export writes with a minus.
    `same_key: last_file`: of two rows with one key that of the file whose name sorts last holds, as in exports that
    begin anew each month; refuse quarantines both.
    """

    kind: Literal["table_file"]
    table: Name
    path: Text
    columns: dict[str, Text] = {}
    required: bool = False
    date_format: Text | None = None
    time_zone: Text | None = None
    values: dict[str, dict[Text, Text]] = {}
    totals: Totals | None = None
    months: Months | None = None
    from_file_name: dict[str, Text] = {}
    negative: list[Text] = []
    same_key: Literal["refuse", "last_file"] = "refuse"


class ReadingColumns(Model):
    """The columns of one KPI in a wide table; `times` brings `value` to the KPI's unit (100: share to %)."""

    numerator: Text | None = None
    denominator: Text | None = None
    value: Text | None = None
    n: Text | None = None
    times: float = 1.0


class ReadingsFile(FileFormat):
    """Ready-made readings: one row per practice and period with a column (or several) per KPI in `kpis`, or,
    without `kpis`, one row per practice, KPI and period with columns kpi, numerator, denominator, value, n.

    `title`: the column that calls the practice by name in that period, for groups whose practices a feed names.
    `until`: the last period taken; later rows are set aside, because there another feed has the word.
    """

    kind: Literal["readings"]
    path: Text
    practice: Text
    period: Text
    title: Text | None = None
    kpis: dict[str, ReadingColumns] | None = None
    until: PeriodText | None = None
    required: bool = False


class CmsAco(Model):
    """CMS's yearly Performance Year Financial and Quality Results; the year stands in the file's name."""

    kind: Literal["cms_aco"]
    path: Text
    required: bool = True


Feed = Annotated[TableFile | ReadingsFile | CmsAco, Field(discriminator="kind")]
