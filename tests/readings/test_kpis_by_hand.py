"""Each KPI on a table that can be checked by eye."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bsc_analysis.readings import readings
from tests.stores import group_of, lookup, of_january, rows, store_of

VISITS = """
practice visit_id patient_id appointment_at    arrived_at        roomed_at         status      new_patient
a        1        p1         2026-01-05T09:00  2026-01-05T08:50  2026-01-05T09:10  kept        n
a        2        p2         2026-01-06T09:00  2026-01-06T09:05  2026-01-06T09:35  kept        y
a        3        p3         2026-01-07T09:00  2026-01-07T08:30  2026-01-07T08:55  kept        n
a        4        p4         2026-01-08T09:00  .                 .                 no_show     n
a        5        p4         2026-01-09T09:00  .                 .                 late_cancel n
a        6        p5         2026-01-30T09:00  .                 2026-01-30T09:20  kept        .
a        7        p6         2026-01-30T10:00  2026-01-30T10:00  2026-01-30T15:00  kept        n
a        8        p7         2026-01-20T10:00  .                 .                 cancelled   y
a        9        p8         2026-01-21T10:00  .                 .                 booked      n
"""
# waits: 1 → 10 (early arrival does not count), 2 → 30 (late: from arrival), 3 → 0 (roomed early, never below 0);
# 6 lacks a stamp, 7 waits 5 h: both left out and counted.
LEDGER = """
practice month       account account_group   amount
a        2026-01-01  4000    patient_revenue 900
a        2026-01-01  4900    other_revenue   100
a        2026-01-01  5000    provider_pay    300
a        2026-01-01  5100    staff_pay       250
a        2026-01-01  5200    rent            100
a        2026-01-01  5300    supplies        50
a        2026-01-01  5400    training        25
a        2026-01-01  5900    other_cost      75
"""
ANSWERS = """
practice survey  respondent_id question        answered_at answer
a        patient r1            provider_rating 2026-01-10  10
a        patient r2            provider_rating 2026-01-11  9
a        patient r3            provider_rating 2026-01-12  8
a        patient r1            recommend       2026-01-10  10
a        staff   s1            engagement      2026-01-20  5
a        staff   s2            engagement      2026-01-20  4
a        staff   s3            engagement      2026-01-20  3
a        staff   s1            burnout         2026-01-20  3
a        staff   s2            burnout         2026-01-20  1
a        staff   s3            provider_rating 2026-01-31  10
"""
ALL = [
    "net_revenue_per_visit",
    "operating_margin",
    "operating_cost_ratio",
    "cost_per_visit",
    "provider_rating",
    "response_rate",
    "new_patient_share",
    "wait_median",
    "wait_p90",
    "no_show_rate",
    "late_cancel_rate",
    "engagement",
    "burnout",
]


@pytest.fixture(scope="module")
def january(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    store = store_of(
        folder,
        visits=rows(VISITS, "visits"),
        ledger=rows(LEDGER, "ledger"),
        survey_answers=rows(ANSWERS, "survey_answers"),
    )
    return readings(group_of(ALL, ["a"]), store)


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator"),
    [
        ("net_revenue_per_visit", 900, 5),
        ("operating_cost_ratio", 500, 1000),
        ("operating_margin", 200, 1000),
        ("cost_per_visit", 500, 5),
        ("provider_rating", 2, 3),
        ("new_patient_share", 1, 4),
        ("no_show_rate", 1, 6),
        ("late_cancel_rate", 1, 7),  # of visits that were due: neither cancelled in time nor still booked
        ("response_rate", 3, 5),
        ("engagement", 2, 3),
        ("burnout", 1, 2),
    ],
)
def test_both_sides_stand_beside_the_value(january, kpi, numerator, denominator):
    reading = lookup(january, "a", kpi, "2026-01")
    assert (reading.numerator, reading.denominator) == (numerator, denominator)


def test_money_is_divided_once(january):
    assert lookup(january, "a", "net_revenue_per_visit", "2026-01").value == 180
    assert lookup(january, "a", "operating_cost_ratio", "2026-01").value == 50


def test_a_balance_is_no_revenue_and_no_cost(tmp_path):
    ledger = LEDGER + "a        2026-01-01  1200    receivables     7777\n"
    margin = of_january(tmp_path, ["operating_margin"], ledger=ledger)["operating_margin"]
    assert (margin.numerator, margin.denominator, margin.value) == (200, 1000, 20)


def test_a_ledger_without_cost_has_no_cost_ratio_and_not_one_of_zero(tmp_path):
    ledger = "practice month account account_group amount\na 2026-01-01 4000 patient_revenue 900"
    ratio = of_january(tmp_path, ["operating_cost_ratio"], ledger=ledger)["operating_cost_ratio"]
    assert ratio.state == "not_calculable" and math.isnan(ratio.numerator)


def test_a_month_in_which_only_staff_were_asked_has_no_response_of_patients(tmp_path):
    answers = "practice survey respondent_id question answered_at answer\na staff s1 burnout 2026-01-20 3"
    got = of_january(tmp_path, ["response_rate"], visits=VISITS, survey_answers=answers)["response_rate"]
    assert got.state == "not_calculable" and math.isnan(got.numerator)


def test_a_response_is_one_patient_whatever_they_were_asked(january):
    got = lookup(january, "a", "response_rate", "2026-01")
    assert (got.numerator_people, got.people, got.rest_people) == (3, 5, 2)


def test_new_patients_wait_whole_days_from_booking_to_visit(tmp_path):
    header = "practice visit_id patient_id booked_at appointment_at status new_patient"
    booked = ["2026-01-29", "2026-01-30", "2026-01-15"] * 4  # 1, 0 and 15 days before
    lines = [f"a {i} p{i} {day} 2026-01-30T16:00 kept y" for i, day in enumerate(booked)]
    lines += ["a x1 p1 2026-01-31 2026-01-30T16:00 kept y", "a x2 p1 . 2026-01-30T16:00 kept y"]  # left out
    lines += ["a y1 p1 2025-10-01 2026-01-30T16:00 kept n", "a y2 p1 2025-10-01 2026-01-30T16:00 no_show y"]
    lines += ["a y3 p1 2025-10-01 2026-01-30T16:00 kept ."]
    got = of_january(tmp_path, ["new_patient_wait"], visits="\n".join([header, *lines]))["new_patient_wait"]
    assert (got.value, got.n, got.denominator, got.state) == (1, 12, 14, "ok")


def test_a_wait_runs_from_the_later_of_arrival_and_appointment_and_never_below_zero(january):
    wait = lookup(january, "a", "wait_median", "2026-01")
    assert (wait.n, wait.denominator) == (3, 5)  # three usable of five kept
    assert wait.state == "too_few" and math.isnan(wait.value)  # 20 are needed


def test_too_few_answers_show_no_value_but_keep_their_count(january):
    reading = lookup(january, "a", "provider_rating", "2026-01")
    assert (reading.state, reading.n) == ("too_few", 3)
    assert math.isnan(reading.value) and math.isnan(reading.lower)


def test_distinct_people_are_counted_beside_events(january):
    reading = lookup(january, "a", "no_show_rate", "2026-01")
    assert (reading.numerator_people, reading.people, reading.rest_people) == (1, 6, 5)


def test_a_quarter_and_a_year_that_are_not_over_are_immature(january):
    assert lookup(january, "a", "cost_per_visit", "2026Q1").state == "immature"
    assert lookup(january, "a", "cost_per_visit", "2026").state == "immature"


def test_no_denominator_is_not_calculable_and_never_zero(tmp_path):
    text = "practice visit_id patient_id appointment_at status\na 1 p1 2026-01-30T09:00 late_cancel\n"
    store = store_of(tmp_path, visits=rows(text, "visits"))
    reading = lookup(readings(group_of(["no_show_rate"], ["a"]), store), "a", "no_show_rate", "2026-01")
    assert (reading.state, reading.denominator) == ("not_calculable", 0)
    assert math.isnan(reading.value)


def test_a_month_without_rows_is_no_feed_and_stays_in_the_calendar(tmp_path):
    text = """
    practice visit_id patient_id appointment_at   status
    a        1        p1         2026-01-30T09:00 kept
    a        2        p2         2026-03-30T09:00 kept
    b        3        p3         2026-03-30T09:00 kept
    """
    store = store_of(tmp_path, visits=rows(text, "visits"))
    found = readings(group_of(["no_show_rate"], ["a", "b"]), store)
    months = found[found["grain"] == "month"].groupby("practice")["period"].agg(list).to_dict()
    assert months == {"a": ["2026-01", "2026-02", "2026-03"], "b": ["2026-03"]}
    assert lookup(found, "a", "no_show_rate", "2026-02").state == "no_feed"


def test_a_kpi_whose_table_never_came_is_no_feed(tmp_path):
    store = store_of(tmp_path, visits=rows(VISITS, "visits"))
    found = readings(group_of(["engagement", "cost_per_visit"], ["a"]), store)
    assert set(found["state"]) == {"no_feed"}


def test_future_bookings_do_not_make_a_month_complete(tmp_path):
    text = """
    practice visit_id patient_id appointment_at   status
    a        1        p1         2026-01-30T09:00 kept
    a        2        p2         2026-02-27T09:00 booked
    """
    store = store_of(tmp_path, visits=rows(text, "visits"))
    assert store.through["last"].iloc[0] == pd.Timestamp("2026-01-30T09:00")
