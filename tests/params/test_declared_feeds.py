"""What params declare of files, clocks and doors: every slip with its place, what is allowed, and the nearest."""

import pytest

from bsc_analysis.check import faults_of
from bsc_analysis.errors import ParamsError
from bsc_analysis.params.models import Opening
from tests.builders import group

GROUP = """
    group: g
    title: The group
    grain: month
    time_zone: America/New_York
    opening:
      hours: {mon: "08:00-17:00", tue: "08:00-12:00, 13:00-17:00"}
      closed: ["2026-12-25"]
    kpis: {no_show_rate: }
    feeds:
      visits:
        kind: table_file
        table: visits
        path: "{practice}/visits.csv"
        encoding: cp1252
        delimiter: ";"
        date_format: "%d/%m/%Y %H:%M"
        time_zone: UTC
        columns: {visit_id: visit, patient_id: mrn, appointment_at: at, status: status, new_patient: new}
        values: {status: {NS: no_show, "N/S": no_show}, new_patient: {First: "yes"}}
      ledger:
        kind: table_file
        table: ledger
        path: "{practice}/profit.xlsx"
        sheet: P&L
        decimal: ","
        columns: {account: Account, account_group: Account}
        values: {account_group: {6100: rent}}
        months: {form: "%b %Y", into: month, values: amount}
        totals: {column: Account, begins: [Total]}
      roster:
        kind: table_file
        table: staff
        path: "{practice}/roster_*.csv"
        columns: {staff_id: id, hired_at: hired}
        from_file_name: {as_of: "%Y-%m-%d"}
        same_key: last_file
    """.replace("6100:", '"6100":')
A = "group: g\npractice: a\ntitle: Clinic a\n"


def faults(root, old="", new="", own=""):
    assert old in GROUP
    try:
        found = faults_of(group(root, {"group.yaml": GROUP.replace(old, new) if old else GROUP, "a.yaml": A + own}))
    except ParamsError as error:
        found = error.faults
    return [f"{f.file.removeprefix('params/g/')} {f.place}: {f.message}" for f in found]


