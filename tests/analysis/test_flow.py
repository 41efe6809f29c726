"""What is thin, too full or changed for good, and what is not: planted changes found, chance and seasons not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.flow import judged, steps


def months(values) -> pd.Series:
    return pd.Series(list(values), index=pd.period_range("2023-10", periods=len(values), freq="M"), dtype="float64")


def levels(values) -> dict[str, str]:
    told = judged(months(values))["level"]
    return {str(month): level for month, level in told.items() if level != "full"}


STEADY = [500, 520, 480, 510, 495, 530, 470, 505, 515, 490, 500, 510]


def test_a_month_without_rows_is_none_and_leaves_the_usual_of_its_neighbours_alone():
    told = judged(months([*STEADY, 0, *STEADY]))
    assert levels([*STEADY, 0, *STEADY]) == {"2024-10": "none"}
    assert told.loc["2024-10", "usual"] == pytest.approx(502, abs=5)


def test_a_month_far_below_the_usual_is_thin_and_one_far_above_a_flood():
    assert levels([*STEADY, 150, *STEADY]) == {"2024-10": "thin"}
    assert levels([*STEADY, 1400, *STEADY]) == {"2024-10": "flood"}
    assert levels([*STEADY, 260, *STEADY]) == {}  # little, and more than 40 % of the usual


def test_small_counts_are_not_thin_by_chance():
    assert levels([5, 4, 6, 5, 7, 3, 5, 1, 6, 4, 5, 6, 5, 2]) == {}


def test_below_twelve_months_only_empty_ones_are_told():
    assert levels([*STEADY[:9], 10, 0]) == {"2024-08": "none"}


def test_a_month_that_is_not_over_is_open_and_judged_by_nothing():
    assert levels([*STEADY, np.nan]) == {"2024-10": "open"}


def test_a_lasting_fall_is_one_step_and_the_months_after_it_are_less_not_thin():
    told = judged(months([*STEADY, *(v * 0.35 for v in STEADY)]))
    assert steps(months([*STEADY, *(v * 0.35 for v in STEADY)])) == [pd.Period("2024-10", "M")]
    assert told["level"].tolist() == ["full"] * 12 + ["less"] * 12
    assert told["usual"].iloc[-1] == pytest.approx(175, abs=5)


def test_a_rise_is_a_step_and_no_month_of_it_a_flood():
    told = judged(months([*STEADY, *(v * 2.5 for v in STEADY)]))
    assert set(told["level"]) == {"full"} and told["stretch"].tolist() == [0] * 12 + [1] * 12


def test_one_empty_month_is_no_step():
    assert steps(months([*STEADY, 0, *STEADY]).where(lambda v: v > 0)) == []


def shares(draw, months_long: int, runs: int) -> tuple[float, float]:
    """Of simulated series: the share of months told thin or flooded, and of series with a step."""
    told = [judged(months(draw(np.arange(months_long)))) for _ in range(runs)]
    odd = np.mean([frame["level"].isin(["thin", "flood"]).mean() for frame in told])
    return float(odd), float(np.mean([frame["stretch"].max() > 0 for frame in told]))


@pytest.mark.parametrize("season", [0, 0.3])
@pytest.mark.parametrize("level", [2, 10, 100])
@pytest.mark.parametrize("long", [13, 36])
def test_steady_counts_with_and_without_seasons_raise_hardly_an_alarm(long, level, season):
    rng = np.random.default_rng([long, level, int(10 * season)])

    def draw(t):
        return rng.poisson(level * (1 + season * np.sin(2 * np.pi * (t + rng.uniform(0, 12)) / 12)))

    odd, stepped = shares(draw, long, runs=40)
    assert odd < 0.002 and stepped <= 0.05


@pytest.mark.parametrize(("before", "after"), [(110, 40), (60, 30), (20, 7)])
def test_a_planted_fall_is_found_where_it_was_planted(before, after):
    rng = np.random.default_rng([before, after])
    found = [steps(months(rng.poisson(np.where(np.arange(36) < 24, before, after)))) for _ in range(20)]
    assert all(found) and np.mean([abs((f[0] - pd.Period("2025-10", "M")).n) <= 1 for f in found]) >= 0.9
