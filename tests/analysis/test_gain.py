"""Out-of-sample gain: another program's numbers, a useful partner saves, noise does not, short series are told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.gain import clark_west, gain
from bsc_analysis.analysis.terms import deterministic

MONTHS = pd.period_range("2022-01", periods=60, freq="M")
TERMS = deterministic(MONTHS, 12)


def pair(seed: int, slope: float, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """y follows x of two months before."""
    rng = np.random.default_rng(seed)
    x, noise = rng.standard_normal(n + 2), rng.standard_normal(n)
    return slope * x[:-2] + noise, x[2:]


@pytest.mark.shared
def test_sales_and_their_leading_indicator_as_in_r(shared):
    folder = shared / "reference/clarkwest_bjsales"
    told = json.loads((folder / "expected.json").read_text())
    change = pd.read_csv(folder / "data.csv").diff().iloc[1:]
    own = np.column_stack([np.ones(149), change["sales"].shift(1)])
    found = clark_west(change["sales"].to_numpy(), own, change[["lead"]].shift(3).to_numpy(), 80)
    assert found.forecasts == told["n_oos"]
    seen = (found.without, found.added, found.share, found.statistic, found.p)
    assert seen == pytest.approx([told[k] for k in ("mspe0", "mspe1", "oos_r2", "CW", "p_one_sided")], rel=1e-6)


def test_a_partner_that_leads_saves_errors_and_noise_does_not():
    useful = [gain(*pair(seed, 1.5), TERMS, (1,), 2) for seed in range(20)]
    assert all(g.share > 0.2 and g.p < 0.05 for g in useful)
    useless = [gain(*pair(seed, 0.0), TERMS, (1,), 2) for seed in range(100)]
    assert sum(g.p <= 0.05 for g in useless) <= 12 and np.mean([g.share for g in useless]) < 0


def test_nothing_of_a_later_period_reaches_a_forecast():
    """The last value enters by its own squared error and by nothing else."""
    y, x = pair(1, 1.0)
    total = []
    for move in (-10, 0, 10):
        found = gain(np.r_[y[:-1], y[-1] + move], x, TERMS, (1,), 2)
        assert found.forecasts == 23  # of 58 rows, 35 learnt from before the first
        total.append((found.without * 23, found.added * 23))
    below, plain, above = np.array(total)
    assert (below + above - 2 * plain) / 200 == pytest.approx([1, 1])


def test_missing_months_leave_rows_out_and_a_step_to_come_is_no_trouble():
    y, x = pair(2, 1.5)
    y[[5, 50]], x[20] = np.nan, np.nan
    terms = deterministic(MONTHS, 12, ["2026-06"])
    found = gain(y, x, terms, (1,), 2)
    assert found.share > 0 and found.forecasts < 24 and found.reason == ""


@pytest.mark.parametrize("n", [0, 20, 35])
def test_short_series_are_not_compared(n):
    y, x = pair(3, 1.0, n)
    found = gain(y, x, TERMS[:n], (1,), 1)
    assert (found.share, found.p, found.reason) == (None, None, "too_few_points")


def test_a_constant_series_and_one_without_error_are_told():
    y, x = pair(4, 1.0)
    assert gain(np.full(60, 3.0), x, TERMS, (1,), 1).reason == "lagging_constant"
    assert gain(TERMS[:, 1], x, TERMS, (1,), 1).reason == "forecasts_alike"
    assert gain(y, np.zeros(60), TERMS, (1,), 1).reason == "forecasts_alike"
    assert gain(y, np.full(60, np.nan), TERMS, (1,), 1).reason == "too_few_points"
