"""The group's link test: regressions by an oracle, no verdict without a link, planted links found, bad input told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bsc_analysis.analysis.lagged_panel import LaggedPanel
from bsc_analysis.analysis.panel import practice_slopes
from bsc_analysis.analysis.panel import test_group_link as group_link
from bsc_analysis.analysis.panel_data import panel_of
from bsc_analysis.analysis.panel_model import fit_panel
from bsc_analysis.analysis.placebo import placebos
from bsc_analysis.analysis.verdict import judge

YEARS = pd.period_range("2013", periods=12, freq="Y")
MONTHS = pd.period_range("2023-01", periods=36, freq="M")


def follow(shocks: np.ndarray, persistence: float) -> np.ndarray:
    values = shocks.copy()
    for t in range(1, len(values)):
        values[t] += persistence * values[t - 1]
    return values


def group(seed: int, n: int = 20, index=YEARS, slope: float = 0.0, lag: int = 1, persistence: float = 0.6) -> tuple:
    """Leading and lagging KPI of n practices at levels of their own; the one moves the other `lag` periods later."""
    rng, length = np.random.default_rng(seed), len(index) + 40
    x, e = follow(rng.standard_normal((length, n)), persistence), rng.standard_normal((length, n))
    e[lag:] += slope * x[:-lag]
    names, levels = [f"p{i:02d}" for i in range(n)], 3 * rng.standard_normal(n)
    frames = (pd.DataFrame(v[40:] + levels, index, names) for v in (x, follow(e, 0.5)))
    return tuple(frames)


def test_slopes_and_clustered_errors_are_those_of_least_squares_with_gaps():
    x, y = group(1, n=9, index=MONTHS[:30])
    y.iloc[4, 2] = y.iloc[20, 5] = x.iloc[11, 0] = np.nan
    panel = panel_of(x, y, None, (None,), {"p03": ["2024-06"]}, 8)
    model = LaggedPanel("y", panel.terms, panel.means.there, (("x", 0), ("x", 2)), (1,))
    found, spread = model.fit(panel.y, panel.x)
    rows, design = [], []
    for i in range(9):
        frame = pd.DataFrame({"y": np.where(panel.means.there["y"][i], panel.y[i, 0], np.nan)})
        frame["x"] = np.where(panel.means.there["x"][i], panel.x[i, 0], np.nan)
        own = pd.DataFrame(panel.terms[i]).add_prefix(f"{i} term ").assign(**{f"{i} y": frame["y"].shift(1)})
        cell = pd.concat([frame["y"], frame["x"], frame["x"].shift(2).rename("x2"), own], axis=1).dropna()
        rows.append(cell["y"])
        design.append(cell.drop(columns="y").assign(practice=i))
    whole, y_told = pd.concat(design).fillna(0.0), pd.concat(rows)
    regressors = whole.drop(columns="practice")
    regressors = regressors.loc[:, regressors.abs().sum() > 0]
    told = sm.OLS(y_told.to_numpy(), regressors).fit(
        cov_type="cluster", cov_kwds={"groups": whole["practice"], "use_correction": False}
    )
    assert len(whole) == model.rows.sum()
    np.testing.assert_allclose(found[0], told.params.iloc[:2], rtol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(spread[0]) * 8 / 9), told.bse.iloc[:2], rtol=1e-6)


def test_what_sets_of_practices_share_in_a_period_is_taken_off():
    x, y = group(2, n=16)
    specialty = {name: "heart" if i % 2 else "family" for i, name in enumerate(x)}
    region = {name: f"region {i % 4}" for i, name in enumerate(x)}
    rng = np.random.default_rng(3)
    shared = rng.standard_normal((12, 2)) @ pd.get_dummies(pd.Series(specialty)).T.to_numpy(float)
    shared += rng.standard_normal((12, 4)) @ pd.get_dummies(pd.Series(region)).T.to_numpy(float)
    ask = {"within": 2, "specialty": specialty, "region": pd.Series(region), "draws": 99, "beside": False}
    plain, moved = group_link(x, y, **ask), group_link(x + 9 * shared, y - 5 * shared, **ask)
    assert moved.p_forecasts == plain.p_forecasts and moved.effect == pytest.approx(plain.effect, rel=1e-6)
    alone = group_link(x, y, within=2, specialty=specialty | {"p00": "skin"}, draws=99, beside=False)
    assert (plain.practices, alone.practices) == (16, 15)  # nothing of a practice is left beside its own mean


def test_persistence_of_short_panels_is_corrected():
    told = []
    for seed in range(12):
        panel = panel_of(*group(seed, n=40, persistence=0.8), "auto", (None,), (), 8)
        model = fit_panel(np.random.default_rng(seed), panel.y, panel.x, panel.terms, panel.means, ())
        told.append((model.leading, model.own))
    assert np.abs(np.mean(told, axis=0) - [0.8, 0.5]).max() < 0.08


def test_the_doubt_of_a_short_panels_coefficients_is_how_far_they_lie_apart():
    models = []
    for seed in range(80):
        panel = panel_of(*group(seed, n=12, slope=0.4), "auto", (None,), (), 8)
        rng = np.random.default_rng(seed)
        models.append(fit_panel(rng, panel.y, panel.x, panel.terms, panel.means, (0, 1), doubted=True))
    apart = np.std([model.coefficients for model in models], axis=0)
    doubt = np.sqrt(np.mean([np.diag(model.doubt) for model in models], axis=0))
    assert (np.abs(np.log(doubt / apart)) < np.log(1.35)).all()  # own, x of the period, x of the last, leading, answer


def test_a_short_panels_interval_holds_what_its_bias_leaves_open():
    told = [group_link(*group(seed, n=12, slope=0.4), within=1, draws=99, beside=False) for seed in range(60)]
    assert sum(v.interval[0] <= 0.4 <= v.interval[1] for v in told) >= 53
    wide = np.median([(v.interval[1] - v.interval[0]) / 2 / v.smallest_effect for v in told])
    assert wide > 0.75  # the slope's error alone would make it .70: 1.96 / (1.96 + .84)


@pytest.mark.parametrize(("index", "n", "persistence"), [(YEARS[:8], 8, 0.9), (YEARS, 20, 1.0), (MONTHS[:24], 12, 0.6)])
def test_no_link_is_seldom_called_one(index, n, persistence):
    """A nominal 5 % of 60; docs tell the rates of many more designs."""
    pairs = (group(seed, n, index, persistence=persistence) for seed in range(60))
    told = [group_link(*pair, within=2, draws=99, beside=False) for pair in pairs]
    assert sum(v.p_forecasts <= 0.05 for v in told) <= 9 and sum(v.p_leads <= 0.05 for v in told) <= 9


def test_what_moves_both_in_one_period_does_not_lead():
    leads = together = 0
    for seed in range(40):
        x, y = group(seed)
        verdict = group_link(x, 0.7 * x + y, within=2, draws=99, beside=False)
        leads, together = leads + (verdict.p_leads <= 0.05), together + (verdict.p_same_period <= 0.05)
    assert leads <= 6 and together >= 38


@pytest.mark.parametrize("lag", [1, 2])
def test_a_planted_link_is_found_with_its_lag_sign_and_size(lag):
    told = [group_link(*group(s, 30, MONTHS, -0.4, lag, 0.3), within=4, expect="negative", draws=199) for s in range(8)]
    assert all(v.p_leads <= 0.05 and v.lag == lag and v.effect < 0 for v in told)
    assert sum(v.interval[0] <= -0.4 <= v.interval[1] for v in told) >= 6
    assert all(v.without_influential.practices == 28 and v.without_influential.p_forecasts <= 0.05 for v in told)
    assert all(v.lags_tested == (1, 2, 3, 4) and (v.points, v.practices) == (30 * 36, 30) for v in told)
    assert judge(told)[0].answer == "supported" and judge(told)[0].without_influential.answer == "supported"


def test_the_interval_says_of_nothing_what_the_test_says():
    for seed in range(20):
        verdict = group_link(*group(seed, slope=0.12), within=2, draws=99, beside=False)
        low, high = verdict.interval
        assert low <= 0 <= high if verdict.p_forecasts > 0.05 else not low < 0 < high
        assert low <= verdict.effect <= high


def test_units_change_the_effect_and_nothing_else():
    x, y = group(5, slope=0.4)
    plain, scaled = group_link(x, y, within=2, draws=99), group_link(x * 100 + 7, y * 1e6 - 3, within=2, draws=99)
    assert (plain.p_forecasts, plain.p_leads, plain.feedback) == (scaled.p_forecasts, scaled.p_leads, scaled.feedback)
    assert scaled.effect == pytest.approx(plain.effect * 1e4) and scaled.per_sd == pytest.approx(plain.per_sd * 1e6)


def test_each_practice_has_a_slope_of_its_own():
    x, y = group(6, n=12, index=MONTHS, slope=1.0)
    y["p00"] = y["p00"] - 2 * x["p00"].shift(1).fillna(0)
    told = practice_slopes(x, y, lag=1).set_index("practice")
    assert len(told) == 12 and told["slope"].drop("p00").median() == pytest.approx(1.0, abs=0.2)
    assert told["slope"]["p00"] < 0 < told["error"].min()


def test_other_practices_leading_kpis_of_other_years_find_little_even_of_a_strong_link_in_small_specialties():
    found = []
    for seed in range(10):
        x, y = group(seed, n=12, index=MONTHS, slope=1.0)
        sets = {name: "b" if name > "p05" else "a" for name in x}
        found.append(placebos(x, y, within=1, specialty=sets, draws=99))
    assert all(n == 5 for _, n in found)
    assert np.mean([rate for rate, _ in found]) <= 0.2  # .11 in 30 groups; of the same year .42
    assert placebos(x.iloc[:5], y.iloc[:5], within=1) == (None, 0)


X, Y = group(8, n=10)
BAD = {
    "constant": (X * 0 + 3, Y, "leading_constant"),
    "constant too": (X, Y * 0, "lagging_constant"),
    "trends and no more": (X * 0 + np.arange(12)[:, None], Y, "leading_constant"),
    "all missing": (X * np.nan, Y, "too_few_points"),
    "one period": (X[:1], Y[:1], "too_few_points"),
    "nothing": (X[:0], Y[:0], "too_few_points"),
    "infinite": (X * np.inf, Y, "too_few_points"),
    "seven years": (X[:7], Y[:7], "too_few_points"),
    "never together": (X[:6], Y[6:], "too_few_points"),
    "one practice": (X[["p00"]], Y[["p00"]], "too_few_practices"),
    "seven practices": (X.iloc[:, :7], Y.iloc[:, :7], "too_few_practices"),
    "one series for all": (X * 0 + np.arange(12)[:, None] % 5, Y, "leading_constant"),
    "moving at first only": (pd.concat([X[:1], X[1:] * 0 + 5]), Y, "leading_constant"),
    "weeks": (*(f.set_axis(pd.period_range("2020-01-06", periods=12, freq="W")) for f in (X, Y)), "no_calendar"),
    "no practice in common": (X, Y.add_prefix("q"), "too_few_practices"),
    "a KPI with itself": (Y, Y, "identical"),
    "in other units": (Y * 60 + 1, Y, "identical"),
    "quarters and years": (X.set_axis(pd.period_range("2020Q1", periods=12, freq="Q")), Y, "other_calendars"),
    "no calendar": (X.reset_index(drop=True), Y, "no_calendar"),
    "a year twice": (pd.concat([X, X[:1]]), Y, "periods_twice"),
    "months of one year": (X.set_axis(MONTHS[:12]), Y.set_axis(MONTHS[:12]), "season_too_short"),
}


@pytest.mark.filterwarnings("error")
def test_as_many_sets_as_practices_leave_nothing_to_compare():
    specialty, region = ({name: str((i + shift) // 2 % 5) for i, name in enumerate(X)} for shift in (0, 1))
    assert group_link(X, Y, within=1, specialty=specialty, region=region).reason == "too_few_practices"


def test_what_is_asked_amiss_is_refused():
    for wrong in ({"expect": "up"}, {"least": -1.0}, {"least": np.nan}, {"season": "Auto"}, {"specialty": {"q": "a"}}):
        with pytest.raises(ValueError):
            group_link(X, Y, within=1, **wrong)
    with pytest.raises(TypeError):
        group_link(X, Y, within=1, specialty=["a"] * 10)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_tested_says_why(name):
    leading, lagging, why = BAD[name]
    verdict = group_link(leading, lagging, within=3)
    assert (verdict.reason, verdict.p_forecasts, verdict.lag) == (why, None, None)
    assert judge([verdict])[0].answer == "cannot_tell" and np.isnan(verdict.effect)
    assert group_link(X, Y, within=0).reason == "window_too_short"


@pytest.mark.filterwarnings("error")
def test_gaps_short_practices_and_unsorted_periods_are_taken_as_they_are():
    x, y = group(9, n=14)
    x.iloc[3, 2], y.iloc[5, 4], y.iloc[2, 7] = np.inf, np.nan, -np.inf
    x.iloc[:9, 0], y["p01"], x["p02"] = np.nan, 5.0, np.nan  # too short, never moving, never there
    told = group_link(x.sample(frac=1, random_state=1), y[y.columns[::-1]], within=9, draws=99, beside=False)
    assert told.practices == 11 and told.lags_tested == (1, 2) and 0 < told.p_leads <= 1
    assert np.isfinite([told.effect, *told.interval, told.cumulative, told.smallest_effect, told.per_sd]).all()
