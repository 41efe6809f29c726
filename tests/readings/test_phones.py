"""Phones' KPIs on calls that can be counted by eye."""

from __future__ import annotations

import math

import pytest

from tests.stores import of_january

PHONES = ["call_abandonment", "speed_of_answer", "service_level", "after_hours_answered"]
HEADER = "practice call_id caller_id queue started_at outcome wait_seconds in_hours"
CALLS = f"""
{HEADER}
a  1 p1 desk 2026-01-05T09:00 answered  20  y
a  2 p2 desk 2026-01-05T09:01 answered  21  y
a  3 p3 desk 2026-01-05T09:02 answered  4   .
a  4 p4 desk 2026-01-05T09:03 answered  .   y
a  5 p5 desk 2026-01-05T09:04 abandoned 10  y
a  6 p6 desk 2026-01-05T09:05 abandoned 11  y
a  7 p7 desk 2026-01-05T09:06 abandoned .   y
a  8 p8 desk 2026-01-05T09:07 voicemail 60  y
a  9 p9 desk 2026-01-05T09:08 automated .   y
a 10 p1 desk 2026-01-05T22:00 automated .   n
a 11 p1 desk 2026-01-05T22:01 answered  90  n
a 12 p2 desk 2026-01-05T22:02 voicemail 30  n
a 13 p3 desk 2026-01-30T22:03 abandoned 40  n
"""
# 5 gave up within 10 s: as if never called; 9 never met a person's queue; 10–13 came when the practice was closed.


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return of_january(tmp_path_factory.mktemp("s"), PHONES, calls=CALLS)


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator"),
    [
        ("call_abandonment", 2, 7),  # 6 and 7 of 1–4 and 6–8
        ("speed_of_answer", 45, 3),  # 1, 2 and 3
        ("service_level", 2, 6),  # 1 and 3 of 1–3 and 6–8: nobody knows of 4
        ("after_hours_answered", 2, 4),  # 10 and 11 of 10–13
    ],
)
def test_both_sides(found, kpi, numerator, denominator):
    assert (found[kpi].numerator, found[kpi].denominator, found[kpi].n) == (numerator, denominator, denominator)
    assert (found[kpi].state, math.isnan(found[kpi].value)) == ("too_few", True)  # 20 calls are needed


def test_speed_of_answer_is_in_seconds_and_has_no_interval(tmp_path):
    lines = "\n".join(f"a {i} p{i} desk 2026-01-30T09:00 answered {i} y" for i in range(21))
    speed = of_january(tmp_path, ["speed_of_answer"], calls=f"{HEADER}\n{lines}")["speed_of_answer"]
    assert (speed.value, speed.state) == (10, "ok")
    assert math.isnan(speed.lower) and math.isnan(speed.upper)


def test_without_a_calendar_nothing_is_known_of_after_hours_and_every_call_counts_as_in_hours(tmp_path):
    lines = "\n".join(f"a {i} p{i} desk 2026-01-30T23:00 voicemail . ." for i in range(21))
    found = of_january(tmp_path, PHONES, calls=f"{HEADER}\n{lines}")
    assert found["after_hours_answered"].state == "not_calculable"
    assert math.isnan(found["after_hours_answered"].denominator)
    assert (found["service_level"].value, found["service_level"].n) == (0, 21)


def test_callers_are_counted_once_and_unknown_ones_not_at_all(tmp_path):
    text = f"""{HEADER}
    a 1 p1 . 2026-01-05T09:00 abandoned 30 y
    a 2 p1 . 2026-01-05T09:10 abandoned 30 y
    a 3 .  . 2026-01-05T09:20 abandoned 30 y
    a 4 p2 . 2026-01-30T09:20 answered  5  y
    """
    got = of_january(tmp_path, ["call_abandonment"], calls=text)["call_abandonment"]
    assert (got.numerator_people, got.people, got.rest_people) == (1, 2, 1)
