"""A slice of the calibration: few repetitions, with bounds that a broken test breaks."""

from __future__ import annotations

from functools import partial

import pytest

from bsc_analysis.calibrate.cells import Cell, Size
from bsc_analysis.calibrate.designs import NULLS, TOGETHER, planted, same_period
from bsc_analysis.calibrate.group_designs import GROUP_NULLS
from bsc_analysis.calibrate.measure import measured

TIMES, DRAWS = 60, 99
MANY, MOST = 120, 12  # of a test that errs in 5 %, 0.7 % of slices bring more


@pytest.mark.parametrize(
    ("name", "size"),
    [("random walks", Size(60, "M")), ("shared season", Size(24, "M")), ("shocks in common", Size(60, "M"))],
    ids=str,
)
def test_one_practice_without_a_link_seldom_has_one(name, size):
    told = measured(Cell("test", name, NULLS[name], size, MANY, DRAWS))
    assert told["p_forecasts"] <= MOST and told["p_leads"] <= MOST
    assert name in TOGETHER or told["p_same_period"] <= MOST


def test_an_answer_within_the_period_moves_together_and_seldom_leads():
    told = measured(Cell("test", "same", same_period, Size(60, "M"), MANY, DRAWS))
    assert told["p_leads"] <= MOST and told["p_same_period"] > 45


@pytest.mark.parametrize("lag", [1, 2])
def test_a_strong_effect_is_found_in_most(lag):
    design = partial(planted, slope=0.7, lag=lag)
    told = measured(Cell("test", f"planted {lag}", design, Size(60, "M"), TIMES, DRAWS))
    assert told["p_forecasts"] >= 50


def test_intervals_hold_what_was_planted():
    design = partial(planted, slope=0.4, leading=0.0)
    told = measured(Cell("coverage", "planted", design, Size(60, "M"), TIMES, DRAWS))
    assert told["all_lags"] >= 52 and told["chosen_lag"] >= 52


def test_twice_the_smallest_effect_is_found_with_its_lag():
    told = measured(Cell("twice", "twice", planted, Size(36, "M"), 30, DRAWS))
    assert told["found"] >= 26 and told["right_lag"] >= 22


@pytest.mark.parametrize(
    ("name", "size"), [("own trends", Size(12, "Y", 20)), ("two specialties", Size(24, "M", 8))], ids=str
)
def test_a_group_without_a_link_seldom_has_one(name, size):
    pytest.importorskip("bsc_analysis.analysis.panel")
    told = measured(Cell("test", name, GROUP_NULLS[name], size, TIMES, DRAWS))
    assert max(told[p] for p in ("p_forecasts", "p_leads", "p_same_period")) <= 8  # more: 0.4 % of slices


def test_an_effect_in_a_group_is_found_at_its_lag():
    pytest.importorskip("bsc_analysis.analysis.panel")
    told = measured(Cell("twice", "twice", partial(planted, lag=2), Size(12, "Y", 20), 30, DRAWS))
    assert told["found"] >= 26 and told["right_lag"] >= 22


def test_naive_tests_lie_where_ours_do_not():
    told = measured(Cell("naive", "random walks", NULLS["random walks"], Size(60, "M"), TIMES))
    assert told["correlation, best lag"] > 30 and told["least squares"] > 25
