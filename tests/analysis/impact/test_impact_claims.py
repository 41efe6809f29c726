"""Claims against the own data: met, not met, or cannot tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.impact.claims import fall_in_counts, fall_in_means, share_claimed


@pytest.mark.parametrize(
    ("count", "n", "answer"),
    [(780, 1000, "met"), (620, 1000, "not_met"), (71, 100, "cannot_tell"), (0, 20, "not_met"), (20, 20, "met")],
)
def test_seventy_percent_of_calls(count, n, answer):
    found = share_claimed(count, n, 0.7)
    assert (found.answer, found.value, found.n) == (answer, count / n, n)


def test_flawless_is_refuted_by_one_error_and_never_proven():
    assert share_claimed(9_999, 10_000, 1.0).answer == "not_met"
    assert share_claimed(10_000, 10_000, 1.0).answer == "cannot_tell"


def test_shares_that_vary_by_month_more_than_chance_say_less():
    n = pd.Series([100.0] * 10)
    steady, wild = (
        pd.Series([73.0, 76, 74, 77, 75, 74, 76, 75, 73, 77]),
        pd.Series([40.0, 99, 60, 95, 55, 98, 70, 90, 45, 98]),
    )
    one, two = share_claimed(steady, n, 0.7), share_claimed(wild, n, 0.7)
    assert one.value == two.value == 0.75 and one.dispersion == 1 and two.dispersion > 10
    assert (one.answer, two.answer) == ("met", "cannot_tell")
    assert share_claimed(steady.sum(), n.sum(), 0.7).lower == pytest.approx(one.lower)


def test_a_fall_from_totals():
    found = fall_in_counts(200, 40, 0.7, exposure=(12, 12))
    assert found.value == pytest.approx(0.8) and found.answer == "met" and found.lower < 0.8 < found.upper
    assert fall_in_counts(200, 40, 0.7, exposure=(12, 4)).answer == "not_met"
    assert fall_in_counts(20, 4, 0.7).answer == fall_in_counts(200, 40, 0.7, dispersion=20).answer == "cannot_tell"
    assert fall_in_counts(50, 0, 0.7).upper == 1 and fall_in_counts(50, 0, 0.7).answer == "met"


def test_intervals_of_falls_hold_the_truth():
    rng = np.random.default_rng(1)
    counts = [fall_in_counts(*rng.poisson([60, 24]), 0.5) for _ in range(400)]
    means = [fall_in_means(rng.gamma(4, 10, 12), rng.gamma(4, 4, 9), 0.5) for _ in range(400)]
    for found in (counts, means):
        assert np.mean([each.lower <= 0.6 <= each.upper for each in found]) >= 0.93


def test_hours_of_preparation():
    found = fall_in_means([40, 44, 38, 42], [9, 11, 10, 8], 0.7)
    assert found.value == pytest.approx(1 - 9.5 / 41) and found.answer == "met" and (found.before, found.n) == (4, 4)
    assert fall_in_means([40, 44, 38, 42], [19, 21, 20, 18], 0.7).answer == "not_met"


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (share_claimed(0, 0, 0.7), "no_cases"),
        (share_claimed(np.nan, 5, 0.7), "no_cases"),
        (share_claimed(7, 5, 0.7), "count_beyond_n"),
        (share_claimed(-1, 5, 0.7), "count_beyond_n"),
        (fall_in_counts(0, 5, 0.7), "none_before"),
        (fall_in_counts(-1, 5, 0.7), "no_counts"),
        (fall_in_counts(3, 5, 0.7, dispersion=40), "too_few_events"),
        (fall_in_counts(5, np.inf, 0.7), "no_counts"),
        (fall_in_counts(5, 1, 0.7, exposure=(1, 0)), "no_exposure"),
        (fall_in_means([], [1, 2], 0.7), "no_cases"),
        (fall_in_means([np.nan], [1, 2], 0.7), "no_cases"),
        (fall_in_means([40], [10, 11], 0.7), "too_few_points"),
        (fall_in_means([40, 41, 42], [0, 0, 0], 0.7), "too_few_points"),
        (fall_in_means([-40, 41, 42], [1, 2, 3], 0.7), "not_above_0"),
        (fall_in_means([40, 40, 40], [10, 10, 10], 0.7), "all_equal"),
    ],
)
def test_what_cannot_be_told_has_a_reason(found, reason):
    assert (found.answer, found.reason) == ("cannot_tell", reason) and np.isnan([found.lower, found.upper]).all()


def test_a_share_is_claimed_from_0_to_1():
    with pytest.raises(ValueError, match=r"0\.7 for 70 %"):
        share_claimed(7, 10, 70)
