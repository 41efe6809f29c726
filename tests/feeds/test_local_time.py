"""Times on the practice's own clock: quarters end by it, spring skips an hour, and doors open by it."""

from datetime import date, datetime

import pandas as pd
import pytest

from bsc_analysis.params.models import Opening, Premises
from bsc_analysis.store import open_store
from tests.builders import VISITS, counts, group, read, refusals, rows, table_feed, visits, workbook

NEW_YORK = {"": Premises(time_zone="America/New_York")}
OWN_CLOCKS = {"a": "", "b": "time_zone: America/Los_Angeles\n"}
CALLS = {"call_id": "id", "started_at": "at", "outcome": "outcome"}


def at(folder, *written, premises=NEW_YORK, date_format=None, **more):
    """What each appointment is read as; ~ where its row is quarantined."""
    lines = [f"a,v{i},p,{w},kept\n" for i, w in enumerate(written)]
    spec = table_feed("visits", VISITS, date_format=date_format, **more)
    delivery = read(folder, spec, "clinic,visit,mrn,at,status\n" + "".join(lines), premises=premises)
    counts(delivery)
    found = delivery.rows.set_index("visit_id")["appointment_at"]
    return [str(found.get(f"v{i}", "~")).removesuffix(":00") for i in range(len(written))]


def test_a_quarter_ends_by_the_practices_clock(tmp_path):
    written = ["2026-10-01T02:30Z", "2026-10-01T04:30Z", "2026-09-30 22:30:00-04:00", "2026-10-01 03:00+0100"]
    assert at(tmp_path, *written) == [
        "2026-09-30 22:30",
        "2026-10-01 00:30",
        "2026-09-30 22:30",
        "2026-09-30 22:00",
    ]


def test_times_of_a_feed_are_brought_to_the_practices_clock(tmp_path):
    assert at(tmp_path, "2026-10-01 02:30", "2026-01-01 04:59:59", time_zone="UTC") == [
        "2026-09-30 22:30",
        "2025-12-31 23:59:59",
    ]
    assert at(tmp_path, "01.10.2026 02:30", time_zone="UTC", date_format="%d.%m.%Y %H:%M") == ["2026-09-30 22:30"]


def test_a_date_alone_is_a_day_of_any_zone(tmp_path):
    assert at(tmp_path, "2026-10-01", "2026-10", time_zone="Asia/Tokyo") == ["2026-10-01 00:00", "2026-10-01 00:00"]
    assert at(tmp_path, "01.10.2026", time_zone="Asia/Tokyo", date_format="%d.%m.%Y") == ["2026-10-01 00:00"]


def test_an_offset_is_read_only_where_the_practices_zone_is_known(tmp_path):
    assert at(tmp_path, "2026-10-01T02:30Z", "2026-10-01 02:30", premises={}) == ["~", "2026-10-01 02:30"]
    assert at(tmp_path, "2026-10-01 02:30", "2026-10-01", premises={}, time_zone="UTC") == ["~", "2026-10-01 00:00"]


def test_a_declared_form_reads_no_offsets(tmp_path):
    assert at(tmp_path, "2026-10-01T02:30Z", date_format="%d.%m.%Y %H:%M") == ["~"]


def test_an_hour_that_comes_twice_is_the_first_and_one_that_is_skipped_is_quarantined(tmp_path):
    assert at(tmp_path, "2026-11-01 05:30", "2026-11-01 06:30", time_zone="UTC") == ["2026-11-01 01:30"] * 2
    assert at(tmp_path, "2026-11-01 01:30", time_zone="America/New_York", premises={"": Premises(time_zone="UTC")}) == [
        "2026-11-01 05:30"
    ]
    assert at(tmp_path, "2026-03-08 02:30", "2026-03-08 03:30", "2026-11-01 01:30") == [
        "~",
        "2026-03-08 03:30",
        "2026-11-01 01:30",
    ]
    delivery = visits(tmp_path, "clinic,visit,mrn,at,status\na,v,p,2026-03-08 02:30,kept\n", time_zone="Europe/Berlin")
    assert counts(delivery) == "1 = 0 + 1 + 0"


def test_a_skipped_hour_is_told(tmp_path):
    spec = table_feed("visits", VISITS)
    content = "clinic,visit,mrn,at,status\na,v,p,2026-03-08 02:30,kept\n"
    assert refusals(read(tmp_path, spec, content, premises=NEW_YORK)) == [
        "in.csv:2 appointment_at: a time that the clocks of America/New_York skip"
    ]


@pytest.mark.parametrize("written", ["9999-12-31T23:59Z", "0001-01-01T00:00+14:00", "2049-12-31T23:59-12:00", "now"])
def test_times_beyond_reason_are_quarantined_and_never_a_crash(tmp_path, written):
    assert at(tmp_path, written, "2026-10-01T02:30Z", premises={"": Premises(time_zone="Asia/Tokyo")}) == [
        "~",
        "2026-10-01 11:30",
    ]


