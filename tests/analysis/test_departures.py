"""Departures of practices from the group: by hand, by simulation, and where nothing can be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.departures import departures

EVEN = dict(zip("abcdefghi", range(-4, 5), strict=True))


def test_equal_errors_by_hand():
    """Nine slopes with variance 7.5 and errors of 1: spread² 6.5, and 6/8 of 1/7.5 of each distance is chance."""
    found = departures(EVEN, dict.fromkeys(EVEN, 1.0))
    assert found.spread == pytest.approx(6.5**0.5) and found.group == pytest.approx(0)
    a = found.practices["a"]
    drawn = 6 / 8 / 7.5
    error = np.sqrt(1 - 8 / 9 * drawn + 2 / 6 * drawn**2 * 16)
    assert (a.raw, a.effect) == (-4, pytest.approx(-4 * (1 - drawn)))
    assert (a.lower, a.upper) == pytest.approx((a.effect - 1.959964 * error, a.effect + 1.959964 * error))
    assert [name for name, each in found.practices.items() if each.apart] == ["a", "b", "h", "i"]
    assert found.p_spread < 1e-9


def test_distances_that_chance_explains_are_drawn_in():
    found = departures(EVEN, dict.fromkeys(EVEN, 4.0))
    assert found.spread == 0 and found.p_spread > 0.5
    assert found.practices["a"].effect == pytest.approx(-1) and not any(d.apart for d in found.practices.values())


def test_a_practice_that_can_tell_little_is_drawn_further():
    slopes = EVEN | {"sure": 6.0, "unsure": 6.0}
    found = departures(slopes, dict.fromkeys(EVEN, 1.0) | {"sure": 0.5, "unsure": 5.0})
    assert found.practices["unsure"].effect < 3 < 5 < found.practices["sure"].effect < 6
    assert found.practices["sure"].apart and not found.practices["unsure"].apart


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("freedom", [10, np.inf])
def test_intervals_cover(spread, freedom):
    covered, apart = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        error = rng.uniform(0.3, 1.5, 20)
        truth = 0.5 + spread * rng.standard_normal(20)
        slope = truth + error * rng.standard_normal(20)
        told = error * np.sqrt(rng.chisquare(freedom, 20) / freedom) if freedom < np.inf else error
        found = list(departures(pd.Series(slope).rename(str), pd.Series(told).rename(str), freedom).practices.values())
        covered += [each.lower <= real <= each.upper for each, real in zip(found, truth, strict=True)]
        apart += [each.apart for each in found]
    assert np.mean(covered) > 0.93
    assert np.mean(apart) < 0.02 if spread == 0 else True
    assert np.mean(apart) > 0.45 if spread == 3 else True


def test_units_change_the_unit_and_nothing_else():
    plain = departures(EVEN, dict.fromkeys(EVEN, 1.5))
    large = departures({k: v * 1e6 for k, v in EVEN.items()}, dict.fromkeys(EVEN, 1.5e6))
    assert large.practices["a"].lower == pytest.approx(plain.practices["a"].lower * 1e6)
    assert large.spread == pytest.approx(plain.spread * 1e6)


def test_practices_without_a_slope_are_left_out_and_few_are_not_compared():
    errors = dict.fromkeys(EVEN, 1.0) | {"c": np.inf}
    found = departures(EVEN, errors)
    assert list(found.practices) == list("abdefghi")
    nothing = [
        departures(EVEN | {"b": np.nan}, errors),
        departures({}, {}),
        departures(EVEN, dict.fromkeys(EVEN, 0.0)),
        departures(dict.fromkeys(EVEN, np.nan), errors),
    ]
    assert all((each.reason, dict(each.practices)) == ("too_few_practices", {}) for each in nothing)
    assert departures(dict.fromkeys(EVEN, 2.0), dict.fromkeys(EVEN, 1.0)).practices["a"].effect == pytest.approx(2)
