"""Ready-made readings: three forms, and rows of the practice's own that win over them."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from bsc_analysis.errors import FeedError
from bsc_analysis.readings import newest_complete, readings
from tests.stores import group_of, lookup, rows, store_of

ACO = (
    "practice name year beneficiaries person_years benchmark_usd expenditure_usd earned_savings_usd "
    "cost_per_capita_usd cahps_access cahps_communication cahps_provider_rating cahps_specialist_access "
    "ed_visits_per_1000 pcps specialists nurse_practitioners physician_assistants"
)
OWN = f"""{ACO}
a A 2024-01-01 1000 990 200 150 30 151.5 80 90 70 60 500 1 2 3 4
b B 2024-01-01 1000 990 100 110 0  111.1 90 95 80 70 400 9 9 9 9
c C 2024-01-01 1000 990 100 110 0  111.1 70 85 .  50 300 9 9 9 9
"""
GIVEN = [
    # practice, kpi, period, numerator, denominator, value, n
    ("a", "savings_rate", "2023", None, None, 10.0, 400.0),
    ("a", "ed_visits", "2023", 300.0, 1000.0, None, None),
    ("a", "earned_savings", "2023", None, None, 5.0, None),
    ("a", "cahps_access", "2023", None, None, 77.0, None),
    ("a", "savings_rate", "2024", None, None, 99.0, 1.0),  # the own rows win
]
KPIS = ["savings_rate", "ed_visits", "earned_savings", "cahps_access", "cahps_z", "clinicians"]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    given = pd.DataFrame(GIVEN, columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"])
    store = store_of(tmp_path_factory.mktemp("s"), aco_years=rows(OWN, "aco_years"), given_readings=given)
    return readings(group_of(KPIS, ["a", "b", "c"], grain="year"), store)


def test_value_and_n_give_back_both_sides(found):
    reading = lookup(found, "a", "savings_rate", "2023")
    assert (reading.numerator, reading.denominator, reading.value, reading.state) == (40, 400, 10, "ok")


def test_numerator_and_denominator_give_the_value_and_its_interval(found):
    reading = lookup(found, "a", "ed_visits", "2023")
    assert (reading.value, reading.state) == (300, "ok")
    assert reading.lower == pytest.approx(267.0, abs=0.5) and reading.upper == pytest.approx(335.9, abs=0.5)


def test_a_value_alone_is_value_only_but_a_total_is_its_own_numerator(found):
    score = lookup(found, "a", "cahps_access", "2023")
    assert (score.value, score.state) == (77, "value_only") and math.isnan(score.lower)
    savings = lookup(found, "a", "earned_savings", "2023")
    assert (savings.numerator, savings.value, savings.state) == (5e6, 5, "ok")


def test_own_rows_win(found):
    assert lookup(found, "a", "savings_rate", "2024").value == 25


def test_the_peer_score_is_the_mean_z_over_the_group_and_skips_a_missing_part(found):
    # z of a: access 0, communication 0, rating −.707, specialists 0; of c: −1, −1, missing, −1
    assert lookup(found, "a", "cahps_z", "2024").value == pytest.approx(-0.7071 / 4, abs=1e-3)
    assert lookup(found, "c", "cahps_z", "2024").value == pytest.approx(-1.0)
    assert lookup(found, "a", "cahps_z", "2024").state == "value_only"


def test_a_total_adds_its_columns(found):
    assert lookup(found, "a", "clinicians", "2024").value == 10


def test_ready_made_readings_alone_make_a_scorecard(tmp_path):
    given = pd.DataFrame(
        [
            ("a", "no_show_rate", "2026-01", 5.0, 100.0, None, None),
            ("a", "no_show_rate", "2026-03", 3.0, 9.0, None, None),
        ],
        columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"],
    )
    store, group = store_of(tmp_path, given_readings=given), group_of(["no_show_rate"], ["a"])
    found = readings(group, store)
    assert lookup(found, "a", "no_show_rate", "2026-01").value == 5
    assert lookup(found, "a", "no_show_rate", "2026-02").state == "no_feed"
    assert lookup(found, "a", "no_show_rate", "2026-03").state == "too_few"
    with pytest.raises(FeedError, match=r"no quarter is complete yet.*--period 2026-03"):
        newest_complete(group, store)


def test_ready_made_months_add_up_to_a_quarter_only_when_all_three_are_there(tmp_path):
    months = [("a", "no_show_rate", f"2026-0{m}", None, None, 10.0 * m, 100.0) for m in (1, 2, 3, 4, 5)]
    given = pd.DataFrame(months, columns=["practice", "kpi", "period", "numerator", "denominator", "value", "n"])
    found = readings(group_of(["no_show_rate"], ["a"]), store_of(tmp_path, given_readings=given))
    quarter = lookup(found, "a", "no_show_rate", "2026Q1")
    assert (quarter.numerator, quarter.denominator, quarter.value, quarter.state) == (60, 300, 20, "ok")
    assert lookup(found, "a", "no_show_rate", "2026Q2").state == "immature"  # two of its months
