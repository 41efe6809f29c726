"""Designs hold what they say: planted effects at their lag and size, nothing ahead in nulls, what a test is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.calibrate.cells import group_sizes
from bsc_analysis.calibrate.designs import (
    NULLS,
    PEERS,
    SAME_PERIOD,
    STEP,
    among_peers,
    autoregressive,
    declared_step,
    irregular_season,
    planted,
    same_period,
    slope_of,
)
from bsc_analysis.calibrate.group_designs import (
    GROUP_NULLS,
    missing,
    own_seasons,
    regional_factor,
    two_specialties,
    with_levels,
)

MONTHS = pd.period_range("2010-01", periods=24, freq="M")
LONG = pd.period_range("1900-01", periods=3000, freq="M")
STATIONARY = ["white noise", "persistent .6", "shocks in common", "lagging moves leading", "heavy tails"]


def slopes(told: np.ndarray, *by: np.ndarray) -> np.ndarray:
    regressors = np.column_stack([np.ones(len(told)), *by])
    return np.linalg.lstsq(regressors, told)[0][1:]


def rng(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("lag", [1, 3])
def test_a_planted_effect_comes_after_its_lag_and_at_no_other(lag):
    drawn = planted(rng(), LONG, 1, slope=0.4, lag=lag)
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    found = slopes(y[5:], y[4:-1], *(x[5 - k : len(x) - k] for k in range(5)))
    np.testing.assert_allclose(found, [0.5, *(0.4 if k == lag else 0 for k in range(5))], atol=0.08)
    assert drawn.effects == {lag: 0.4}


@pytest.mark.parametrize("name", STATIONARY)
def test_in_a_null_the_past_of_x_says_nothing_ahead(name):
    drawn = NULLS[name](rng(), LONG, 1)
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    assert abs(slopes(y[1:], y[:-1], x[:-1])[1]) < 0.06


def test_where_lagging_moves_leading_only_the_past_of_y_speaks():
    drawn = NULLS["lagging moves leading"](rng(), LONG, 1)
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    np.testing.assert_allclose(slopes(x[1:], x[:-1], y[:-1]), [0.5, 0.5], atol=0.06)


def test_an_answer_within_the_period_forecasts_but_does_not_lead():
    drawn = same_period(rng(), LONG, 1)
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    assert slopes(y[1:], y[:-1], x[:-1])[1] > 0.2
    np.testing.assert_allclose(slopes(y[1:], y[:-1], x[1:], x[:-1]), [0.5, 0.5, 0.0], atol=0.06)


def test_a_slope_gives_the_partial_r2_that_it_was_asked_for():
    drawn = planted(rng(), LONG, 1, slope=slope_of(0.3))
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    own = y[1:] - y[:-1] * slopes(y[1:], y[:-1])
    full = y[1:] - np.column_stack([y[:-1], x[:-1]]) @ slopes(y[1:], y[:-1], x[:-1])
    assert 1 - full.var() / own.var() == pytest.approx(0.3, abs=0.03)


def test_persistence_shocks_and_steps_are_as_named():
    drawn = autoregressive(rng(), LONG, 1, 0.9, 0.7)
    u, e = (each[1:, 0] - 0.9 * each[:-1, 0] for each in (drawn.x, drawn.y))
    assert np.corrcoef(u, e)[0, 1] == pytest.approx(0.7, abs=0.04) and u.std() == pytest.approx(1, abs=0.04)
    step = declared_step(rng(), MONTHS, 400)
    assert step.told == {"breaks": [MONTHS[12]]}
    assert step.y[12:].mean() - step.y[:12].mean() == pytest.approx(STEP, abs=0.3)


def test_seasons_come_back_after_a_year_and_years_have_none():
    same = irregular_season(rng(), MONTHS, 500)
    for values in (same.x, same.y):
        level = values.mean(axis=1)
        np.testing.assert_allclose(level[:12], level[12:], atol=0.4)
        assert level.std() > 0.5
    own = own_seasons(rng(), MONTHS, 500)
    assert np.corrcoef(own.x[:12].ravel(), own.y[12:].ravel())[0, 1] > 0.5
    assert abs(own.x.mean(axis=1)).max() < 0.5
    years = NULLS["shared season"](rng(), pd.period_range("2010", periods=300, freq="Y"), 1)
    assert abs(years.x.mean()) < 0.3 and years.x.std() == pytest.approx(1, abs=0.2)


def test_peers_share_most_of_what_moves_the_lagging_kpi_and_not_the_leading_one():
    drawn = among_peers(rng(), LONG, 1, slope=0.4)
    of_x, of_y = drawn.told["peers"]
    assert of_x.shape == of_y.shape == (3000, PEERS)
    assert np.corrcoef(drawn.y[:, 0], of_y.mean(axis=1))[0, 1] > 0.6
    assert abs(np.corrcoef(drawn.x[:, 0], of_x.mean(axis=1))[0, 1]) < 0.1
    x, y = drawn.x[:, 0], drawn.y[:, 0]
    np.testing.assert_allclose(slopes(y[1:], y[:-1], x[:-1]), [0.5, 0.4], atol=0.06)


@pytest.mark.parametrize("name", GROUP_NULLS)
def test_a_group_has_a_column_for_each_practice_and_names_for_each_that_has_one(name):
    for size in group_sizes(name)[:3]:
        drawn = GROUP_NULLS[name](rng(), size.index, size.practices)
        assert drawn.x.shape == drawn.y.shape == (size.periods, size.practices)
        assert np.isfinite(drawn.x).all() == (name != "a fifth missing")
        for sets in ("specialty", "region"):
            if sets in drawn.told:
                assert list(drawn.told[sets].index) == list(range(size.practices))
                assert drawn.told[sets].value_counts().min() >= 4
    again = GROUP_NULLS[name](rng(), size.index, size.practices)
    np.testing.assert_array_equal(drawn.y, again.y)


@pytest.mark.parametrize(("design", "sets"), [(two_specialties, "specialty"), (regional_factor, "region")])
def test_those_of_one_set_move_alike(design, sets):
    drawn = design(rng(), LONG[:600], 40)
    of = drawn.told[sets]
    means = pd.DataFrame(drawn.y).T.groupby(of).mean().T
    other = pd.DataFrame(drawn.x).T.groupby(of).mean().T
    assert all(np.corrcoef(means[name], other[name])[0, 1] > 0.8 for name in means)
    assert abs(np.corrcoef(means.iloc[:, 0], means.iloc[:, 1])[0, 1]) < 0.7


def test_a_fifth_is_missing_and_levels_of_practices_are_alike_in_both():
    drawn = missing(rng(), MONTHS, 500)
    assert np.isnan(drawn.x).mean() == pytest.approx(0.2, abs=0.02) == np.isnan(drawn.y).mean()
    levels = with_levels(rng(), autoregressive(rng(), MONTHS, 2000, 0.0))
    assert np.corrcoef(levels.x.mean(axis=0), levels.y.mean(axis=0))[0, 1] == pytest.approx(0.7, abs=0.07)


def test_every_design_that_is_told_a_season_has_one_at_each_size():
    assert [str(size) for size in group_sizes("own seasons")[:2]] == [
        "8 practices, 12 quarters",
        "8 practices, 24 months",
    ]
    assert len(group_sizes("white noise")) == len(group_sizes("two specialties")) == 9
    assert set(SAME_PERIOD) & set(GROUP_NULLS) == set()
