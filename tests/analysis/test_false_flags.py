"""How many false flags a page has to expect, against simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.variation import expected_false_flags, false_flag_rate, xmr
from bsc_analysis.analysis.variation.false_flags import PERSISTENCE, POINTS, RATES, persistence, simulated


def months(values) -> pd.Series:
    return pd.Series(list(values), index=pd.period_range("2023-01", periods=len(values), freq="M"), dtype="float64")


@pytest.mark.parametrize("family", RATES)
@pytest.mark.parametrize(("points", "coefficient"), [(24, 0.0), (24, 0.6)])
def test_the_table_holds_what_a_simulation_gives(family, points, coefficient):
    told = RATES[family][POINTS.index(points)][PERSISTENCE.index(coefficient)]
    found = simulated(family, points, coefficient, repeats=4000, seed=11)
    assert found == pytest.approx(told, abs=4 * np.sqrt(told * (100 - told) / 4000) + 0.1)


def test_twenty_four_points_are_flagged_as_often_as_was_measured_elsewhere():
    assert 0.012 < false_flag_rate("xmr", 24) < 0.018
    assert 0.17 < false_flag_rate("xmr", 24, 0.6) < 0.19


def test_between_the_cells_the_rate_lies_between_and_without_limits_there_is_none():
    assert false_flag_rate("xmr", 24, 0.2) < false_flag_rate("xmr", 30, 0.3) < false_flag_rate("xmr", 36, 0.4)
    assert false_flag_rate("p_prime", 36) == false_flag_rate("xmr", 36)
    assert false_flag_rate("p", 36) < false_flag_rate("xmr", 36)
    assert false_flag_rate("xmr", 11) == 0
    assert false_flag_rate("xmr", 500) == false_flag_rate("xmr", 60)


def test_a_page_of_independent_kpis_expects_the_sum_of_their_rates():
    rng = np.random.default_rng(3)
    page = {str(k): xmr(months(rng.normal(size=24)), better="up") for k in range(20)}
    page["young"] = xmr(months(rng.normal(size=5)), better="up")
    found = expected_false_flags(page)
    assert found.rates["young"] == 0 and found.expected == pytest.approx(found.rates.sum())
    assert 20 * 0.012 < found.expected < 20 * 0.05 and 0.2 < found.any < 0.7
    assert expected_false_flags({}).expected == 0


def test_persistence_is_found_on_average_and_none_in_independent_points():
    rng = np.random.default_rng(4)

    def series(coefficient):
        x = rng.normal(size=36)
        for t in range(1, 36):
            x[t] += coefficient * x[t - 1]
        return persistence(xmr(months(x), better="up"))

    assert np.mean([series(0.6) for _ in range(60)]) == pytest.approx(0.6, abs=0.1)
    assert np.mean([series(0.0) for _ in range(60)]) < 0.08
    assert persistence(xmr(months([4.0] * 20), better="up")) == 0


def test_a_documented_step_is_no_persistence():
    rng = np.random.default_rng(5)
    step = months(np.where(np.arange(36) >= 18, 30, 0) + rng.normal(size=36))
    assert persistence(xmr(step, better="up", breaks=("2024-07",))) == 0
    assert persistence(xmr(step, better="up")) > 0.8