def test_no_faults(tmp_path):
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "encoding: cp1252",
            "encoding: ansi",
            "feeds.visits.encoding (line 14): is 'ansi'; write utf-8, utf-16, cp1252, cp850, cp437 or mac-roman",
        ),
        (
            'delimiter: ";"',
            "delimiter: ';;'",
            "feeds.visits.delimiter (line 15): is ';;'; write one character, such as ';', or \"\\t\" for a tab",
        ),
        ("sheet: P&L", "shet: P&L", "feeds.ledger.shet (line 24): is not known here. Did you mean sheet?"),
        ('decimal: ","', 'decimal: ";"', "feeds.ledger.decimal (line 25): is ';'; write . or ,"),
        ("table: staff\n", "table: stuff\n", "is 'stuff'. Did you mean staff?"),
        (
            "time_zone: America/New_York",
            "time_zone: America/NewYork",
            "group.yaml time_zone: is 'America/NewYork'; write an IANA name such as America/New_York. Did you mean ",
        ),
        ("time_zone: UTC", "time_zone: UTCC", "feeds.visits.time_zone: is 'UTCC'; write an IANA name"),
        (
            "    time_zone: America/New_York\n",
            "",
            "feeds.visits.time_zone: needs the practice's own time_zone, in group.yaml or its own file",
        ),
        (
            'mon: "08:00-17:00"',
            'mon: "8-17"',
            "opening.hours.mon (line 6): is '8-17'; write hours such as '08:00-17:00' or '08:00-12:00, 13:00-17:00'",
        ),
        ('mon: "08:00-17:00"', 'mon: "17:00-08:00"', "opening.hours.mon: is '17:00-08:00'; write times of the day"),
        ('mon: "08:00-17:00"', 'mon: "08:00-25:00"', "opening.hours.mon: is '08:00-25:00'; write times of the day"),
        ('mon: "08:00-17:00"', 'mon: "08:70-17:00"', "opening.hours.mon: is '08:70-17:00'; write times of the day"),
        ("13:00-17:00", "11:00-17:00", "opening.hours.tue: is '08:00-12:00, 11:00-17:00'; write times of the day"),
        ('"2026-12-25"', '"2026-02-30"', "opening.closed[0]: is '2026-02-30', which no calendar has"),
        ("{mon:", "{Mon:", "opening.hours.Mon (line 6): is 'Mon'; write mon, tue, wed, thu, fri, sat or sun"),
        (
            "NS: no_show",
            "NS: noshow",
            "feeds.visits.values.status.NS: is 'noshow'. Did you mean no_show? (kept, no_show",
        ),
        (
            '"yes"',
            '"maybe"',
            "feeds.visits.values.new_patient.First: is 'maybe'. (0, 1, f, false, n, no, t, true, y, yes)",
        ),
        (
            '{"6100": rent}',
            "{6100: rent}",
            "feeds.ledger.values.account_group[6100] (line 27): is 6100, which YAML does not read as text",
        ),
        ('"yes"', "yes", "feeds.visits.values.new_patient.First (line 19): is yes, which YAML does not read as text"),
        ("{status: {NS", "{sttus: {NS", "feeds.visits.values.sttus: is not a column of visits. Did you mean status?"),
        (
            "{status: {NS",
            "{visit_id: {NS",
            "feeds.visits.values.visit_id: may hold any value, so there is nothing to map",
        ),
        (
            ", new_patient: new}",
            "}",
            "feeds.visits.values.new_patient: maps a column that is not read; add new_patient to columns",
        ),
        ("into: month", "into: moth", "feeds.ledger.months.into: is not a column of ledger. Did you mean month?"),
        (
            "into: month",
            "into: account",
            "feeds.ledger.months.into: gives account a second time; name one source for it",
        ),
        ("values: amount", "values: practice", "feeds.ledger.months.values: fills practice, which is no amount"),
        ('form: "%b %Y"', 'form: "%b"', "feeds.ledger.months.form: is '%b'; write month and year as in strftime"),
        (
            "decimal",
            "negative: [rnt]\n        decimal",
            "feeds.ledger.negative rnt: is no account_group of ledger. Did you mean rent?",
        ),
        ("begins: [Total]", "begins: []", "feeds.ledger.totals.begins (line 29): "),
        (
            "same_key: last_file",
            "totals: {column: id, begins: [Total]}",
            "feeds.roster.totals: has no column of amounts to check",
        ),
        ('"%Y-%m-%d"}', '"%H"}', "feeds.roster.from_file_name.as_of: is '%H'; write it as in strftime"),
        ("{as_of:", "{fte:", "feeds.roster.from_file_name.fte: fills fte, which is no date"),
        (
            "hired_at: hired}",
            "hired_at: hired, as_of: day}",
            "feeds.roster.from_file_name.as_of: gives as_of a second time; name one source for it",
        ),
        (
            "same_key: last_file",
            "same_key: last",
            "feeds.roster.same_key (line 36): is 'last'; write refuse or last_file",
        ),
    ],
)
def test_a_slip_is_told(tmp_path, old, new, expected):
    assert expected in "\n".join(faults(tmp_path, old, new))


def test_excel_serial_is_a_date_format(tmp_path):
    assert faults(tmp_path, '"%d/%m/%Y %H:%M"', "excel_serial") == []


def test_a_practice_has_the_groups_premises_or_its_own(tmp_path):
    own = 'time_zone: America/Denver\nopening: {hours: {wed: "09:00-10:00"}}\n'
    loaded = group(tmp_path, {"group.yaml": GROUP, "a.yaml": A + own, "b.yaml": A.replace(": a", ": b")})
    a, b = (loaded.practices[id].premises for id in "ab")
    assert (a.time_zone, a.opening) == ("America/Denver", Opening(hours={"wed": "09:00-10:00"}))
    assert (b.time_zone, b.opening) == (loaded.shared.time_zone, loaded.shared.opening)


def test_a_practices_own_slip_is_told_in_its_own_file(tmp_path):
    own = 'time_zone: Mars\nopening: {hours: {wed: "10:00-09:00"}}\n'
    assert [fault.split(":")[0] for fault in faults(tmp_path, own=own)] == [
        "a.yaml time_zone",
        "a.yaml opening.hours.wed",
    ]
