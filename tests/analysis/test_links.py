"""The link test: regressions by an oracle, no verdict without a link, planted links found, bad input told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.multitest import multipletests

from bsc_analysis.analysis.lagged import Lagged
from bsc_analysis.analysis.links import judge
from bsc_analysis.analysis.links import test_link as link
from bsc_analysis.analysis.null import fit_null
from bsc_analysis.analysis.terms import deterministic
from bsc_analysis.analysis.verdict import Verdict, benjamini_hochberg

MONTHS = pd.period_range("2022-01", periods=60, freq="M")


def moving(rng, n: int, persistence: float, shocks=None) -> np.ndarray:
    shocks = rng.standard_normal(n + 50) if shocks is None else shocks
    values = np.zeros(n + 50)
    for t in range(1, n + 50):
        values[t] = persistence * values[t - 1] + shocks[t]
    return values[50:]


def pair(seed: int, n: int = 60, slope: float = 0.0, lag: int = 1, persistence: float = 0.6) -> tuple:
    """A leading and a lagging KPI; the leading one moves the other by `slope` per unit, `lag` months later."""
    rng = np.random.default_rng(seed)
    x, noise = moving(rng, n + lag, persistence), rng.standard_normal(n + lag)
    y = np.zeros(n + lag)
    for t in range(lag, n + lag):
        y[t] = 0.5 * y[t - 1] + slope * x[t - lag] + noise[t]
    return pd.Series(x[lag:], MONTHS[:n]), pd.Series(y[lag:], MONTHS[:n])


def test_coefficients_and_errors_are_those_of_least_squares_with_gaps():
    x, y = (s.to_numpy().copy() for s in pair(1, slope=0.4))
    y[[7, 30]], x[[12, 13]] = np.nan, np.nan
    terms = deterministic(MONTHS, 12, ["2024-03"])
    model = Lagged("y", terms, {"y": np.isfinite(y), "x": np.isfinite(x)}, (1, 2), (0, 3))
    zeros = [np.nan_to_num(v)[None] for v in (y, x)]
    frame = pd.DataFrame({"y": y, "y1": pd.Series(y).shift(1), "y2": pd.Series(y).shift(2), "x0": x})
    frame["x3"] = pd.Series(x).shift(3)
    frame = pd.concat([frame, pd.DataFrame(terms).add_prefix("term")], axis=1).dropna()
    told = sm.OLS(frame["y"], frame.drop(columns="y")).fit()
    assert list(frame.index) == list(model.rows) and model.freedom == told.df_resid
    found, spread = model.fit(*zeros)
    np.testing.assert_allclose(found[0], told.params.iloc[:4], rtol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(spread[0])), told.bse.iloc[:4], rtol=1e-7)
    np.testing.assert_allclose(model.remainder(*zeros, found[0])[model.rows], told.resid, atol=1e-9)


def test_the_season_is_one_dummy_a_month_and_breaks_are_steps():
    terms = deterministic(MONTHS[:24], 12, ["2022-01", "2023Q2", "2030"])
    assert terms.shape == (24, 14) and np.linalg.matrix_rank(terms) == 14  # a break where the data begin is none
    assert terms[:, 13].tolist() == [0.0] * 15 + [1.0] * 9
    assert deterministic(pd.period_range("2015", periods=9, freq="Y"), 1).shape == (9, 2)


def test_persistence_is_corrected_for_the_bias_of_short_series():
    there = {"y": np.ones(36, bool), "x": np.ones(36, bool)}
    terms, found, plain = deterministic(MONTHS[:36], 12), [], []
    for seed in range(40):
        x, y = (s.to_numpy()[None] for s in pair(seed, 36, persistence=0.8))
        null = fit_null(np.random.default_rng(seed), y, x, terms, there, (1, 1))
        found.append(null.leading[0])
        plain.append(Lagged("x", terms, there, (1,), (1,)).fit(y, x)[0][0, 1])
    assert np.mean(plain) < 0.65 and abs(np.mean(found) - 0.8) < 0.1


@pytest.mark.parametrize(("persistence", "most"), [(0.0, 10), (0.9, 10), (1.0, 10)])
def test_no_link_is_seldom_called_one(persistence, most):
    """A nominal 5 % of 80; docs tell the rates of many more designs."""
    told = [link(*pair(seed, 36, persistence=persistence), within=4, draws=99) for seed in range(80)]
    assert sum(v.p_forecasts <= 0.05 for v in told) <= most and sum(v.p_leads <= 0.05 for v in told) <= most


def test_what_moves_both_in_one_month_does_not_lead():
    leads = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        shocks = rng.standard_normal(110)
        x = moving(rng, 60, 0.6, shocks)
        y = moving(rng, 60, 0.6, 0.7 * shocks + 0.71 * rng.standard_normal(110))
        verdict = link(pd.Series(x, MONTHS), pd.Series(y, MONTHS), within=3, draws=99)
        leads += verdict.p_leads <= 0.05
        assert verdict.p_same_period <= 0.05
    assert leads <= 6


@pytest.mark.parametrize("lag", [1, 3])
def test_a_planted_link_is_found_with_its_lag_sign_and_size(lag):
    told = [link(*pair(seed, slope=-1.0, lag=lag, persistence=0.3), within=4, expect="negative") for seed in range(12)]
    assert all(v.p_forecasts <= 0.05 and v.effect < 0 for v in told)
    assert sum(v.lag == lag for v in told) >= 10
    assert sum(v.interval[0] <= -1.0 <= v.interval[1] for v in told) >= 10
    assert all(abs(v.shrunken) < abs(v.effect) and v.lags_tested == (1, 2, 3, 4) for v in told)


def test_units_change_the_effect_and_nothing_else():
    x, y = pair(3, slope=0.6)
    plain, scaled = link(x, y, within=2), link(x * 100 + 7, y * 1e6 - 3, within=2)
    assert (plain.p_forecasts, plain.p_leads, plain.p_same_period) == (
        scaled.p_forecasts,
        scaled.p_leads,
        scaled.p_same_period,
    )
    assert scaled.effect == pytest.approx(plain.effect * 1e4) and scaled.per_sd == pytest.approx(plain.per_sd * 1e6)
    assert plain.points == 60 and plain.smallest_effect > 0


def test_peers_take_off_what_moves_all_practices():
    x, y = pair(4)
    shock = pd.Series(np.random.default_rng(9).standard_normal(60) * 5, MONTHS)
    others = [pd.DataFrame({i: pair(50 + i)[k] + shock for i in range(12)}) for k in (0, 1)]
    assert link(x + shock, y + shock, within=2).p_same_period <= 0.01
    assert link(x + shock, y + shock, within=2, peers=tuple(others)).p_same_period > 0.05


def test_peers_that_move_alike_leave_nothing_and_peers_missing_at_times_move_no_mean():
    x, y = pair(4)
    alike = pd.DataFrame({i: x + i for i in range(9)})
    others = pd.DataFrame({i: pair(50 + i)[1] for i in range(9)})
    assert link(x, y, within=2, peers=(alike, others)).reason == "leading_constant"
    gone = np.random.default_rng(2).random((60, 9)) < 0.2
    levels = 1000.0 * np.arange(9)
    apart = [
        link(x, y, within=2, draws=99, peers=((alike * 0.5 + c).mask(gone), (others + c).mask(gone)))
        for c in (0 * levels, levels)
    ]
    assert apart[0].effect == pytest.approx(apart[1].effect, rel=1e-6)


X, Y = pair(5)
BAD = {
    "constant": (X * 0 + 3, Y, "leading_constant"),
    "constant too": (X, Y * 0, "lagging_constant"),
    "a trend and no more": (pd.Series(np.arange(60.0), MONTHS), Y, "leading_constant"),
    "all missing": (X * np.nan, Y, "too_few_points"),
    "one point": (X[:1], Y[:1], "too_few_points"),
    "nothing": (X[:0], Y[:0], "too_few_points"),
    "never together": (X[:20], Y[30:], "too_few_points"),
    "a KPI with itself": (Y, Y, "identical"),
    "a KPI with itself in other units": (Y * 60 + 1, Y, "identical"),
    "quarters and months": (
        pd.Series(range(20), pd.period_range("2022Q1", periods=20, freq="Q")),
        Y,
        "other_calendars",
    ),
    "no calendar": (pd.Series(X.to_numpy()), Y, "no_calendar"),
    "a month twice": (pd.concat([X, X[:1]]), Y, "periods_twice"),
    "infinite": (X.where(X.index.month > 9, np.inf), Y, "too_few_points"),
    "moving at first only": (X, (Y * 0).where(Y.index > MONTHS[0], 5.0), "lagging_constant"),
    "moving at last only": ((X * 0).where(X.index < MONTHS[-1], 5.0), Y, "leading_constant"),
    "weeks": (X.set_axis(pd.period_range("2020-01-06", periods=60, freq="W")), Y, "no_calendar"),
    "only January": (X.where(X.index.month == 1), Y, "too_few_points"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_tested_says_why(name):
    leading, lagging, why = BAD[name]
    verdict = link(leading, lagging, within=3)
    assert (verdict.reason, verdict.p_forecasts, verdict.lag) == (why, None, None)
    assert judge([verdict])[0].answer == "cannot_tell" and np.isnan(verdict.effect)


@pytest.mark.filterwarnings("error")
def test_some_infinite_missing_and_unsorted_months_are_missing():
    x, y = X.copy(), Y.copy()
    x.iloc[5], y.iloc[20] = np.inf, np.nan
    shuffled = link(x.sample(frac=1, random_state=1), y.drop(y.index[20]), within=30, season=None, draws=99)
    assert shuffled.points == 58 and shuffled.lags_tested == (1, 2, 3, 4)
    assert shuffled.p_leads == link(x.replace(np.inf, np.nan), y, within=4, season=None, draws=99).p_leads


def verdict(forecasts, leads, same=0.5, effect=1.0, expect="positive", **more) -> Verdict:
    profile = pd.DataFrame({"lag": [1], "estimate": [effect], "lower": [effect - 0.5], "upper": [effect + 0.5]})
    return Verdict(expect, None, forecasts, leads, same, effect=effect, lags_tested=(1,), profile=profile, **more)


def test_answers_by_hand():
    told = judge(
        [
            verdict(0.001, 0.001),
            verdict(0.001, 0.4),
            verdict(0.001, 0.001, effect=-1.0),
            verdict(0.9, 0.9, same=0.001),
            verdict(0.9, 0.9, effect=0.1),
        ]
    )
    assert [v.answer for v in told] == ["supported", "forecasts", "contradicted", "moves_together", "cannot_tell"]
    assert told[-1].reason == "no_least" and told[0].q_value == pytest.approx(0.0025)
    small = [
        Verdict("positive", least, 0.9, 0.9, 0.9, effect=0.1, lags_tested=(1,), profile=told[-1].profile)
        for least in (0.7, 0.5)
    ]
    assert [(v.answer, v.reason) for v in judge(small)] == [("not_supported", ""), ("cannot_tell", "too_wide")]


def test_q_values_are_those_of_statsmodels_and_skip_what_has_none():
    p = [0.001, 0.8, 0.039, 0.041, 0.041, 0.012, 1.0]
    told = benjamini_hochberg([*p[:3], None, *p[3:]])
    assert told.pop(3) is None
    np.testing.assert_allclose(told, multipletests(p, method="fdr_bh")[1])
    assert judge([]) == []
