"""One practice before and after an action: planted effects found, and a reason wherever nothing can be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from bsc_analysis.analysis.impact.effect import Effect
from bsc_analysis.analysis.impact.interrupted import interrupted
from bsc_analysis.analysis.impact.loglinear import log_linear
from bsc_analysis.analysis.impact.persistent import GRID, Persistent
from bsc_analysis.analysis.impact.segmented import ahead, segmented
from bsc_analysis.analysis.impact.trigger import fired_paths
from bsc_analysis.analysis.impact.windows import Action, Trigger, joined

START = "2022-07"  # the 31st of 48 months
AGENT = Action("agent", START)


def series(effect: float = 0.0, *, seed: int = 1, periods: int = 48, noise: float = 1.0) -> pd.Series:
    index = pd.period_range("2020-01", periods=periods, freq="M")
    rng, months = np.random.default_rng(seed), np.arange(periods)
    season = np.array([0, 3, 1, -4, 2, 2, 0, 5, -3, 1, 1, 0])[months % 12]
    return pd.Series(
        100 + 0.1 * months + season + noise * rng.standard_normal(periods) + effect * (months >= 30), index
    )


def test_a_planted_change_of_level_is_found_beside_trend_and_season():
    found = interrupted(series(4.0), AGENT)
    assert found.effect == pytest.approx(4, abs=1) and found.lower < 4 < found.upper and found.p < 0.001
    assert (found.method, found.scale, found.reason) == ("interrupted_series", "difference", "")
    assert (found.before, found.after, found.names) == (30, 18, ("agent",))


def test_the_counterfactual_is_what_was_less_the_effect():
    whole = series(4.0)
    frame = interrupted(whole, AGENT).periods
    late = frame.index >= START
    assert (frame["fitted"] - frame["counterfactual"])[late].to_numpy() == pytest.approx(
        interrupted(whole, AGENT).effect
    )
    assert (frame["fitted"] - frame["counterfactual"])[~late].to_numpy() == pytest.approx(0)
    without = whole - 4.0 * late
    held = (frame["lower"] < without) & (without < frame["upper"])
    assert held.mean() >= 0.9 and (frame["upper"] - frame["lower"])[late].mean() < 10


def test_a_change_of_slope_counts_by_its_mean_over_the_periods_after():
    months = np.maximum(np.arange(48) - 29, 0)
    found = interrupted(series() + 2 * (months > 0) + 0.5 * months, AGENT, slope=True)
    assert found.level == pytest.approx(2.5, abs=1.5) and found.slope == pytest.approx(0.5, abs=0.15)
    assert found.effect == pytest.approx(2 + 0.5 * 9.5, abs=1)


def test_without_persistence_ours_is_least_squares():
    y = series(2.0, noise=3.0).to_numpy()
    terms = np.column_stack([np.ones(48), np.arange(48.0), np.arange(48) >= 30])
    model = Persistent(terms, np.arange(48))
    slow = sm.OLS(y, terms).fit()
    assert model.fits[0] @ y == pytest.approx(slow.params)
    errors = np.sqrt(np.diag(model.spreads[0]) * model.weights(y[:, None])[1][0])
    assert errors == pytest.approx(slow.bse)


def test_with_a_persistence_ours_is_generalised_least_squares_with_gaps_as_gaps():
    keep = np.array([i for i in range(40) if i not in (5, 6, 20)])
    y, terms = series().to_numpy()[keep], np.column_stack([np.ones(len(keep)), keep >= 25]).astype(float)
    model = Persistent(terms, keep)
    slow = sm.GLS(y, terms, sigma=GRID[30] ** np.abs(keep[:, None] - keep)).fit()
    assert model.fits[30] @ y == pytest.approx(slow.params)
    assert np.sqrt(np.diag(model.spreads[30]) * model.weights(y[:, None])[1][30]) == pytest.approx(slow.bse)


def test_what_is_held_says_only_from_where_the_series_went_on():
    """The density of the rest given what is held is that of all less that of what is held."""
    times, held = np.arange(12), (np.arange(12) >= 5) & (np.arange(12) < 8)
    terms, y = np.ones((12, 1)), np.random.default_rng(3).standard_normal(12)
    model, g = Persistent(terms, times, held), 25

    def deviance(mean: float, rows: np.ndarray) -> float:
        left = y[rows] - mean
        return float(left @ np.linalg.inv(GRID[g] ** np.abs(times[rows][:, None] - times[rows])) @ left)

    centre = (model.fits[g] @ y).item()
    told = [deviance(m, times >= 0) - deviance(m, held) for m in (centre - 0.1, centre, centre + 0.1)]
    assert told[1] < min(told[0], told[2]) and told[0] == pytest.approx(told[2])
    assert told[1] == pytest.approx(float(y @ model.rests[g] @ y))


def test_counts_are_a_ratio_and_their_regression_is_poissons():
    rng, months = np.random.default_rng(2), np.arange(48)
    visits = pd.Series(rng.integers(900, 1100, 48), series().index)
    counts = pd.Series(rng.poisson(visits * np.where(months >= 30, 0.04, 0.08)), visits.index)
    found = interrupted(counts, AGENT, counts=True, exposure=visits)
    assert found.scale == "ratio" and found.lower < 0.5 < found.upper and found.p < 0.001
    assert found.periods["counterfactual"].iloc[-12:].mean() == pytest.approx(80, abs=10)
    terms = np.column_stack([np.ones(48), months, months >= 30]).astype(float)
    ours = log_linear(counts.to_numpy(float), terms, visits.to_numpy(float), settled=1e-14)
    slow = sm.GLM(counts, terms, family=sm.families.Poisson(), offset=np.log(visits)).fit(tol=1e-14)
    assert ours.coefficients == pytest.approx(slow.params.to_numpy())
    assert np.sqrt(np.diag(ours.spread)) == pytest.approx(slow.bse.to_numpy())
    assert ours.dispersion == pytest.approx(slow.pearson_chi2 / slow.df_resid)


def test_neither_unit_nor_level_matters():
    whole, found = series(2.0), interrupted(series(2.0), AGENT)
    other = interrupted(whole * 1e-6 + 50, AGENT)
    assert other.p == pytest.approx(found.p, rel=1e-3) and other.effect == pytest.approx(found.effect * 1e-6, rel=1e-3)


def test_actions_within_six_months_are_one_estimate_after_the_last_of_them():
    training = Action("training", "2022-10")
    found = interrupted(series(4.0), AGENT, [training])
    assert found.names == ("agent", "training") and (found.before, found.after) == (30, 15)
    assert interrupted(series(4.0), training, [AGENT]).effect == found.effect
    apart = joined([AGENT, Action("later", "2023-02"), training], series().index)
    assert [[each.name for each in group] for group in apart] == [["agent", "training", "later"]]
    assert len(joined([AGENT, Action("later", "2023-02")], series().index)) == 2


def _interval(found: Effect) -> list[float]:
    return [found.lower, found.upper]


def test_an_action_well_before_is_a_step_and_one_well_after_ends_the_comparison():
    steps = series(4.0, seed=2) + 6.0 * (np.arange(48) >= 15)
    early, late = Action("early", "2021-04"), Action("late", "2023-04")
    found = interrupted(steps, AGENT, [early])
    assert found.effect == pytest.approx(4, abs=1.5) and found.names == ("agent",)
    assert found.lower < 4 < found.upper and found.upper - found.lower < 5 < np.ptp(
        _interval(interrupted(steps, AGENT))
    )
    assert interrupted(steps, AGENT, [early, late]).after == 9


@pytest.mark.parametrize(
    ("reason", "values", "action", "others"),
    [
        ("before_data", series(), Action("a", "2020-01"), []),
        ("before_data", series(), Action("a", "2015-03"), []),
        ("after_data", series(), Action("a", "2024-01"), []),
        ("too_few_before", series(), Action("a", "2020-06"), []),
        ("too_few_after", series(), Action("a", "2023-11"), []),
        ("too_few_after", series().where(series().index < "2022-09"), AGENT, []),
        ("all_equal", series() * 0 + 0.1, AGENT, []),
        ("no_variation", series(4.0, noise=0.0), AGENT, []),
        ("no_data", series() * np.nan, AGENT, []),
        ("no_data", series()[:0], AGENT, []),
        ("too_few_points", series(periods=16), Action("a", "2020-11"), []),
        ("start_like_season", series(periods=24), Action("a", "2021-01"), []),
        ("overlapping", series(), AGENT, [Action("b", "2023-02", "2022-09", Trigger("above", 1.0, 2))]),
        ("periods_twice", pd.concat([series(), series()]), AGENT, []),
        ("no_calendar", series().set_axis(range(48)), AGENT, []),
    ],
)
def test_what_cannot_be_told_has_a_reason(reason, values, action, others):
    found = interrupted(values, action, others)
    assert (found.reason, found.p) == (reason, None) and np.isnan([found.effect, found.lower, found.upper]).all()


def test_counts_that_say_nothing_have_a_reason():
    months, whole = np.arange(48), pd.Series(20.0, series().index) + series().round() % 7
    bad = {
        "negative_counts": (whole - 30, None),
        "too_few_events": (whole * (months < 30), None),
        "too_few_before": (whole, whole * (months >= 30)),
        "all_equal": (whole * 0 + 5, None),
        "other_calendars": (whole, whole.set_axis(pd.period_range("2020Q1", periods=48, freq="Q"))),
    }
    for reason, (counts, exposure) in bad.items():
        assert interrupted(counts, AGENT, counts=True, exposure=exposure).reason == reason
    assert interrupted(whole.where(months % 12 != 3, 0), AGENT, counts=True).reason == "too_few_events"


def test_gaps_and_what_is_infinite_are_missing():
    whole = series(4.0)
    gappy = whole.copy()
    gappy.iloc[[3, 40]] = np.nan, np.inf
    found = interrupted(gappy, AGENT)
    assert (found.before, found.after) == (29, 17) and found.effect == interrupted(
        gappy.drop(whole.index[3]), AGENT
    ).effect


def test_quarters_too():
    quarters = pd.period_range("2020Q1", periods=16, freq="Q")
    values = np.random.default_rng(5).standard_normal(16) + 6.0 * (np.arange(16) >= 10)
    found = interrupted(pd.Series(values, quarters), Action("a", pd.Period("2022-08", "M")))
    assert found.lower < 6 < found.upper and (found.before, found.after) == (10, 6)


def test_the_window_of_a_trigger_leaves_the_baseline():
    whole, window = series(seed=2), slice("2022-04", "2022-06")
    whole[window] += 9.0
    found = interrupted(whole, Action("a", START, trigger=Trigger("above", 110.0)), draws=199)
    assert found.before == 27 and not found.periods["used"][window].any()
    assert found.lower < 0 < found.upper and found.inference == "simulated_with_trigger" and found.drift < -1
    kept = interrupted(whole, AGENT)
    assert kept.effect < found.effect
    assert (
        interrupted(series(), Action("a", START, trigger=Trigger("above", 900.0)), draws=99).note == "trigger_not_met"
    )


@pytest.mark.parametrize("of", ["any", "mean"])
def test_drawn_paths_are_those_that_waiting_would_have_given(of):
    rng, at = np.random.default_rng(4), np.array([2, 3, 4])
    correlation = 0.6 ** np.abs(np.arange(8)[:, None] - np.arange(8))
    drawn = fired_paths(rng, correlation, at, np.full((20_000, 3), 1.0), of)
    waited = rng.standard_normal((200_000, 8)) @ np.linalg.cholesky(correlation).T
    window = waited[:, at]
    waited = waited[window.max(axis=1) > 1 if of == "any" else window.mean(axis=1) > 1]
    assert drawn.mean(axis=0) == pytest.approx(waited.mean(axis=0), abs=0.03)
    assert drawn.std(axis=0) == pytest.approx(waited.std(axis=0), abs=0.03)


def test_a_trigger_that_is_none_is_refused():
    for told in (
        {"side": "over", "beyond": 1.0},
        {"side": "above", "beyond": np.nan},
        {"side": "above", "beyond": 1, "periods": 0},
    ):
        with pytest.raises(ValueError, match="trigger"):
            Trigger(**told)


def test_plain_segmented_regressions_give_reasons_too():
    whole = series()
    assert segmented(whole[:3], START).reason == "too_few_points"
    assert segmented(whole, "2030-01").reason == "too_few_points"
    assert segmented(whole.set_axis(range(48)), START).reason == "no_calendar"
    assert segmented(whole - 200, START, counts=True).reason == "negative_counts"
    by = pd.DataFrame({"x": np.arange(48.0)}, whole.index)
    assert ahead(whole, by, pd.Period("2030-01", "M")).reason == "after_data"
    assert ahead(whole, by * 0, pd.Period(START, "M")).reason == "regressors_alike"


def test_a_month_of_the_year_that_was_never_seen_has_no_counterfactual():
    whole = series(4.0)
    found = interrupted(whole.where(whole.index.month != 4), AGENT)
    aprils = found.periods.index.month == 4
    assert found.p is not None and found.periods["counterfactual"].isna().tolist() == aprils.tolist()


def test_a_trigger_of_counts_is_a_rate_and_periods_without_exposure_are_missing():
    visits = pd.Series(1000.0, series().index)
    visits.iloc[[2, 28]] = 0.0
    counts = pd.Series(np.random.default_rng(7).poisson(80, 48), visits.index).astype(float)
    found = interrupted(
        counts, Action("a", START, trigger=Trigger("above", 0.08)), counts=True, exposure=visits, draws=99
    )
    assert found.before == 26 and found.note == "" and found.drift < 1 and found.lower < 1 < found.upper
    with pytest.raises(ValueError, match="counts=True"):
        interrupted(counts, AGENT, exposure=visits)
