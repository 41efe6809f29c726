"""The naive tests are those that people use: statsmodels and scipy give the same p-values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.tsa.stattools import grangercausalitytests

from bsc_analysis.calibrate import naive

LAGS = range(1, 5)


def panel(practices: int = 6, periods: int = 9, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """A panel with one value missing in each KPI."""
    x, y = np.random.default_rng(seed).standard_normal((2, periods, practices))
    x[4, 2] = y[6, 1] = np.nan
    return x, y


def long(x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    rows = [
        {"y": y[t, i], "x": x[t - 1, i], "own": y[t - 1, i], "period": t, "practice": i}
        for i in range(x.shape[1])
        for t in range(1, len(x))
    ]
    return pd.DataFrame(rows).dropna()


def test_those_of_one_practice():
    x, y = np.random.default_rng(8).standard_normal((2, 24)).cumsum(axis=1)
    told = naive.single(x, y)
    assert told["correlation, best lag"] == pytest.approx(min(stats.pearsonr(x[:-k], y[k:]).pvalue for k in LAGS))
    granger = grangercausalitytests(np.column_stack([y, x]), maxlag=4)
    assert told["Granger, best lag"] == pytest.approx(min(granger[k][0]["ssr_ftest"][1] for k in LAGS))
    assert told["least squares"] == pytest.approx(sm.OLS(y[1:], sm.add_constant(x[:-1])).fit().pvalues[1])


def test_those_of_a_group_with_gaps():
    x, y = panel()
    rows, told = long(x, y), naive.group(x, y)
    dummies = [pd.get_dummies(rows[name], prefix=name, dtype=float) for name in ("practice", "period")]
    for name, by in (
        ("pooled", sm.add_constant(rows[["x"]])),
        ("fixed effects", pd.concat([rows[["x"]], dummies[0]], axis=1)),
        ("fixed effects, own lag", pd.concat([rows[["x", "own"]], dummies[0]], axis=1)),
    ):
        assert told[name] == pytest.approx(sm.OLS(rows["y"], by).fit().pvalues["x"]), name


def test_the_clustered_one():
    x, y = panel(seed=4)
    rows, told = long(x, y), naive.group(x, y)
    by = pd.concat(
        [rows[["x", "own"]], *(pd.get_dummies(rows[n], dtype=float) for n in ("practice", "period"))], axis=1
    )
    fitted = sm.OLS(rows["y"], by.iloc[:, :-1]).fit(
        cov_type="cluster", cov_kwds={"groups": rows["practice"], "use_correction": False}
    )
    t = fitted.params["x"] / fitted.bse["x"] / np.sqrt(6 / 5)
    assert told["two-way, own lag, clustered"] == pytest.approx(2 * stats.t.sf(abs(t), 5), rel=1e-5)
