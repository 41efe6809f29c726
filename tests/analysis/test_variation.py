"""XmR against NHSRplotthedots and qcc, and what its rules must and must not mark."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from bsc_analysis.analysis.variation import limits, xmr

QUIET = [10.0, 12, 9, 11, 10, 13, 9, 12, 8, 11, 10, 12, 9, 11]


def series(values, start="2024-01") -> pd.Series:
    return pd.Series(list(values), index=pd.period_range(start, periods=len(values), freq="M"), dtype="float64")


def rule_of(special_cause: str) -> str:
    names = {"Above UCL": "outside", "Below LCL": "outside", "Common Cause": ""}
    if "Trend" in special_cause:
        return "trend"
    return names.get(special_cause, "run" if special_cause.startswith("7 Points") else "two_of_three")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("case", "file", "key", "screen"),
    [
        ("spc_plotthedots_rules_synth", "trend.csv", "trend_case", True),
        ("spc_plotthedots_rules_synth", "shift.csv", "shift_case", True),
        ("spc_plotthedots_rules_synth", "two_of_three.csv", "two_of_three_and_outlier", True),
        ("spc_plotthedots_rules_synth", "two_of_three.csv", "two_of_three_noscreen", False),
        ("spc_plotthedots_ae_rrk", "data.csv", "default_screened", True),
        ("spc_plotthedots_ae_rrk", "data.csv", "no_screen", False),
    ],
)
def test_limits_and_marks_equal_nhsrplotthedots(shared, case, file, key, screen):
    folder = shared / "reference" / case
    expected = pd.DataFrame(json.loads((folder / "expected.json").read_text())[key])
    points = xmr(series(pd.read_csv(folder / file)["y"]), better="up", screen=screen).points
    for ours, theirs in (("centre", "mean_col"), ("lower", "lpl"), ("upper", "upl")):
        assert points[ours].to_numpy() == pytest.approx(expected[theirs].to_numpy(), rel=1e-3)
    assert points["rule"].tolist() == expected["special_cause_type"].map(rule_of).tolist()


@pytest.mark.shared
def test_limits_equal_montgomerys_viscosity(shared):
    folder = shared / "reference" / "spc_xmr_viscosity"
    expected = json.loads((folder / "expected.json").read_text())["formula_2.66"]
    values = pd.read_csv(folder / "data.csv").select_dtypes("number").iloc[:, -1].to_numpy(dtype=float)
    assert limits(values, screen=False) == pytest.approx((expected["lcl"], expected["mean"], expected["ucl"]), rel=1e-3)


@pytest.mark.parametrize(("better", "word"), [("up", "improvement"), ("down", "concern"), ("neutral", "high")])
def test_direction_turns_a_signal_into_a_word(better, word):
    assert xmr(series([*QUIET, 30]), better=better).latest == word
    assert xmr(series(QUIET), better=better).latest == "none"


@pytest.mark.parametrize(
    ("better", "target", "assurance"),
    [
        ("up", 100, "missed"),
        ("up", -100, "met"),
        ("down", 100, "met"),
        ("down", -100, "missed"),
        ("up", 10, "hit_and_miss"),
        ("up", None, "none"),
        ("neutral", 10, "none"),
    ],
)
def test_assurance_compares_the_target_with_the_limits(better, target, assurance):
    assert xmr(series(QUIET), better=better, target=target).assurance == assurance


def test_eleven_points_draw_no_limits_and_twelve_do():
    eleven, twelve = xmr(series(QUIET[:11]), better="up"), xmr(series(QUIET[:12]), better="up")
    assert (eleven.latest, eleven.count, eleven.points["upper"].notna().any()) == ("too_few", 11, False)
    assert twelve.latest == "none" and twelve.trial


def test_all_alike_is_flat_and_nothing_is_marked():
    flat = xmr(series([5.0] * 20), better="up", target=4)
    assert (flat.latest, flat.assurance, flat.points["rule"].any()) == ("flat", "none", False)


def test_no_values_at_all():
    nothing = xmr(series([np.nan] * 20), better="up")
    assert (nothing.latest, nothing.as_of) == ("too_few", None)


def test_six_on_one_side_are_chance_and_seven_are_a_run_broken_by_a_gap():
    low, high = [0.0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], [1.2, 0.9, 1.1, 0.9, 1.2, 0.9, 1.1]
    assert xmr(series([*low, 0.0, *high[:6]]), better="up").points["rule"].iloc[-1] != "run"
    whole = xmr(series([*low, 0.0, *high]), better="up")
    assert whole.points["rule"].tolist()[-7:] == ["run"] * 7 and whole.stretch == 7
    gap = [*low, 0.0, *high[:3], np.nan, *high[3:]]
    assert not (xmr(series(gap), better="up").points["rule"] == "run").any()


def test_a_gap_joins_no_neighbours():
    values = np.array([1.0, 2, np.nan, 50, 51, 50, 51, 50, 51, 50, 51, 50, 51])
    _, centre, upper = limits(values, screen=False)
    assert upper - centre == pytest.approx(2.66 * 1.0)


def test_a_break_begins_new_limits():
    step = [*QUIET, *(v + 50 for v in QUIET)]
    whole = xmr(series(step), better="up")
    broken = xmr(series(step), better="up", breaks=("2025-03",))
    assert whole.latest == "improvement" and broken.latest == "none"
    assert broken.points["centre"].nunique() == 2 and broken.count == 14


def test_the_latest_point_is_the_newest_that_there_is():
    values = series([*QUIET, 30.0, np.nan])
    found = xmr(values, better="up")
    assert str(found.as_of) == "2025-03" and found.latest == "improvement"


def test_a_stretch_counts_only_the_points_of_its_own_rule():
    rising = [5.0, 4, 5, 4, 5, 4, 1, 2, 3, 4, 5, 6, 7, 8, 7.5, 8.5, 8, 7.5]
    run = xmr(series(rising), better="up")
    assert (run.rule, run.stretch) == ("run", sum(v > run.points["centre"].iloc[0] for v in rising[6:]))
    trend = xmr(series([9.0, 1, 9, 1, 9, 1, 9, 1, 4, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6]), better="up")
    assert (trend.rule, trend.stretch) == ("trend", 8)  # from the 1 on
