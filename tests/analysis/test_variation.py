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


def mark_of(special_cause: str) -> tuple[str, int]:
    """The rule and the side of a special cause, in NHSRplotthedots' words."""
    if special_cause == "Common Cause":
        return "", 0
    side = 1 if "Above" in special_cause or "Increasing" in special_cause else -1
    starts = {"Above": "outside", "Below": "outside", "7 Point": "trend", "2 in 3": "two_of_three", "7 Points": "run"}
    return next(rule for start, rule in starts.items() if special_cause.startswith(start + " ")), side


def word_of(point_type: str) -> str:
    return "none" if point_type == "common_cause" else point_type.removeprefix("special_cause_")


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
    told = json.loads((folder / "expected.json").read_text())
    expected, better = pd.DataFrame(told[key]), {"increase": "up", "decrease": "down"}[told["improvement_direction"]]
    points = xmr(series(pd.read_csv(folder / file)["y"]), better=better, screen=screen).points
    for ours, theirs in (("centre", "mean_col"), ("lower", "lpl"), ("upper", "upl")):
        assert points[ours].to_numpy() == pytest.approx(expected[theirs].to_numpy(), rel=1e-3)
    assert (
        list(zip(points["rule"], points["side"], strict=True)) == expected["special_cause_type"].map(mark_of).tolist()
    )
    assert points["word"].tolist() == expected["point_type"].map(word_of).tolist()


@pytest.mark.shared
def test_limits_equal_montgomerys_viscosity(shared):
    folder = shared / "reference" / "spc_xmr_viscosity"
    told = json.loads((folder / "expected.json").read_text())
    values = pd.read_csv(folder / "data.csv")["y"].to_numpy(dtype=float)
    plain, screened = told["formula_2.66"], told["qicharts2_i"][0]
    assert limits(values, screen=False) == pytest.approx((plain["lcl"], plain["mean"], plain["ucl"]), rel=1e-3)
    assert limits(values) == pytest.approx((screened["lcl"], screened["cl"], screened["ucl"]), rel=1e-3)
    beyond = [point["sigma.signal"] for point in told["qicharts2_i"]]
    assert (xmr(series(values), better="up").points["rule"] == "outside").tolist() == beyond


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


def test_waves_far_apart_are_neighbours_of_each_other():
    """A survey each third month: no two months are neighbours, and one odd pair does not speak for fourteen waves."""
    waves = np.full(42, np.nan)
    waves[::3] = QUIET
    found = xmr(series(waves), better="up")
    assert (found.latest, found.count) == ("none", 14)
    assert found.points["upper"].iloc[0] == pytest.approx(xmr(series(QUIET), better="up").points["upper"].iloc[0])
    waves[1] = waves[0] + 0.01
    assert not (xmr(series(waves), better="up").points["rule"] == "outside").any()


def test_a_jump_beyond_a_gap_is_no_flat_series():
    found = xmr(series([*([10.0] * 18), np.nan, 90]), better="up")
    assert (found.latest, found.rule) == ("improvement", "outside")


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


def test_a_stretch_ends_at_a_missing_point():
    run = [1.2, 0.9, 1.1, 0.9, 1.2, 0.9, 1.1]
    found = xmr(series([*([0.0, 1] * 6), 0.0, *run, np.nan, *run]), better="up")
    assert (found.rule, found.stretch) == ("run", 7)
    rising = [4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7]
    found = xmr(series([*([9.0, 1] * 7), 1, 2, 3, 4, np.nan, *rising]), better="up")
    assert (found.rule, found.stretch) == ("trend", 7)


def test_alike_up_to_the_floating_point_is_flat():
    assert xmr(series([0.3, 0.1 + 0.2] * 10), better="up").latest == "flat"
    assert xmr(series(1e6 + np.tile([0.0, 1e-3], 10)), better="up").latest == "none"


def test_rules_come_in_the_order_of_the_nhs():
    assert xmr(series([*QUIET, 10, 11, 12, 13, 14, 15, 16, 40]), better="up").rule == "outside"
    rising = [*([10.0, 11] * 7), 9.0, 9.5, 9.9, 10.2, 10.6, 11.1, 11.4, 11.5]
    points = xmr(series(rising), better="up").points
    assert points["rule"].tolist()[-8:] == ["trend"] * 8  # two of the last three lie near the limit as well
    assert points["side"].tolist()[-8:] == [1] * 8 and points["value"].iloc[-8] < points["centre"].iloc[-8]


