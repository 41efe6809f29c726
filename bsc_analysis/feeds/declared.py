"""What params declare of a canonical table's files, of clocks and of opening hours: every fault of a name or a form."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from datetime import date

from bsc_analysis.errors import Fault, did_you_mean
from bsc_analysis.feeds.clock import EXCEL_SERIAL, is_date_format
from bsc_analysis.feeds.columns import allowed, is_allowed_text
from bsc_analysis.feeds.file_date import FORMS, is_file_date
from bsc_analysis.feeds.opening import spans
from bsc_analysis.params.feed_models import TableFile
from bsc_analysis.params.models import Premises
from bsc_analysis.tables import EXPORTED, Column, Table

DATES = ("date", "time")


def file_faults(file: str, place: str, spec: TableFile, zone_known: bool) -> Iterable[Fault]:
    """The faults of one feed; `zone_known`: whether the practices it serves have a time zone."""
    tables = {t.name: t for t in EXPORTED}
    table = tables.get(spec.table)
    if table is None:
        message = f"is {spec.table!r}.{did_you_mean(spec.table, tables)} ({', '.join(tables)})"
        yield Fault(file, f"{place}.table", message)
        return
    if spec.columns:
        yield from _columns(file, place, spec, table)
    else:
        yield from _of_template(file, place, spec)
    yield from _values(file, f"{place}.values", spec, table)
    kinds = next((c.allowed for c in table.columns if c.name == table.signed_by), ())
    for name in spec.negative:
        if name not in kinds:
            message = f"is no {table.signed_by or 'kind of amount'} of {table.name}.{did_you_mean(name, kinds)}"
            yield Fault(file, f"{place}.negative {name}", message)
    if spec.date_format and spec.date_format != EXCEL_SERIAL and not is_date_format(spec.date_format):
        message = f"is {spec.date_format!r}; write day, month and year as in strftime, such as %d/%m/%Y"
        yield Fault(file, f"{place}.date_format", message)
    if spec.time_zone:
        yield from _zone(file, f"{place}.time_zone", spec.time_zone)
        if not zone_known:
            yield Fault(file, f"{place}.time_zone", "needs the practice's own time_zone, in group.yaml or its own file")


def premises_faults(file: str, premises: Premises) -> Iterable[Fault]:
    """The faults of a time zone and an opening calendar."""
    if premises.time_zone:
        yield from _zone(file, "time_zone", premises.time_zone)
    if premises.opening:
        for day, written in premises.opening.hours.items():
            try:
                spans(written)
            except ValueError:
                message = f"is {written!r}; write times of the day in order, such as '08:00-12:00, 13:00-17:00'"
                yield Fault(file, f"opening.hours.{day}", message)
        for i, written in enumerate(premises.opening.closed):
            try:
                date.fromisoformat(written)
            except ValueError:
                yield Fault(file, f"opening.closed[{i}]", f"is {written!r}, which no calendar has")


def _of_template(file: str, place: str, spec: TableFile) -> Iterable[Fault]:
    """What the columns of a filled-in template leave no room for."""
    for name in ("totals", "months", "from_file_name"):
        if getattr(spec, name):
            message = "needs columns; without them the file is read as a template of ours (bsc template) was filled in"
            yield Fault(file, f"{place}.{name}", message)


def _columns(file: str, place: str, spec: TableFile, table: Table) -> Iterable[Fault]:
    """Ours that do not exist, are missing, or are told twice."""
    kinds = {"practice": "id"} | {c.name: c.kind for c in table.columns}
    told = [(f"columns.{name}", name, "") for name in spec.columns]
    told += [(f"from_file_name.{name}", name, "date") for name in spec.from_file_name]
    if spec.months:
        told += [("months.into", spec.months.into, "date"), ("months.values", spec.months.values, "amount")]
        if not is_date_format(spec.months.form):
            message = f"is {spec.months.form!r}; write month and year as in strftime, such as '%b %Y'"
            yield Fault(file, f"{place}.months.form", message)
    seen: set[str] = set()
    for where, name, kind in told:
        if name not in kinds:
            yield Fault(file, f"{place}.{where}", f"is not a column of {table.name}.{did_you_mean(name, kinds)}")
        elif name in seen:
            yield Fault(file, f"{place}.{where}", f"gives {name} a second time; name one source for it")
        elif (kind == "date" and kinds[name] not in DATES) or (kind == "amount" and kinds[name] != "amount"):
            yield Fault(file, f"{place}.{where}", f"fills {name}, which is no {kind}")
        seen.add(name)
    if spec.totals and not any(kinds.get(name) == "amount" for _, name, _ in told):
        yield Fault(file, f"{place}.totals", "has no column of amounts to check")
    for column in table.columns:
        if not column.blank and column.name not in seen:
            yield Fault(file, f"{place}.columns.{column.name}", f"is missing; {table.name} needs it")
    if "practice" not in spec.columns and "{practice}" not in spec.path:
        message = "covers the whole group, so name the column that holds the practice's id"
        yield Fault(file, f"{place}.columns.practice", message)
    for name, form in spec.from_file_name.items():
        if not is_file_date(form):
            message = f"is {form!r}; write it as in strftime with {', '.join(FORMS)}, such as %Y-%m-%d"
            yield Fault(file, f"{place}.from_file_name.{name}", message)


def _values(file: str, place: str, spec: TableFile, table: Table) -> Iterable[Fault]:
    """Maps of columns that cannot have one, and targets that are none of ours."""
    columns = {c.name: c for c in table.columns}
    for name, words in spec.values.items():
        if name not in columns:
            yield Fault(file, f"{place}.{name}", f"is not a column of {table.name}.{did_you_mean(name, columns)}")
        elif columns[name].kind != "text" and not allowed(columns[name]):
            yield Fault(file, f"{place}.{name}", "may hold any value, so there is nothing to map")
        elif spec.columns and name not in spec.columns:
            yield Fault(file, f"{place}.{name}", f"maps a column that is not read; add {name} to columns")
        else:
            yield from _targets(file, f"{place}.{name}", words, columns[name])


def _targets(file: str, place: str, words: dict[str, str], column: Column) -> Iterable[Fault]:
    for theirs, ours in words.items():
        if column.kind != "text" and not is_allowed_text(ours, column):
            near = did_you_mean(ours, allowed(column))
            yield Fault(file, f"{place}.{theirs}", f"is {ours!r}.{near} ({', '.join(allowed(column))})")


def _zone(file: str, place: str, zone: str) -> Iterable[Fault]:
    known = zoneinfo.available_timezones()
    if zone not in known:
        message = f"is {zone!r}; write an IANA name such as America/New_York.{did_you_mean(zone, known)}"
        yield Fault(file, place, message)
