"""A slope blurred by sampling error is brought back, and refused where the error is most of the movement."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.attenuation import Reliability, attenuation, reliability

MONTHS = pd.period_range("2020-01", periods=48, freq="M")


def survey(
    seed: int, noise: float, practices: int = 20, wave: float = 5
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """True top box shares (spread 2), those of a survey, and its standard errors."""
    rng = np.random.default_rng(seed)
    shape = (48, practices)
    level = rng.normal(70, 10, practices) + wave * np.sin(np.arange(48))[:, None]
    true = level + 2 * rng.standard_normal(shape)
    error = noise * rng.uniform(0.5, 1.5, shape)
    return tuple(pd.DataFrame(each, MONTHS) for each in (true, true + error * rng.standard_normal(shape), error))


def test_reliability_is_the_share_of_movement_that_is_no_sampling_error():
    noise = 2.0
    real = 4 / (4 + noise**2 * 13 / 12)  # E u² of u between .5 and 1.5
    assert np.mean([reliability(*survey(s, noise)[1:]).value for s in range(10)]) == pytest.approx(real, abs=0.02)
    alone = [reliability(*survey(seed, noise, 1, wave=0)[1:]).value for seed in range(60)]
    assert np.mean(alone) == pytest.approx(real, abs=0.06)
    assert reliability(*survey(1, 0.0)[1:]).value == 1
    assert reliability(*survey(1, 0.0)[1:]).total == pytest.approx(4, rel=0.1)


def test_a_slope_on_a_survey_is_brought_back():
    true, seen, errors = survey(2, 1.5, 60)
    y = 3 * (true - true.mean()).to_numpy() + np.random.default_rng(0).standard_normal(true.shape)
    moved = (seen - seen.mean()).sub((seen - seen.mean()).mean(axis=1), axis=0).to_numpy()
    slope = (moved * y).sum() / (moved**2).sum()
    found = attenuation(slope, reliability(seen, errors), (slope - 0.1, slope + 0.1))
    assert slope < 2.2 and found.corrected == pytest.approx(3, rel=0.05)
    assert found.interval[1] - found.interval[0] == pytest.approx(0.2 / found.reliability)


def test_a_slope_that_is_mostly_error_is_not_corrected():
    _, seen, errors = survey(3, 6.0)
    found = attenuation(0.4, reliability(seen, errors))
    assert found.reliability < 0.3 and (found.corrected, found.reason) == (None, "unreliable")
    assert attenuation(0.4, 0.3).corrected == pytest.approx(4 / 3)
    assert reliability(seen, errors * 9).value == 0


def test_what_cannot_be_told_says_why():
    _, seen, errors = survey(4, 1.0)
    assert reliability(seen * np.nan, errors).reason == "too_few_points"
    assert reliability(seen, errors * np.nan).reason == "too_few_points"
    assert reliability(seen.iloc[:6], errors.iloc[:6], season=None).reason == "too_few_points"
    assert reliability(seen * 0 + 80, errors).reason == "leading_constant"
    assert reliability(seen.reset_index(drop=True), errors).reason == "no_calendar"
    assert attenuation(0.4, Reliability(reason="too_few_points")).reason == "too_few_points"
    assert attenuation(0.4, None).reason == "no_reliability"
    assert attenuation(np.nan, 0.8).reason == "no_slope"