def test_two_of_three_marks_the_two_and_not_the_third():
    near = [*QUIET, 17.5, 12, 18, 9, 11, 10]
    points = xmr(series(near), better="up").points
    assert points["rule"].tolist()[14:17] == ["two_of_three", "", "two_of_three"]
    apart = [*QUIET, 17.5, 10, 18, 9, 11, 10]  # the third on the other side
    assert not (xmr(series(apart), better="up").points["rule"] == "two_of_three").any()


def test_a_point_on_the_centre_breaks_a_run():
    low, high = [-1.0, 1.1] * 6, [1.0, 0.9, 1.1]
    values = [*low, *high, 0.0, *high, 0.9]
    centred = [*(v - np.mean(values) for v in values)]
    centred[len(low) + 3] = 0.0
    centred[0] -= sum(centred)
    points = xmr(series(centred), better="up").points
    assert abs(points["centre"].iloc[0]) < 1e-12 and not (points["rule"] == "run").any()
    unbroken = xmr(series([*centred[: len(low) + 3], 0.5, *centred[len(low) + 4 :]]), better="up")
    assert (unbroken.points["rule"] == "run").sum() >= 8


def test_a_run_of_eight_and_fewer_points_are_settings():
    seven = [*([0.0, 1] * 6), 0.0, *([1.2, 0.9, 1.1, 0.9, 1.2, 0.9, 1.1])]
    assert xmr(series(seven), better="up").rule == "run"
    assert xmr(series(seven), better="up", run=8).rule == ""
    assert xmr(series(QUIET[:9]), better="up", least=9).latest == "none"


def test_between_two_trends_the_turning_point_has_the_side_of_the_next():
    peak = [*([0.0, 9] * 8), 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    points = xmr(series(peak), better="up").points
    assert set(points["rule"].iloc[16:]) == {"trend"}
    assert points["side"].tolist()[16:] == [1] * 6 + [-1] * 7


def test_old_limits_stay_in_sight_and_a_young_segment_has_none_yet():
    points = xmr(series([*QUIET, *(v + 50 for v in QUIET[:5])]), better="up", breaks=("2025-03",)).points
    assert points["upper"].notna().tolist() == [True] * 14 + [False] * 5
    assert points["upper"].iloc[0] < 30


def test_the_order_of_the_rows_and_missing_rows_change_nothing_but_the_calendar():
    values = series([*QUIET, 30.0]).rename_axis("period")
    assert xmr(values, better="up").points.index.equals(values.index)
    assert xmr(values, better="up").points.index.name == "period"
    shuffled = xmr(values.sample(frac=1, random_state=1), better="up")
    pd.testing.assert_frame_equal(shuffled.points, xmr(values, better="up").points)
    gap = values.drop(values.index[5])
    points = xmr(gap, better="up").points
    assert len(points) == 15 and pd.isna(points["value"].iloc[5])


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        (range(14), "no_calendar"),
        (pd.period_range("2024-01-01", periods=14, freq="D"), "no_calendar"),
        (pd.PeriodIndex(["2024-01"] * 14, freq="M"), "periods_twice"),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_reason(index, reason):
    found = xmr(pd.Series(QUIET, index=index), better="up", target=1)
    assert (found.latest, found.reason, found.assurance, found.as_of, found.side) == (
        "refused",
        reason,
        "none",
        None,
        0,
    )


def test_infinite_values_are_missing_and_no_values_at_all_are_too_few():
    found = xmr(series([*QUIET, np.inf, -np.inf]), better="up")
    assert found.count == 14 and str(found.as_of) == "2025-02"
    assert xmr(series([]), better="up").latest == "too_few"


def test_a_target_that_is_no_number_gives_no_assurance():
    assert xmr(series(QUIET), better="up", target=np.nan).assurance == "none"


@pytest.mark.parametrize("wrong", [{"better": "higher"}, {"better": "up", "run": 1}, {"better": "up", "least": 0}])
def test_a_setting_that_no_chart_has_is_told(wrong):
    with pytest.raises(ValueError, match=r"say|count"):
        xmr(series(QUIET), **wrong)
