"""The pooled regression against one with every dummy written out, its errors and draws against slow ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bsc_analysis.analysis.pooled import Pooled, on_one_calendar, pooled
from bsc_analysis.analysis.terms import deterministic
from tests.analysis.panels import panel


def test_slopes_are_those_of_one_regression_with_every_dummy():
    x, y, _ = panel(1, slope=0.5)
    x.iloc[4, 2], y.iloc[[9, 20], 5] = np.nan, np.nan
    model = pooled(y, [x.shift(1), x.shift(2)], "auto", ["2024-01"])
    there = x.shift(1).notna() & x.shift(2).notna() & y.notna() & y.shift(1).notna()
    assert model.used.equals(there) and len(model.y) == there.sum().sum()
    apart = [f.where(there).sub(f.where(there).mean(axis=1), axis=0) for f in (y, y.shift(1), x.shift(1), x.shift(2))]
    terms = deterministic(y.index, 12, ["2024-01"])
    rows, blocks = [], []
    for name in y.columns:
        of = there[name].to_numpy()
        rows.append(np.column_stack([f.loc[of, name] for f in apart]))
        blocks.append(np.column_stack([terms[of], rows[-1][:, 1]]))
    told, wide = np.vstack(rows), np.zeros((len(model.y), sum(b.shape[1] for b in blocks)))
    down = across = 0
    for block in blocks:
        wide[down : down + len(block), across : across + block.shape[1]] = block
        down, across = down + len(block), across + block.shape[1]
    slow = sm.OLS(told[:, 0], np.column_stack([told[:, 2:], wide])).fit()
    np.testing.assert_allclose(model.fit()[0], slow.params[:2], rtol=1e-8)


def small(seed: int) -> Pooled:
    rng = np.random.default_rng(seed)
    practice = np.repeat(np.arange(8), 6)
    by = rng.standard_normal((48, 3))
    return Pooled(by @ [1.0, -1.0, 0.2] + rng.standard_normal(48), by, practice, pd.DataFrame())


def test_errors_are_those_of_leaving_each_practice_out():
    model = small(1)
    found, spread = model.fit()
    keep = [model.practice != g for g in range(8)]
    without = np.array([np.linalg.lstsq(model.by[k], model.y[k], rcond=None)[0] for k in keep])
    np.testing.assert_allclose(found, np.linalg.lstsq(model.by, model.y, rcond=None)[0])
    np.testing.assert_allclose(spread, 7 / 8 * (without - found).T @ (without - found))
    assert model.reach() == pytest.approx(2.364624)


def test_draws_are_those_of_signs_by_practice_refitted_one_by_one():
    model = small(2)

    def t(y):
        fit = sm.OLS(y, model.by).fit(cov_type="cluster", cov_kwds={"groups": model.practice})
        return abs(fit.tvalues[-1])

    null = sm.OLS(model.y, model.by[:, :2]).fit()
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (99, 8))
    slow = [t(null.fittedvalues + null.resid * row[model.practice]) for row in signs]
    assert model.p_last(99, 0) == pytest.approx((1 + np.sum(np.array(slow) >= t(model.y) - 1e-9)) / 100)


def test_frames_that_cannot_be_pooled_say_why():
    x, y, _ = panel(2)
    quarters = y.set_axis(pd.period_range("2022Q1", periods=36, freq="Q"))
    assert on_one_calendar(x, quarters) == "other_calendars"
    assert on_one_calendar(x.reset_index(drop=True), y) == "no_calendar"
    assert on_one_calendar(pd.concat([x, x]), y) == "periods_twice"
    assert on_one_calendar(x.iloc[:, :7], y) == "too_few_practices"
    assert on_one_calendar(x.iloc[:0], y) == "too_few_points"
    assert pooled(y.iloc[:20], [x.iloc[:20]], "auto", ()) == "too_few_points"
    assert pooled(y * np.nan, [x], "auto", ()) == "too_few_points"
    assert pooled(y.assign(**dict.fromkeys(y.columns[5:], np.nan)), [x], "auto", ()) == "too_few_practices"
    assert pooled(y * 0 + 3, [x], "auto", ()) == "lagging_constant"
    assert pooled(y, [x * 0 + 3], "auto", ()) == "leading_constant"
    assert pooled(y, [x, x * 2 + 1], "auto", ()) == "regressors_alike"
    gappy, other = on_one_calendar(x.drop(x.index[5]), y.replace(y.iloc[3, 3], np.inf))
    assert gappy.index.equals(y.index) and gappy.iloc[5].isna().all() and other.isna().sum().sum() == 1
