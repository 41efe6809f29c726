"""Turnover and training by hand, and what either may tell of a small practice's staff."""

from __future__ import annotations

import math

import pytest

from bsc_analysis.disclosure.withhold import GUARDED, withhold
from bsc_analysis.readings import readings
from tests.stores import group_of, lookup, rows, store_of

KPIS = ["staff_turnover", "training_hours"]
ROSTER = "practice staff_id role team fte hired_at left_at leaving as_of"
TRAININGS = "practice staff_id course completed_at hours"


def found(tmp_path, roster: list[str], trainings: list[str] | None = None, grain: str = "month"):
    tables = {"staff": rows("\n".join([ROSTER, *roster]), "staff")}
    if trainings:
        tables["trainings"] = rows("\n".join([TRAININGS, *trainings]), "trainings")
    # a call a month makes the calendar, as a practice's other exports do
    calls = [f"a c{m} 2026-{m:02}-28T09:00 answered" for m in range(1, 7)]
    tables["calls"] = rows("\n".join(["practice call_id started_at outcome", *calls]), "calls")
    return readings(group_of(KPIS, ["a"], grain=grain), store_of(tmp_path, **tables))


FOUR = [
    "a s1 . . 1   2020-01-01 .          .           2026-06-30",
    "a s2 . . 0.5 2020-01-01 .          .           2026-06-30",
    "a s3 . . 1   2020-01-01 2026-02-10 voluntary   2026-06-30",
    "a s4 . . 1   2020-01-01 2026-03-31 transferred 2026-06-30",
]


def test_turnover_is_a_year_at_the_pace_of_the_month(tmp_path):
    got = found(tmp_path, FOUR)
    january, february, march = (lookup(got, "a", "staff_turnover", f"2026-0{m}") for m in (1, 2, 3))
    assert (january.numerator, january.denominator, january.value) == (0, 4, 0)
    assert (february.numerator, february.denominator) == (1, 3.5)
    assert february.value == pytest.approx(100 * 12 / 3.5)
    assert (march.numerator, march.denominator) == (0, 3)  # a transfer is no leaving
    assert january.upper > 0 and february.lower < february.value < february.upper


def test_turnover_of_a_quarter_is_over_its_person_months(tmp_path):
    quarter = lookup(found(tmp_path, FOUR), "a", "staff_turnover", "2026Q1")
    assert (quarter.numerator, quarter.denominator, quarter.value) == (1, 10.5, pytest.approx(1200 / 10.5))
    assert (quarter.numerator_people, quarter.people, quarter.rest_people) == (1, 4, 3)


def test_who_came_and_left_within_a_month_has_left(tmp_path):
    got = lookup(
        found(tmp_path, [FOUR[0], "a s9 . . 1 2026-02-05 2026-02-20 . 2026-06-30"]), "a", "staff_turnover", "2026-02"
    )
    assert (got.numerator, got.denominator, got.numerator_people, got.people) == (1, 1, 1, 2)


def test_a_roster_drawn_within_a_month_leaves_it_open(tmp_path):
    got = found(tmp_path, [line.replace("2026-06-30", "2026-06-16") for line in FOUR])
    assert lookup(got, "a", "staff_turnover", "2026-06").state == "immature"
    assert lookup(got, "a", "staff_turnover", "2026-05").state == "ok"
    assert lookup(got, "a", "staff_turnover", "2026Q2").state == "immature"


def test_a_roster_does_not_lengthen_the_calendar_into_the_past(tmp_path):
    assert found(tmp_path, FOUR)["period"].min() == "2026"


HOURS = [
    "a s1 safety 2026-02-10 7",
    "a s2 safety 2026-02-12 3.5",
    "a s1 coding 2026-05-20 5",
]


def test_hours_are_over_the_full_time_equivalents_of_the_month(tmp_path):
    february = lookup(found(tmp_path, FOUR, HOURS), "a", "training_hours", "2026-02")
    assert (february.numerator, february.denominator) == (10.5, 3)  # 1 + 0.5 + half of s3 + s4
    assert (february.value, february.state) == (3.5, "ok")
    assert (february.numerator_people, february.people, february.rest_people) == (2, 4, 2)


