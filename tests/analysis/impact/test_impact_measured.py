"""Effects are not found where there are none, and found where planted: few repetitions that a broken method fails."""

from __future__ import annotations

import pytest

from bsc_analysis.analysis.impact.measured import Panel, Series, panel_rates, series_rates
from bsc_analysis.analysis.impact.windows import Trigger

BAD_QUARTER = Trigger("above", 1.0, 3, "mean")


@pytest.mark.parametrize(
    "design",
    [Series(24, 15), Series(60, 40), Series(36, 24, counts=True), Series(36, 24, trigger=BAD_QUARTER)],
    ids=["24", "60", "counts", "trigger"],
)
def test_persistent_series_show_no_effect_where_there_is_none(design):
    rates = series_rates(design, 30, seed=1, draws=99)
    assert rates["found"] <= 0.14 and rates["covered"] >= 0.86 and rates["untold"] == 0
    assert rates["newey_west"] >= 0.2 or design.periods == 60


def test_after_a_bad_quarter_a_hasty_comparison_finds_what_ours_does_not():
    rates = series_rates(Series(60, 40, trigger=BAD_QUARTER, first=True), 30, seed=2, draws=99)
    assert rates["found"] <= 0.14 and rates["before_after"] >= 0.1


def test_a_planted_effect_is_found():
    assert series_rates(Series(60, 40, 0.3, effect=3.5), 15, seed=3)["found"] >= 0.8


@pytest.mark.parametrize(
    "design",
    [Panel(20, 1), Panel(24, 3, noisy=3), Panel(30, 8), Panel(40, 5, trigger=BAD_QUARTER)],
    ids=["one acts", "noisy ones act", "many act", "trigger"],
)
def test_groups_show_no_effect_where_there_is_none(design):
    rates = panel_rates(design, 40, seed=4, draws=99)
    assert rates["found"] <= 0.14 and rates["covered"] >= 0.86
    assert rates["two_way"] >= 0.3 or design.treated != 1


def test_a_growing_effect_of_staggered_starts_is_estimated_without_bias():
    rates = panel_rates(Panel(20, 16, 24, 6, growth=0.2), 10, seed=5, draws=99)
    assert rates["effect"] == pytest.approx(rates["truth"], rel=0.1)
    assert rates["two_way_effect"] < 0.5 * rates["truth"]
