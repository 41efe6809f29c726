"""The shapes of the params files, checked strictly: which KPIs, how much, since when; never a formula."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID_FORM = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"
Id = Annotated[str, StringConstraints(pattern=ID_FORM)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
PeriodText = Annotated[str, StringConstraints(pattern=r"^\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")]
DateText = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
DELIMITER_FORM = r'^[^"\r\n]$'
GrainName = Literal["month", "quarter", "year"]
Audience = Literal["leadership", "staff", "board", "external", "portfolio"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SPANS_FORM = r"^\d\d:\d\d-\d\d:\d\d(, ?\d\d:\d\d-\d\d:\d\d)*$"
Spans = Annotated[str, StringConstraints(pattern=SPANS_FORM)]


class Model(BaseModel):
    """Unknown keys are refused, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Perspective(Model):
    id: Name
    title: Text


class Target(Model):
    """A target and who set it: 'set by the practice', or a named benchmark."""

    value: float
    source: Text


PERSPECTIVES = (
    Perspective(id="financial", title="Financial"),
    Perspective(id="patients", title="Patients"),
    Perspective(id="processes", title="Processes"),
    Perspective(id="people", title="People"),
)


class KpiChoice(Model):
    """A KPI of the card. `perspective` moves it to another one than the house's."""

    target: Target | None = None
    owner: Text | None = None
    perspective: Name | None = None


class Link(Model):
    """A declared arrow: does `leading` move before `lagging`, within so many periods of the group's grain?"""

    leading: Name
    lagging: Name
    within: Annotated[int, Field(ge=1, le=24)]
    expect: Literal["positive", "negative"]
    least: Annotated[float, Field(gt=0)] | None = None
    because: Text
    declared: DateText


class Break(Model):
    """A documented change after which a KPI's history is not one series any more."""

    kpis: list[Name]
    at: PeriodText
    because: Text


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
    """Rows of a canonical table; `columns` maps ours to the export's.

    `{practice}` in `path` stands for the practice's id; when `columns` has `practice`, the file covers the group.
    `date_format` as in strftime, or excel_serial for days since 1900 as plain numbers; without it ISO 8601.
    `time_zone`: where the clock hung that wrote the export's times; without it that of the practice.
    `values`: our column → what the export writes → our value; what is neither mapped nor ours is quarantined, and
    more than 1 % of it refuses the file.
    `totals`, `months`: rows that add up others, and months as columns.
    `from_file_name`: our date column → how its date is written in the file's name, such as "%Y-%m-%d".
    `same_key: last_file`: of two rows with one key that of the file whose name sorts last holds, as in exports that
    begin anew each month; refuse quarantines both.
    """

    kind: Literal["table_file"]
    table: Name
    path: Text
    columns: dict[str, Text]
    required: bool = False
    date_format: Text | None = None
    time_zone: Text | None = None
    values: dict[str, dict[Text, Text]] = {}
    totals: Totals | None = None
    months: Months | None = None
    from_file_name: dict[str, Text] = {}
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


class FromFeed(Model):
    """The practices are those that a feed, or several of them, name in the period of the report."""

    from_feed: Name | list[Name]

    @property
    def feeds(self) -> list[str]:
        return [self.from_feed] if isinstance(self.from_feed, str) else self.from_feed


class Opening(Model):
    """When the doors are open: `hours` by weekday, such as mon: "08:00-12:00, 13:00-17:00" (other days none), but for
    the days `closed`, such as "2026-12-25"."""

    hours: dict[Weekday, Spans]
    closed: list[DateText] = []


class Premises(Model):
    """What clocks and doors tell: the time zone by its IANA name, such as America/New_York, and when it is open."""

    time_zone: Text | None = None
    opening: Opening | None = None


class GroupFile(Premises):
    """params/<group>/group.yaml: what the practices of a group share.

    `fiscal_year_start`: the month in which its year begins; 2026Q3 and 2026 are then fiscal, named by their year's end.
    """

    group: Id
    title: Text
    grain: GrainName
    report: GrainName | None = None
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    audience: Audience = "external"
    invented: bool = False
    note: Text | None = None
    practices: FromFeed | None = None
    perspectives: list[Perspective] = list(PERSPECTIVES)
    feeds: dict[Name, Feed]
    kpis: dict[str, KpiChoice | None]
    vital_signs: list[str] = []
    links: list[Link] = []
    breaks: list[Break] = []
    sections: list[str] | None = None


class PracticeFile(Premises):
    """params/<group>/<practice>.yaml: what differs. papermill reads it too, so `group` and `practice` are in it."""

    group: Id
    practice: Id
    title: Text
    specialty: Text | None = None
    feeds: dict[Name, Feed] = {}
    kpis: dict[str, KpiChoice | None] = {}
    links: list[Link] = []
    breaks: list[Break] = []
    sections: list[str] | None = None
