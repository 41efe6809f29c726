"""Bent effects and moderated ones are found where they are planted, seldom elsewhere, and never on bad input."""

from __future__ import annotations

import numpy as np
import pytest

from bsc_analysis.analysis.shape import moderated, saturation
from tests.analysis.panels import panel


def bent(seed: int, **how):
    x, y, _ = panel(seed, **how)
    return saturation(x, y, lag=1, knot=0.0, draws=99)


def by(seed: int, **how):
    return moderated(*panel(seed, **how), lag=1, draws=99)


def test_an_effect_that_ends_at_the_knot_flattens():
    told = [bent(seed, practices=30, slope=0.8, above=0.0) for seed in range(10)]
    assert sum(s.answer == "flattens" for s in told) >= 9
    assert np.mean([s.below for s in told]) == pytest.approx(0.8, abs=0.1)
    assert np.mean([s.above for s in told]) == pytest.approx(0.0, abs=0.1)
    assert sum(s.above_interval[0] <= 0 <= s.above_interval[1] for s in told) >= 8
    assert all(0.4 < s.share_above < 0.6 and s.practices == 30 and s.points == 30 * 35 for s in told)


def test_an_effect_that_grows_or_turns_is_called_so():
    assert bent(1, practices=30, slope=0.2, above=1.2).answer == "steepens"
    assert bent(1, practices=30, slope=0.9, above=-0.9).answer == "turns"


@pytest.mark.parametrize("slope", [0.0, 0.6])
def test_a_straight_effect_is_seldom_called_bent_or_moderated(slope):
    told = [each(seed, slope=slope) for seed in range(40) for each in (bent, by)]
    assert sum(each.p <= 0.05 for each in told) <= 10
    assert {each.reason for each in told if each.answer == "cannot_tell"} == {"no_difference_found"}


@pytest.mark.parametrize(("change", "answer"), [(0.3, "stronger"), (-0.3, "weaker")])
def test_a_moderator_that_moves_the_slope_is_found(change, answer):
    told = [by(seed, practices=30, slope=0.5, moderated=change) for seed in range(10)]
    assert all(m.answer == answer for m in told)
    assert np.mean([m.change for m in told]) == pytest.approx(change, abs=0.05)
    assert np.mean([m.slope for m in told]) == pytest.approx(0.5, abs=0.1)
    assert sum(m.interval[0] <= change <= m.interval[1] for m in told) >= 8
    assert all(abs(m.per_sd) > abs(m.change) for m in told)  # the moderator's own spread is 1.4


def test_a_practice_level_of_the_moderator_is_no_movement():
    x, y, m = panel(3, slope=0.5, moderated=0.3)
    plain, shifted = moderated(x, y, m, lag=1), moderated(x, y, m + np.arange(12) * 10, lag=1)
    assert shifted.change == pytest.approx(plain.change) and shifted.p == plain.p


def test_units_change_the_slopes_and_nothing_else():
    x, y, m = panel(4, slope=0.5, above=0.0)
    plain, large = saturation(x, y, lag=1, knot=0.0), saturation(x * 1e4 + 5e4, y * 1e6, lag=1, knot=5e4)
    assert large.p == plain.p and large.above == pytest.approx(plain.above * 100)
    assert moderated(x, y, m * 1e5, lag=1).per_sd == pytest.approx(moderated(x, y, m, lag=1).per_sd)


def test_what_cannot_be_told_has_a_reason_and_no_p_value():
    x, y, m = panel(5, slope=0.5)
    apart = x.clip(upper=1).assign(**{name: x[name] + 9 for name in x.columns[6:]})  # each practice on one side
    found = {
        "too_few_above": saturation(x, y, lag=1, knot=99.0),
        "too_few_below": saturation(x, y, lag=1, knot=-99.0),
        "too_few_across": saturation(apart, y, lag=1, knot=2.0),
        "identical": saturation(x, x, lag=1, knot=0.0),
        "too_few_practices": saturation(x[["p00"]], y[["p00"]], lag=1, knot=0.0),
        "too_few_points": saturation(x.iloc[:8], y.iloc[:8], lag=1, knot=0.0),
        "lagging_constant": saturation(x, y * 0 + 0.1, lag=1, knot=0.0),
        "moderator_constant": moderated(x, y, m * 0 + 0.1, lag=1),
        "leading_constant": moderated(x * 0 + 0.7, y, m, lag=1),
        "regressors_alike": moderated(x, y, x * 3, lag=1),
    }
    assert {why: (each.reason, each.p, each.answer) for why, each in found.items()} == {
        why: (why, None, "cannot_tell") for why in found
    }
    empty = [saturation(x * np.nan, y, lag=1, knot=0.0), moderated(x, y * np.nan, m, lag=1)]
    empty += [saturation(x, y, lag=40, knot=0.0), moderated(x, y, m, lag=40)]
    assert {each.reason for each in empty} == {"too_few_points"}
