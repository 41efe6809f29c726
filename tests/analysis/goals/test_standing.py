"""Where a goal stands, by hand; and for each thing that can be wrong a reason instead of a number."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.goals.detectable import Side, detectable
from bsc_analysis.analysis.goals.history import History, expected
from bsc_analysis.analysis.goals.rarity import rarity
from bsc_analysis.analysis.goals.standing import judge
from bsc_analysis.analysis.variation import xmr
from bsc_analysis.kpis import KPIS
from bsc_analysis.params.goal_models import Goal
from bsc_analysis.periods import Calendar

NO_SHOWS = KPIS["no_show_rate"]
DAY = "2025-01-04"


def series(values, start="2024-01", freq="M") -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), pd.period_range(start, periods=len(values), freq=freq))


def steady(n=24, level=9.0, spread=0.5, start="2024-01", seed=1) -> pd.Series:
    return series(level + spread * np.random.default_rng(seed).standard_normal(n), start)


def goal(**told) -> Goal:
    return Goal.model_validate({"kpi": "no_show_rate", "by": "2026-03", "because": "x", "declared": DAY} | told)


def standing(values, weights=None, *, kpi="no_show_rate", breaks=(), calendar=None, **told):
    over = None if weights is None else series(weights, str(values.index[0]), values.index.freqstr)
    asked = goal(kpi=kpi, **told)
    return judge(asked, KPIS[kpi], History(values, over, breaks), calendar=calendar or Calendar())


@pytest.mark.parametrize(
    ("target", "status"), [(9.5, "on_track"), (8.5, "at_risk"), (5.0, "at_risk"), (12.0, "on_track")]
)
def test_a_goal_ahead_is_on_track_where_it_is_more_likely_than_not(target, status):
    found = standing(steady(), target=target)
    assert found.status == status and (found.probability >= 0.5) == (status == "on_track")
    lower, middle, upper = found.ends
    assert lower < 9 < upper and lower < middle < upper


def test_the_probability_follows_the_target_in_the_kpis_own_direction():
    down = [standing(steady(), target=t).probability for t in (8, 8.5, 9, 9.5, 10)]
    up = [standing(steady(level=80), kpi="clean_claims", target=t).probability for t in (79, 79.5, 80, 80.5, 81)]
    assert down == sorted(down) and up == sorted(up, reverse=True)
    assert min(down + up) > 0 and max(down + up) < 1


@pytest.mark.parametrize(("last", "status"), [(7.0, "met"), (6.9, "met"), (7.1, "missed")])
def test_at_its_deadline_a_goal_is_met_or_missed(last, status):
    found = standing(series([9.0] * 14 + [last]), by="2025-03", target=7)
    assert (found.status, found.reached, found.probability) == (status, last, None)


@pytest.mark.parametrize(("last", "status"), [(95.0, "met"), (95.1, "met"), (94.9, "missed")])
def test_a_goal_upwards_is_met_from_its_target_on(last, status):
    found = standing(series([90.0] * 14 + [last]), kpi="clean_claims", by="2025-03", target=95)
    assert found.status == status


def test_a_quarter_is_judged_on_sums():
    """8 of 100, 8 of 100 and 4 of 400: 32 of 600 are 5.33 %, not the mean of 8, 8 and 1."""
    months = series([9.0] * 12 + [8, 8, 4])
    found = standing(months, [100] * 14 + [400], by="2025Q1", target=5.4)
    assert (found.status, found.reached) == ("met", pytest.approx(32 / 600 * 100))


def test_the_quarter_that_runs_counts_its_months_that_are_there():
    begun = standing(series([9, 8, 9, 10] * 6 + [20, 20]), [100] * 26, by="2026Q1", target=9.5)
    fresh = standing(series([9, 8, 9, 10] * 6), [100] * 24, by="2026Q1", target=9.5)
    assert begun.probability < 0.02 < fresh.probability
    lower, _, upper = begun.ends
    assert 2 * 20 / 3 < lower < upper < 3 * 20 / 3 + 2  # two of its three months are 20


def test_totals_are_added_and_stocks_are_those_of_the_last_month():
    total = standing(
        series([10.0] * 3 + [12.0] * 3, "2024-01"), kpi="earned_savings", by="2024Q2", target=30, declared="2024-01-01"
    )
    stock = standing(
        series([40.0, 41, 42, 39, 38, 30]), kpi="days_in_ar", by="2024Q2", target=33, declared="2024-01-01"
    )
    assert (total.reached, stock.reached) == (36, 30)


def test_a_relative_change_and_one_in_points_are_not_the_same():
    months = series([9, 11, 10] * 8)
    relative, points = (
        standing(months, [100] * 24, baseline="2025Q4", by="2026Q2", change=change).aim.target
        for change in ({"relative": -15}, {"points": -1.5})
    )
    assert (relative, points) == (pytest.approx(8.5), pytest.approx(8.5))
    assert standing(months, [100] * 24, baseline="2025Q4", by="2026Q2", change={"points": -5}).aim.target == 5


def test_the_line_goes_straight_from_baseline_to_target():
    found = standing(steady(26), baseline="2025-12", by="2026-06", change={"points": -3})
    assert found.line.index[0] == pd.Period("2025-12") and len(found.line) == 7
    assert np.diff(found.line).tolist() == pytest.approx([-0.5] * 6)
    assert found.due == pytest.approx(found.aim.start - 1)  # February, two months on


def test_a_goal_without_a_reading_since_it_was_declared_is_too_early_to_judge():
    found = standing(steady(), target=8, declared="2026-01-04")
    assert found.status == "too_early" and found.probability is not None


def test_fiscal_quarters_have_their_own_months():
    months, july = series([9.0] * 6 + [5.0] * 3 + [9.0] * 3), Calendar(7)
    assert standing(months, [100] * 12, by="2025Q1", target=6, calendar=july, declared="2024-01-01").status == "met"
    assert standing(months, [100] * 12, by="2024Q3", target=6, declared="2024-01-01").status == "met"


REASONS = {
    "target_on_wrong_side": {"baseline": "2025-12", "change": {"points": 2.0}},
    "target_impossible": {"target": -1},
    "no_baseline_reading": {"baseline": "2023-01", "change": {"relative": -10}},
    "deadline_before_baseline": {"baseline": "2025-12", "by": "2025-11", "target": 2},
    "deadline_before_declaration": {"target": 8, "by": "2024-11"},
    "too_far": {"target": 8, "by": "2027-03"},
    "cannot_be_pooled": {"target": 8, "by": "2026Q1"},
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reason", REASONS)
def test_what_cannot_be_told_has_a_reason(reason):
    found = standing(steady(), **REASONS[reason])
    assert (found.status, found.reason, found.probability) == ("cannot_tell", reason, None)


SERIES = {
    "no_readings": series([np.nan] * 24),
    "too_few_points": steady(9, start="2025-04"),
    "all_equal": series([9.0] * 24),
    "no_calendar": pd.Series([9.0] * 24),
    "periods_twice": pd.concat([steady(), steady()]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reason", SERIES)
def test_a_history_that_says_nothing_has_a_reason(reason):
    found = judge(goal(target=8), NO_SHOWS, History(SERIES[reason]))
    assert (found.status, found.reason, found.probability) == ("cannot_tell", reason, None)


@pytest.mark.filterwarnings("error")
def test_zero_and_negative_denominators_count_as_missing():
    months = steady(24)
    found = standing(months, [0, -5, np.nan, np.inf] + [100] * 20, by="2026Q1", target=9.5)
    assert found.status == "on_track" and found.detectable.basis.startswith("counting")
    none = standing(months, [0] * 24, by="2026Q1", target=9.5)
    assert (none.status, none.reason) == ("cannot_tell", "cannot_be_pooled")


def test_a_yearly_history_has_no_quarters_and_a_baseline_of_zero_no_shares():
    years = series([15.1, 15.3, 15.0, 14.8, 15.2, 14.9, 15.1, 15.0, 14.7, 14.9], "2015", "Y")
    told = {"kpi": "readmission_rate", "declared": "2025-01-04"}
    rare = standing(years, by="2025", baseline="2024", change={"relative": -15}, **told)
    assert (rare.status, rare.rarity.share) == ("too_early", 0.0) and rare.probability < 0.01
    assert standing(years, by="2025Q4", target=14, **told).reason == "finer_than_readings"
    assert standing(years * 0, by="2025", baseline="2024", change={"relative": -15}, **told).reason == "baseline_zero"


def test_a_deadline_that_passed_without_a_reading_cannot_be_told():
    through = pd.Period("2026-06", "M")
    found = judge(goal(target=9.5), NO_SHOWS, History(steady()), through=through)
    assert (found.status, found.reason) == ("cannot_tell", "no_reading_at_deadline")


def test_guardrails_tell_better_worse_and_no_real_change():
    quiet = [10.0, 12, 9, 11, 10, 13, 9, 12, 8, 11, 10, 12, 9, 11]
    told = {
        "wait_median": xmr(series([*quiet, 30]), better="down"),
        "burnout": xmr(series([*quiet, 0.5]), better="down"),
        "engagement": xmr(series(quiet), better="up"),
        "training_hours": xmr(series(quiet[:5]), better="up"),
    }
    asked = goal(target=8, guardrails=[*told, "cost_per_visit"])
    found = judge(asked, NO_SHOWS, History(steady()), guardrails=told).guardrails
    assert [(g.answer, g.reason) for g in found] == [
        ("worse", ""),
        ("better", ""),
        ("no_real_change", ""),
        ("cannot_tell", "too_few"),
        ("cannot_tell", "no_readings"),
    ]


def test_how_rare_a_change_is_counts_past_windows():
    """Over two periods: 10→8, 9→9, 8→10, 9→9, 10→8. Two of five fall by two or more, one rises so far."""
    history = History(series([10.0, 9, 8, 9, 10, 9, 8]))
    down, up = rarity(history, -2, 2, 1, "none"), rarity(history, 2, 2, 1, "none")
    assert (down.share, down.windows, up.share) == (0.4, 5, 0.2)
    broken = rarity(History(history.values, breaks=("2024-03",)), -2, 2, 1, "none")
    assert (broken.share, broken.windows) == (pytest.approx(1 / 3), 3)  # windows that begin in March or later
    assert rarity(history, -2, 7, 1, "none").reason == "too_few_points"
    assert rarity(history, -2, 2, 3, "none").reason == "cannot_be_pooled"


def test_how_rare_a_change_of_quarters_is_takes_sums():
    history = History(series([10.0, 10, 10, 0, 0, 6]), series([100.0] * 5 + [400]))
    found = rarity(history, -5.5, 3, 3, "ratio")
    assert (found.share, found.windows) == (1.0, 1)  # 10 % to 24 of 600, 4 %


def test_the_smallest_change_that_can_be_told_by_counts():
    """1,000 visits twice at 10 %: SE √(2 · .09 / 1,000) = 1.342 points, times 1.960 + .842."""
    history = History(series([10.0] * 12), series([1000.0] * 12))
    same = detectable(NO_SHOWS, history, Side(10, 1000, 1), Side(10, 1000, 1), "ratio")
    assert same.smallest == pytest.approx(2.8016 * 1.3416, rel=1e-4) and same.power == pytest.approx(0.05)
    assert (same.basis, same.inflation) == ("counting", 1.0)
    far = detectable(NO_SHOWS, history, Side(10, 1000, 1), Side(10 - same.smallest, 1000, 1), "ratio")
    assert 0.8 < far.power < 0.9  # the lower share varies less


def test_months_that_differ_by_more_than_their_counts_widen_it():
    history = History(series([8.0, 12.0] * 12), series([10_000.0] * 24))
    found = detectable(NO_SHOWS, history, Side(10, 10_000, 1), Side(9, 10_000, 1), "ratio")
    assert found.basis == "counting_and_swings"
    assert found.smallest == pytest.approx(2.8016 * np.sqrt((10 * 90 + 9 * 91) / 1e4 * found.inflation), rel=1e-4)
    assert found.inflation == pytest.approx((4 / 1.128) ** 2 / np.mean([8 * 92 / 1e4, 12 * 88 / 1e4]), rel=1e-6)


def test_without_counts_the_swings_of_the_history_stand_in():
    history = History(series([20.0, 21, 20, 21, 20, 21, 20, 21]))
    found = detectable(KPIS["wait_median"], history, Side(20, None, 1), Side(15, None, 1), "none")
    assert (found.basis, found.smallest) == ("swings", pytest.approx(2.8016 * np.sqrt(2) / 1.128, rel=1e-4))
    assert (
        detectable(
            KPIS["wait_median"], History(series([20.0] * 9)), Side(20, None, 1), Side(15, None, 1), "none"
        ).reason
        == "all_equal"
    )
    assert (
        detectable(KPIS["wait_median"], History(series([20.0, 1])), Side(20, None, 1), Side(15, None, 1), "none").reason
        == "too_few_points"
    )


def test_denominators_ahead_are_those_of_a_year_before():
    over = series([*range(100, 112), *range(200, 206)])  # through June 2025
    ahead = expected(over, pd.period_range("2025-05", "2025-08", freq="M"))
    assert ahead.tolist() == [204, 205, 106, 107]


def test_a_sum_of_fewer_months_is_nowhere_to_set_out_from():
    """Nine months of 100 are 900; a year's 1,205 is 5 more than so far, not 305."""
    for months, told in ((9, False), (24, True)):
        values = series(100 + np.random.default_rng(2).standard_normal(months), "2025-01")
        found = standing(values, kpi="earned_savings", by="2025" if months < 12 else "2027", target=1205)
        assert (found.detectable.power is not None) == told
        assert not told or found.detectable.power < 0.7