def test_a_month_between_two_with_trainings_is_one_without_and_outside_nothing_is_known(tmp_path):
    got = found(tmp_path, FOUR, HOURS)
    states = {m: lookup(got, "a", "training_hours", f"2026-0{m}").state for m in range(1, 7)}
    assert states == {1: "no_feed", 2: "ok", 3: "ok", 4: "ok", 5: "ok", 6: "no_feed"}
    march = lookup(got, "a", "training_hours", "2026-03")
    assert (march.numerator, march.value, march.numerator_people) == (0, 0, 0)
    assert lookup(got, "a", "training_hours", "2026Q1").state == "immature"  # January is not known
    assert lookup(got, "a", "training_hours", "2026Q2").state == "immature"


def test_quiet_months_do_not_open_a_quarter(tmp_path):
    quarter = lookup(found(tmp_path, FOUR, [*HOURS, "a s1 old 2025-12-20 9"]), "a", "training_hours", "2026Q1")
    assert (quarter.state, quarter.numerator, quarter.denominator) == ("ok", 10.5, 3.5 + 3 + 2.5)


def test_a_year_without_a_training_is_a_feed_that_stopped(tmp_path):
    got = found(tmp_path, FOUR, ["a s1 old 2024-12-20 9", "a s1 late 2026-06-20 9"])
    assert lookup(got, "a", "training_hours", "2026-03").state == "no_feed"
    got = found(tmp_path / "near", FOUR, ["a s1 old 2025-06-20 9", "a s1 late 2026-06-20 9"])
    assert lookup(got, "a", "training_hours", "2026-03").value == 0


def test_without_a_roster_hours_are_over_nothing(tmp_path):
    tables = {"trainings": rows("\n".join([TRAININGS, *HOURS]), "trainings")}
    got = readings(group_of(KPIS, ["a"]), store_of(tmp_path, **tables))
    assert set(got["state"]) == {"no_feed"}


def team(n: int, leavers: int = 0) -> list[str]:
    """n people of whom the last ones leave in February."""
    left = ["."] * (n - leavers) + ["2026-02-28"] * leavers
    return [f"a s{i} . . 1 2020-01-01 {day} . 2026-06-30" for i, day in enumerate(left)]


def shown(tmp_path, audience: str, kpi: str, period: str, *tables) -> str:
    got = withhold(found(tmp_path, *tables), audience)
    return lookup(got, "a", kpi, period).state


@pytest.mark.parametrize("audience", GUARDED)
@pytest.mark.parametrize(
    ("n", "leavers", "state"),
    [
        (8, 1, "withheld"),  # a small team
        (14, 0, "withheld"),  # nobody of fewer than twenty: tells of each
        (14, 14, "withheld"),
        (30, 0, "ok"),
        (30, 1, "withheld"),  # one leaver
        (40, 12, "ok"),
        (40, 32, "withheld"),  # eight who stayed
    ],
)
def test_turnover_gives_no_single_person_away_to_the_guarded(tmp_path, audience, n, leavers, state):
    assert shown(tmp_path, audience, "staff_turnover", "2026Q1", team(n, leavers)) == state


def test_leaders_see_their_own_turnover(tmp_path):
    assert shown(tmp_path, "leadership", "staff_turnover", "2026-02", team(8, 1)) == "ok"


@pytest.mark.parametrize(
    ("n", "trained", "state"),
    [(8, 8, "withheld"), (30, 1, "withheld"), (14, 12, "withheld"), (30, 12, "ok"), (30, 25, "withheld")],
)
def test_training_gives_no_single_person_away_to_the_guarded(tmp_path, n, trained, state):
    """Many hours of one person are still one person's."""
    hours = [f"a s{i} safety 2026-0{m}-20 50" for i in range(trained) for m in (1, 2, 3)]
    assert shown(tmp_path, "board", "training_hours", "2026Q1", team(n), hours) == state


def test_a_month_without_a_training_tells_of_each_of_a_small_staff(tmp_path):
    hours = [f"a s{i} safety 2026-0{m}-20 5" for i in range(12) for m in (1, 3)]
    assert shown(tmp_path, "staff", "training_hours", "2026-02", team(14), hours) == "withheld"
    assert shown(tmp_path / "many", "staff", "training_hours", "2026-02", team(30), hours) == "ok"


def test_the_value_of_a_withheld_reading_is_gone_with_it(tmp_path):
    got = withhold(found(tmp_path, team(8, 1)), "external")
    february = lookup(got, "a", "staff_turnover", "2026-02")
    assert february.state == "withheld" and math.isnan(february.value) and math.isnan(february.denominator)
