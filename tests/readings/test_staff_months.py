"""Months of employment made of the roster: one row per person and month, by eye."""

from __future__ import annotations

import pandas as pd
import pytest

from bsc_analysis.store.derived import staff_months
from tests import builders
from tests.stores import rows

HEADER = "practice staff_id role team fte hired_at left_at leaving as_of"
PEOPLE = {
    "stays, at half a share": (
        "a s1 . . 0.5 2026-01-01 . . 2026-03-31",
        ["2026-01-31 1 0.5", "2026-02-28 1 0.5", "2026-03-31 1 0.5"],
    ),
    "comes and goes within": (
        "a s1 . . 1 2026-01-15 2026-03-10 voluntary 2026-04-30",
        ["2026-01-31 0.5 0.5", "2026-02-28 1 1", "2026-03-31 0.5 0.5 left voluntary"],
    ),
    "no share is a whole one": ("a s1 . . . 2026-03-01 . . 2026-03-31", ["2026-03-31 1 1"]),
    "hired and left in one month": (
        "a s1 . . 1 2026-03-05 2026-03-20 . 2026-04-30",
        ["2026-03-31 0 0 left"],
    ),
    "hired and left on the first": ("a s1 . . 1 2026-03-01 2026-03-01 . 2026-04-30", ["2026-03-31 0.5 0.5 left"]),
    "hired and left on the last": ("a s1 . . 1 2026-03-31 2026-03-31 . 2026-04-30", ["2026-03-31 0.5 0.5 left"]),
    "left on the last day is employed on it": (
        "a s1 . . 1 2026-03-01 2026-03-31 retired 2026-04-30",
        ["2026-03-31 1 1 left retired"],
    ),
    "left on the first day": (
        "a s1 . . 1 2026-03-01 2026-04-01 . 2026-04-30",
        ["2026-03-31 1 1", "2026-04-30 0.5 0.5 left"],
    ),
    "left before hired": ("a s1 . . 1 2026-03-05 2026-02-20 . 2026-04-30", []),
    "hired after the roster was drawn": ("a s1 . . 1 2026-05-01 . . 2026-04-30", []),
    "will leave after the roster was drawn": (
        "a s1 . . 1 2026-04-01 2026-06-30 voluntary 2026-04-30",
        ["2026-04-30 1 1"],
    ),
    "the roster is drawn within a month": ("a s1 . . 1 2026-04-01 . . 2026-04-16", ["2026-04-16 1 1"]),
    "comes back after a month": (
        """a s1 . . 1 2026-01-01 2026-01-31 voluntary 2026-03-31
           a s1 . . 1 2026-03-01 . . 2026-03-31""",
        ["2026-01-31 1 1 left voluntary", "2026-03-31 1 1"],
    ),
    "comes back within the month": (
        """a s1 . . 1 2026-01-01 2026-01-10 voluntary 2026-01-31
           a s1 . . 1 2026-01-20 . . 2026-01-31""",
        ["2026-01-31 1 1 left voluntary"],
    ),
    "changes the contract from one day to the next": (
        """a s1 . . 1   2026-01-01 2026-01-31 voluntary 2026-02-28
           a s1 . . 0.5 2026-02-01 . . 2026-02-28""",
        ["2026-01-31 1 1", "2026-02-28 1 0.5"],
    ),
    "ends one of two contracts": (
        """a s1 . . 0.5 2026-01-01 . . 2026-02-28
           a s1 . . 0.4 2026-01-05 2026-01-31 . 2026-02-28""",
        ["2026-01-31 1 0.7", "2026-02-28 1 0.5"],
    ),
    "told by two rosters": (
        """a s1 . . 1   2026-01-01 . . 2026-01-31
           a s1 . . 0.8 2026-01-01 2026-02-28 retired 2026-03-31""",
        ["2026-01-31 1 0.8", "2026-02-28 1 0.8 left retired"],
    ),
}


def test_who_left_before_being_hired_is_set_aside_at_the_door(tmp_path):
    columns = {"staff_id": "who", "hired_at": "hired", "left_at": "left", "as_of": "of", "practice": "clinic"}
    export = """
        clinic,who,hired,left,of
        a,s1,2026-03-05,2026-02-20,2026-04-30
        a,s2,2026-03-05,2026-03-05,2026-04-30
        a,s3,2026-03-05,,2026-04-30
    """
    got = builders.read(tmp_path, builders.table_feed("staff", columns), export)
    assert builders.refusals(got) == ["in.csv:2 left_at: before hired_at"]
    assert list(got.rows["staff_id"]) == ["s2", "s3"]


def told(months: pd.DataFrame) -> list[str]:
    return [
        " ".join([f"{r.month:%Y-%m-%d} {r.headcount:g} {r.fte:g}", *(["left"] if r.left else []), *r.leaving_told])
        for r in months.assign(leaving_told=[[v] if isinstance(v, str) else [] for v in months["leaving"]]).itertuples()
    ]


@pytest.mark.parametrize(("roster", "months"), PEOPLE.values(), ids=PEOPLE)
def test_a_person_by_month(roster, months):
    assert told(staff_months(rows(f"{HEADER}\n{roster}", "staff"))) == months


def test_the_same_number_at_two_practices_is_two_persons():
    text = f"{HEADER}\na s1 . . 1 2026-01-01 2026-01-31 . 2026-02-28\nb s1 . . 1 2026-02-01 . . 2026-02-28"
    months = staff_months(rows(text, "staff"))
    assert months[["practice", "left"]].to_dict("list") == {"practice": ["a", "b"], "left": [True, False]}
    assert not months.duplicated(["practice", "staff_id", "month"]).any()


def test_a_roster_of_nobody_employed_gives_an_empty_table():
    months = staff_months(rows(f"{HEADER}\na s1 . . 1 2026-05-01 . . 2026-04-30", "staff"))
    assert months.empty and "headcount" in months
