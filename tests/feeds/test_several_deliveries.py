"""The same rows delivered again: refused, or the last file has the word; and dates that stand in a file's name."""

import pandas as pd
import pytest

from bsc_analysis.errors import FeedError
from bsc_analysis.store.derived import staff_months
from tests.builders import counts, read, refusals, rows, table_feed, visits

HEADER = "clinic,visit,mrn,at,status\n"
EARLY = HEADER + "a,v1,p1,2026-01-05 09:00,booked\na,v2,p2,2026-01-05 09:20,kept\n"
LATE = HEADER + "a,v1,p1,2026-01-05 09:00,kept\na,v2,p2,2026-01-05 09:20,kept\na,v3,p3,2026-01-06 09:00,kept\n"
ROSTER = {"practice": "clinic", "staff_id": "id", "hired_at": "hired", "left_at": "left"}


def test_by_default_a_key_with_two_contents_is_refused(tmp_path):
    delivery = visits(tmp_path, {"2026-01.csv": EARLY, "2026-02.csv": LATE})
    assert counts(delivery) == "5 = 2 + 2 + 1"
    assert {r.split(": ")[1] for r in refusals(delivery)} == {"the same key with other values"}


def test_the_last_file_has_the_word_where_that_is_declared(tmp_path):
    delivery = visits(tmp_path, {"2026-02.csv": LATE, "2026-01.csv": EARLY}, same_key="last_file")
    assert rows(delivery.rows, "visit_id status") == ["v1 kept", "v2 kept", "v3 kept"]
    assert [(a.file, a.used, a.deduplicated) for a in delivery.accounts] == [
        ("2026-01.csv", 0, 2),
        ("2026-02.csv", 3, 0),
    ]
    counts(delivery)


def test_a_row_that_changed_back_is_the_last_one(tmp_path):
    files = {"1.csv": EARLY, "2.csv": LATE, "3.csv": EARLY}
    delivery = visits(tmp_path, files, same_key="last_file")
    assert rows(delivery.rows, "visit_id status") == ["v3 kept", "v1 booked", "v2 kept"]
    assert counts(delivery) == "7 = 3 + 0 + 4"


def test_within_the_last_file_a_contradiction_is_still_refused(tmp_path):
    twice = LATE + "a,v1,p1,2026-01-05 09:00,no_show\na,v2,p2,2026-01-05 09:20,kept\n"
    delivery = visits(tmp_path, {"1.csv": EARLY, "2.csv": twice}, same_key="last_file")
    assert counts(delivery) == "7 = 2 + 2 + 3"
    assert [r.split(" ")[0] for r in refusals(delivery)] == ["2.csv:2", "2.csv:5"]


def test_the_same_key_of_another_practice_is_not_superseded(tmp_path):
    delivery = visits(tmp_path, {"1.csv": EARLY.replace("a,", "b,"), "2.csv": LATE}, same_key="last_file")
    assert counts(delivery) == "5 = 5 + 0 + 0"


def test_no_rows_at_all(tmp_path):
    assert counts(visits(tmp_path, {"1.csv": HEADER, "2.csv": HEADER}, same_key="last_file")) == "0 = 0 + 0 + 0"


# --- dates in names ---


def roster(folder, files, form="%Y-%m-%d", **more):
    spec = table_feed("staff", ROSTER, from_file_name={"as_of": form}, **more)
    return read(folder, spec, files)


@pytest.mark.parametrize("same_key", ["refuse", "last_file"])
def test_snapshots_are_dated_by_their_names_and_the_newest_word_on_each_person_counts(tmp_path, same_key):
    files = {
        "roster_2026-01-31.csv": "clinic,id,hired,left\na,s1,2020-01-01,\na,s2,2021-01-01,\n",
        "roster_2026-02-28.csv": "clinic,id,hired,left\na,s1,2020-01-01,2026-02-10\n",
    }
    delivery = roster(tmp_path, files, same_key=same_key)
    assert counts(delivery) == "3 = 3 + 0 + 0"
    months = staff_months(delivery.rows)
    assert rows(months[months["left"]], "staff_id month") == ["s1 2026-02-28"]
    assert months["month"].max() == pd.Timestamp("2026-02-28") and len(months) == 74 + 61


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Roster 31Jan2026.csv", "%d%b%Y"),
        ("20260131_staff.csv", "%Y%m%d"),
        ("2026-01-31 and 2026-01-31.csv", "%Y-%m-%d"),
    ],
)
def test_names_of_other_forms(tmp_path, name, form):
    delivery = roster(tmp_path, {name: "clinic,id,hired,left\na,s1,01/02/2020,\n"}, form, date_format="%d/%m/%Y")
    assert rows(delivery.rows, "hired_at as_of") == ["2020-02-01 2026-01-31"]


@pytest.mark.parametrize(
    "name", ["roster.csv", "2026-13-01.csv", "2026-01-31_2026-02-28.csv", "12026-01-31.csv", "9999-12-31.csv"]
)
def test_a_name_without_one_date_is_refused(tmp_path, name):
    with pytest.raises(FeedError) as error:
        roster(tmp_path, {name: "clinic,id,hired,left\na,s1,2020-01-01,\n"})
    assert str(error.value) == f"{name}: 1 problem\n  name  must hold one date written as %Y-%m-%d"


def test_somebody_may_have_been_hired_a_working_life_ago_but_not_left_before_anything_is_counted(tmp_path):
    people = "a,s1,1978-04-01,\na,s2,1931-04-01,\na,s3,1978-04-01,1999-12-31\n"
    delivery = roster(tmp_path, {"roster_2026-01-31.csv": f"clinic,id,hired,left\n{people}"})
    assert rows(delivery.rows, "staff_id hired_at")[0].endswith("1978-04-01") and len(delivery.rows) == 1
    assert [r.split(" (")[0] for r in refusals(delivery)] == [
        "roster_2026-01-31.csv:3 hired_at: not an ISO date in local time",
        "roster_2026-01-31.csv:4 left_at: not an ISO date in local time",
    ]
