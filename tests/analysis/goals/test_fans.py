"""Fans hold as often as they say, stay within what a KPI can be, and have a reason where there is none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.api import OLS

from bsc_analysis.analysis.goals import movements as moving
from bsc_analysis.analysis.goals.fan import fan
from bsc_analysis.calibrate.fans import DESIGNS, bar_missed, coverage, held_back


def series(values, start="2022-01", freq="M") -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), pd.period_range(start, periods=len(values), freq=freq))


def noise(n=36, seed=1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(n)


def few(names, forecast=fan, repetitions=60) -> pd.DataFrame:
    return coverage({name: DESIGNS[name] for name in names}, (36,), (1, 6), repetitions, forecast)


def test_intervals_hold_on_series_that_stay_wander_rise_and_swing():
    cells = few(["independent", "persistent .6", "random walk", "trend", "season"])
    assert len(cells) == 10 and not cells.apply(bar_missed, axis=1).any()
    shares = cells[["held_50", "held_80", "held_95"]].sum() / cells["repetitions"].sum()
    assert shares.to_numpy() == pytest.approx([0.50, 0.80, 0.95], abs=0.06)


@pytest.mark.parametrize(("factor", "names"), [(0.5, ["independent", "persistent .6"]), (2.0, ["random walk"])])
def test_the_calibration_finds_a_fan_that_is_too_narrow_or_too_wide(factor, names):
    def broken(values, steps, **told):
        whole = fan(values, steps, **told)
        middle = whole.points["middle"]
        return replace(whole, points=whole.points.sub(middle, axis=0).mul(factor).add(middle, axis=0))

    assert few(names, broken).apply(bar_missed, axis=1).all()


def test_a_movement_without_memory_says_what_least_squares_says():
    """Constant and steep slope, flat priors: the t predictive of ordinary regression."""
    known, steps = 20, 3
    at = np.arange(known + steps, dtype=float)
    terms = np.column_stack([np.ones(len(at)), at])
    y = noise(known) + 0.2 * at[:known]
    _, rest, ahead, spread = moving._said(np.eye(len(at)), terms, known, 0.0)
    told = OLS(y, terms[:known]).fit()
    predicted = told.get_prediction(terms[known:])
    assert ahead @ y == pytest.approx(predicted.predicted, rel=1e-9)
    assert y @ rest @ y / (known - 2) == pytest.approx(told.scale, rel=1e-9)
    assert told.scale * (spread @ spread.T).diagonal() == pytest.approx(predicted.se_obs**2, rel=1e-9)


def test_no_path_leaves_what_the_kpi_can_be():
    few_complaints = series(np.random.default_rng(2).poisson(0.7, 36))
    within = fan(few_complaints, 12, possible=(0.0, np.inf))
    beyond = fan(few_complaints, 12)
    assert within.paths.min() == 0 and beyond.paths.min() < 0
    assert (within.points.filter(like="lower") >= 0).all().all()
    assert within.points["upper_80"].tolist() == beyond.points["upper_80"].tolist()


def test_a_longer_way_is_less_certain_and_the_same_question_has_the_same_answer():
    values = series(noise().cumsum())
    one, two = fan(values, 12), fan(values, 12)
    pd.testing.assert_frame_equal(one.points, two.points)
    width = one.points["upper_80"] - one.points["lower_80"]
    assert width.is_monotonic_increasing and width.iloc[-1] > 2 * width.iloc[0]
    assert str(one.points.index[0]) == "2025-01"


def test_unit_and_level_of_a_series_change_nothing_but_unit_and_level():
    plain, other = fan(series(noise()), 6).points, fan(series(1e3 + 1e-3 * noise()), 6).points
    assert ((other - 1e3) / 1e-3).to_numpy() == pytest.approx(plain.to_numpy(), abs=1e-3)


def test_a_declared_step_is_no_movement():
    step = np.where(np.arange(36) >= 18, 20.0, 0.0)
    told = fan(series(noise() + step), 3, breaks=["2023-07"]).points
    never = fan(series(noise()), 3).points
    assert (told["upper_80"] - told["lower_80"]).to_numpy() == pytest.approx(
        (never["upper_80"] - never["lower_80"]).to_numpy(), rel=0.25
    )
    assert told["middle"].to_numpy() == pytest.approx(20, abs=1)


def test_a_missing_month_stays_missing_and_moves_no_other():
    values = series(100 + 5 * np.cos(2 * np.pi * np.arange(48) / 12) + 0.01 * noise(48))
    gaps = values.mask(np.arange(48) % 7 == 3)
    months = fan(gaps, 12).points["middle"]
    assert months.to_numpy() == pytest.approx(values.iloc[:12].to_numpy(), abs=0.5)
    assert fan(gaps.dropna().sample(frac=1, random_state=1), 12).points["middle"].equals(months)


WITHOUT = {
    "no_readings": series([np.nan] * 20),
    "too_few_points": series(noise(11)),
    "all_equal": series([5.0] * 20),
    "periods_twice": pd.concat([series(noise()), series(noise())]),
    "no_calendar": pd.Series(noise()),
    "too_far": series(noise(12)),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reason", WITHOUT)
def test_what_has_no_fan_says_why(reason):
    found = fan(WITHOUT[reason], 7)
    assert (found.reason, found.points.empty, found.paths.size) == (reason, True, 0)


def test_all_equal_but_for_a_declared_step_is_all_equal():
    assert fan(series([5.0] * 10 + [7.0] * 10), 3, breaks=["2022-11"]).reason == "all_equal"
    assert fan(series([5.0] * 10 + [7.0] * 10), 3).reason == ""


@pytest.mark.filterwarnings("error")
def test_infinite_readings_are_missing_and_text_is_refused():
    values = series(noise())
    assert fan(values.replace(values.iloc[3], np.inf), 2).count == 35
    with pytest.raises(ValueError, match="holds what is no number"):
        fan(values.astype(str) + " %", 2)


def test_quarters_and_years_have_fans_too():
    assert fan(series(noise(12), "2020Q1", "Q"), 4).points.shape == (4, 7)
    assert fan(series(noise(8), "2015", "Y"), 2).points.shape == (2, 7)
    assert fan(series(noise(7), "2015", "Y"), 2).reason == "too_few_points"


@pytest.mark.shared
def test_intervals_hold_on_months_and_years_held_back_of_real_series(shared):
    nile = pd.read_csv(shared / "reference/unitroot_nile_lynx/nile.csv").select_dtypes("number").iloc[:, -1]
    waits = pd.read_csv(shared / "reference/spc_plotthedots_ae_rrk/data.csv")["y"]
    real = {"nile": series(nile[:60], "1871", "Y"), "waits": series(waits)}
    found = held_back(real, (1, 3))
    share = found["held_80"].sum() / found["repetitions"].sum()
    assert found["repetitions"].sum() > 100 and 0.70 <= share <= 0.92
