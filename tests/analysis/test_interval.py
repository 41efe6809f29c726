"""Intervals equal published ones, and say what they hold."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsc_analysis.analysis.interval import mean, quantile, rate, share
from bsc_analysis.analysis.overdispersion import overdispersion


@pytest.mark.shared
def test_shares_have_newcombes_intervals(shared):
    folder = shared / "reference/wilson_newcombe"
    data, told = pd.read_csv(folder / "data.csv"), json.loads((folder / "expected.json").read_text())
    for row, wanted, published in zip(data.itertuples(), told["wilson"], told["published_wilson"], strict=False):
        found = share(row.x, row.n)
        assert (found.lower, found.upper) == pytest.approx(published, abs=5e-5)
        assert (found.value, found.upper) == pytest.approx((wanted["p"], wanted["hi"]), rel=1e-6)
        if row.x > 1:  # of a single event Hmisc gives another lower bound than Wilson and Newcombe
            assert found.lower == pytest.approx(wanted["lo"], rel=1e-6)


def test_none_and_all_stay_within_0_and_1():
    assert (share(0, 20).lower, share(20, 20).upper) == (0, 1)
    assert share(0, 20).upper == pytest.approx(1 - share(20, 20).lower)


def test_a_count_of_none_per_exposure_has_the_upper_bound_of_garwood():
    found = rate(0, 2.0)
    assert (found.value, found.lower, found.upper) == (0, 0, pytest.approx(3.688879 / 2, rel=1e-6))
    assert rate(10, 1.0).lower == pytest.approx(4.795389, rel=1e-6)


def test_a_mean_is_students():
    found = mean(total=15, squares=55, n=5)  # 1 2 3 4 5
    assert (found.value, found.upper - 3) == (3, pytest.approx(2.776445 * np.sqrt(2.5 / 5), rel=1e-6))
    assert mean(total=0.3, squares=0.09 / 3 - 1e-18, n=3).lower == pytest.approx(0.1)  # all alike, rounding lost


def test_a_median_lies_between_order_statistics():
    found = quantile(np.array([*range(1, 21), np.nan]), 0.5)  # ranks 6 and 15 of 20 hold it with 95.9 %
    assert (found.value, found.lower, found.upper, found.n) == (10.5, 6, 15, 20)
    few = quantile(np.array([1.0, 2, 3]), 0.5)
    assert (few.value, np.isnan(few.lower), few.reason) == (2, True, "too_few")


def test_who_all_were_asked_leaves_no_doubt_and_who_were_half_leaves_less():
    assert (share(6, 10, population=10).lower, share(6, 10, population=10).upper) == (0.6, 0.6)
    alone, half, many = (share(6, 10, population=people) for people in (None, 20, 10**9))
    assert half.upper - half.lower == pytest.approx(share(60 * 19 / 100, 19).upper - share(60 * 19 / 100, 19).lower)
    assert (many.lower, many.upper) == pytest.approx((alone.lower, alone.upper), rel=1e-6)
    whole = mean(total=15, squares=55, n=5, population=5)
    assert (whole.lower, whole.upper) == (3, 3)
    assert share(6, 10, population=9).reason == "more_answers_than_people"


def test_overdispersion_widens_as_so_many_fewer_cases_would_and_is_said():
    found = share(40, 200, phi=2.0)
    assert (found.lower, found.upper) == (share(20, 100).lower, share(20, 100).upper)
    assert (found.holds, found.n, share(40, 200).holds) == ("own_overdispersion", 200, "counting_only")
    assert rate(40, 200, phi=2.0).upper == rate(20, 100).upper
    assert share(40, 200, phi=0.3).lower == share(40, 200).lower  # never narrower than chance


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (share(1, 0), "no_denominator"),
        (share(1, -3), "no_denominator"),
        (share(-1, 3), "negative"),
        (share(4, 3), "more_than_all"),
        (share(np.nan, 3), "missing"),
        (rate(np.inf, 3), "missing"),
        (rate(1, 0), "no_denominator"),
        (mean(np.nan, 1, 4), "missing"),
        (mean(1, 1, 1), "too_few"),
        (quantile(np.array([np.nan, np.inf]), 0.5), "missing"),
    ],
)
def test_what_has_no_interval_says_why(found, why):
    assert found.reason == why and np.isnan(found.lower) and not found.has(0)


def months(values) -> pd.Series:
    return pd.Series(list(values), pd.period_range("2024-01", periods=len(values), freq="M"), dtype=float)


def test_counting_error_alone_is_1_and_four_times_its_variance_4():
    rng = np.random.default_rng(1)
    of = months([200] * 600)
    assert overdispersion(months(rng.binomial(200, 0.2, 600)), of, "proportion").phi == pytest.approx(1, abs=0.15)
    assert overdispersion(months(rng.poisson(20, 600)), of, "rate").phi == pytest.approx(1, abs=0.15)
    swinging = months(rng.negative_binomial(20 / 3, 1 / 4, 600))  # mean 20, variance 80
    assert overdispersion(swinging, of, "rate").phi == pytest.approx(4, abs=0.8)


def test_a_step_is_no_dispersion():
    assert overdispersion(months([20] * 10 + [40] * 10), months([200] * 20), "proportion").phi < 0.3


def test_a_gap_joins_no_neighbours():
    counts = months([*[20, 20] * 6, np.nan, *[80, 80] * 6])
    assert overdispersion(counts, months([200] * 25), "proportion").phi == 0


def test_a_series_without_an_answer_says_why():
    of = months([200] * 14)
    told = {
        "too_few_periods": overdispersion(months([3] * 11), of[:11], "rate"),
        "no_events": overdispersion(months([0] * 14), of, "rate"),
        "all_events": overdispersion(of, of, "proportion"),
        "calendar": overdispersion(months([3] * 13), of, "rate"),
    }
    assert {why: found.reason for why, found in told.items()} == {why: why for why in told}
    assert overdispersion(months([3] * 14), of.where(of.index != of.index[5], 0), "rate").periods == 13
    assert share(3, 20, phi=told["no_events"].known).holds == "counting_only"


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.floats(0.1, 50), st.integers(0, 10**6))
def test_an_interval_holds_its_value_and_overdispersion_never_narrows_it(count, of, phi, unasked):
    count = min(count, of)
    for found, wider in ((share(count, of), share(count, of, phi=phi)), (rate(count, of), rate(count, of, phi=phi))):
        assert found.has(found.value) and wider.has(wider.value)
        assert wider.upper >= found.upper * (1 - 1e-9) and wider.lower <= found.lower * (1 + 1e-9)
    asked = share(count, of, population=of + unasked)
    assert 0 <= asked.lower <= asked.upper <= 1
    assert asked.upper - asked.lower <= (share(count, of).upper - share(count, of).lower) * (1 + 1e-9)