def test_each_practice_of_a_shared_file_has_its_own_clock(tmp_path):
    content = "clinic,visit,mrn,at,status\n" + "".join(f"{p},v,p,2026-10-01T05:30Z,kept\n" for p in "abc")
    premises = NEW_YORK | {"b": Premises(time_zone="America/Los_Angeles"), "c": Premises()}
    delivery = read(tmp_path, table_feed("visits", VISITS), content, "abc", premises=premises)
    assert rows(delivery.rows, "practice appointment_at") == ["a 2026-10-01 01:30:00", "b 2026-09-30 22:30:00"]
    assert delivery.refused["practice"].tolist() == ["c"]


def test_midnight_in_a_workbook_is_a_time_where_the_column_has_times(tmp_path):
    header = list(VISITS.values())
    sheet = [["a", "v1", "p", date(2026, 10, 1), "kept"], ["a", "v2", "p", datetime(2026, 10, 1, 8), "kept"]]
    spec = table_feed("visits", VISITS, path="*.xlsx", time_zone="UTC")
    delivery = read(tmp_path, spec, {"in.xlsx": workbook(header, *sheet)}, premises=NEW_YORK)
    assert rows(delivery.rows, "appointment_at") == ["2026-09-30 20:00:00", "2026-10-01 04:00:00"]


def test_the_clocks_of_the_params_reach_the_store(tmp_path, monkeypatch):
    monkeypatch.delenv("BSC_KEY_G", raising=False)
    shared = """
        group: g
        title: G
        grain: month
        kpis: {no_show_rate: }
        time_zone: America/New_York
        feeds:
          all: {kind: table_file, table: visits, path: all.csv, columns: COLUMNS}
        """.replace("COLUMNS", str(VISITS).replace("'", ""))
    params = {f"{p}.yaml": f"group: g\npractice: {p}\ntitle: {p}\n{own}" for p, own in OWN_CLOCKS.items()}
    lines = "".join(f"{p},v,p,2026-10-01T05:30Z,kept\n" for p in "ab")
    made = group(tmp_path, {"group.yaml": shared} | params, {"all.csv": "clinic,visit,mrn,at,status\n" + lines})
    found = pd.read_parquet(open_store(made).table("visits"))
    assert rows(found, "practice appointment_at") == ["a 2026-10-01 01:30:00", "b 2026-09-30 22:30:00"]


# --- the opening calendar ---


LATE = "9,2026-12-21 10:00,answered\n"
OPENING = Opening(hours={"mon": "08:00-12:00, 13:00-17:00", "sat": "09:00-24:00"}, closed=["2026-12-28"])


def opened(folder, *written, premises, columns=CALLS, extra=""):
    lines = [f"{i},{w},answered{extra}\n" for i, w in enumerate(written)]
    header = ",".join(columns.values())
    spec = table_feed("calls", columns)
    delivery = read(folder, spec, header + "\n" + "".join(lines), practice="a", premises=premises)
    return rows(delivery.rows, "in_hours")


def test_in_hours_comes_from_the_calendar(tmp_path):
    times = {
        "2026-12-21 07:59:59": "False",
        "2026-12-21 08:00": "True",
        "2026-12-21 11:59:59": "True",
        "2026-12-21 12:00": "False",
        "2026-12-21 13:00": "True",
        "2026-12-21 17:00": "False",
        "2026-12-22 10:00": "False",
        "2026-12-26 23:59": "True",
        "2026-12-28 10:00": "False",
    }
    assert opened(tmp_path, *times, premises={"a": Premises(opening=OPENING)}) == list(times.values())


def test_in_hours_is_told_by_the_local_clock(tmp_path):
    premises = {"": Premises(time_zone="America/New_York", opening=OPENING)}
    assert opened(tmp_path, "2026-12-21T12:30Z", "2026-12-21T13:30Z", premises=premises) == ["False", "True"]


def test_without_a_calendar_in_hours_is_empty_and_an_export_that_says_so_wins(tmp_path):
    assert opened(tmp_path, "2026-12-21 10:00", premises={}) == ["~"]
    told = CALLS | {"in_hours": "open"}
    premises = {"": Premises(opening=OPENING)}
    assert opened(tmp_path, "2026-12-21 10:00", premises=premises, columns=told, extra=",N") == ["False"]
    assert opened(tmp_path, "2026-12-21 10:00", premises=premises, columns=told, extra=",") == ["~"]


@pytest.mark.parametrize("days", [["2026-12-21", "2026-12-22"], ["2026-12-21 00:00:00", "2026-12-22"]])
def test_days_without_a_time_are_neither_in_nor_out_of_hours(tmp_path, days):
    content = "id,at,outcome\n" + "".join(f"{i},{day},answered\n" for i, day in enumerate(days))
    premises = {"a": Premises(opening=OPENING)}
    delivery = read(tmp_path, table_feed("calls", CALLS), content, practice="a", premises=premises)
    assert rows(delivery.rows, "in_hours") == ["~", "~"]
    assert delivery.warnings == [
        "in.csv: column at tells no time of the day in any row, so in_hours stays empty; export the time too, "
        "or declare a column for in_hours"
    ]
    mixed = read(tmp_path, table_feed("calls", CALLS), content + LATE, practice="a", premises=premises)
    assert rows(mixed.rows, "in_hours") == ["False", "False", "True"]
    assert mixed.warnings == read(tmp_path, table_feed("calls", CALLS), content, practice="a").warnings == []
