"""A link tested by hand gives the report's verdict, and the pairs in which nothing leads are what they claim to be."""

from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest
from markupsafe import escape
from test_explore import at_work
from verdicts import blank, verdict
from workspaces import clinics, run_here

from bsc_analysis import compare_tests, declared, in_short, made_up, open_kpis, open_run, open_setting, shuffled, told
from bsc_analysis.errors import UsageError
from bsc_analysis.ledger.edition import Edition, Final
from bsc_analysis.report.linked import Linked

__all__ = ["at_work", "clinics"]

MONTHS = pd.period_range("2023-10", periods=36, freq="M")
PAIR = ("engagement", "wait_median")


def notebook(folder) -> nbformat.NotebookNode:
    return nbformat.read(folder / "test_a_link.ipynb", as_version=4)


def tens(*names: str, periods: int = 36) -> pd.DataFrame:
    """Each practice counts its months from a round number of its own: a from 100, b from 200 …"""
    columns = {name: 100.0 * i + np.arange(periods) for i, name in enumerate(names, start=1)}
    return pd.DataFrame(columns, MONTHS[:periods])


def test_all_practices_stand_side_by_side_as_their_reports_show_them(at_work):
    frame = open_kpis("demo", "wait_median", "2026Q3")
    assert list(frame.index) == list(MONTHS) and frame.shape[1] == 12
    for practice in ("north_clinic", "east_clinic"):
        shown = open_run("demo", practice, "2026Q3").seen.series("wait_median")
        usable = shown["value"].where(shown["state"].isin(["ok", "value_only"]))
        pd.testing.assert_series_equal(frame[practice].dropna(), usable.dropna(), check_names=False, check_freq=False)
    assert frame.isna().any(axis=None)


def test_nothing_after_the_period_is_among_them(at_work):
    whole, until = (open_kpis("demo", "wait_median", period) for period in ("2026Q3", "2025-03"))
    pd.testing.assert_frame_equal(whole[: pd.Period("2025-03")], until, check_freq=False)


def test_a_kpi_that_nobody_has_is_refused_with_the_mend(at_work):
    with pytest.raises(UsageError, match=r"Did you mean wait_median\?"):
        open_kpis("demo", "wait_medien")


def test_a_documented_change_of_either_kpi_is_told_to_the_test(at_work):
    setting = open_setting("demo", *PAIR)
    assert setting["breaks"]["north_clinic"] == [pd.Period("2025-07")] and setting["breaks"]["lakeside"] == []
    assert open_setting("demo", "engagement", "burnout")["breaks"]["north_clinic"] == []
    assert setting["specialty"]["harbor_heart"] == "cardiology"


def test_the_hand_s_verdict_is_the_report_s(at_work):
    names = run_here(notebook(at_work), trials=1)
    reported, whole, own = (names[name] for name in ("reported", "whole", "own"))
    assert reported.group.answer == whole.answer == "supported"
    for hand, report in ((whole, reported.group), (own, reported.own)):
        pd.testing.assert_frame_equal(hand.profile, report.profile)
        assert (hand.p_forecasts, hand.p_leads, hand.feedback) == (report.p_forecasts, report.p_leads, report.feedback)


@pytest.mark.parametrize(
    ("cell", "right", "wrong"),
    [("group", ", **setting", ""), ("one", '"breaks": setting["breaks"][practice]', '"season": None')],
)
def test_a_test_that_is_told_less_breaks_an_assert(cell, right, wrong, at_work):
    changed = notebook(at_work)
    step = next(each for each in changed.cells if each.id == cell)
    assert right in step.source
    step.source = step.source.replace(right, wrong)
    with pytest.raises(AssertionError):
        run_here(changed, trials=1)


def test_two_other_kpis_may_be_tried_though_nobody_declared_them(at_work):
    names = run_here(notebook(at_work), leading_kpi="no_show_rate", lagging_kpi="new_patient_share", trials=1)
    assert names["reported"] is None and names["shared"]


def test_the_hand_is_held_against_drafts_with_the_same_window_only(at_work):
    run = open_run("demo", "north_clinic", "2026Q3")
    assert declared(run, *PAIR, 3).link.leading == "engagement"
    assert declared(run, *PAIR, 2) is None and declared(run, *PAIR[::-1], 3) is None
    assert declared(replace(run, edition=Edition(final=Final("2026-10-05", "A"))), *PAIR, 3) is None


def test_verdicts_are_told_in_the_report_s_words(at_work):
    run = open_run("demo", "north_clinic", "2026Q3")
    reported = next(t for t in run.seen.links if (t.link.leading, t.link.lagging) == PAIR)
    shown, row = told(run, *PAIR, group=reported.group, own=reported.own), Linked(run.seen, reported, 0)
    assert shown.sentences[: len(row.sentences)] == row.sentences
    assert list(shown.numbers.loc["Answer"]) == ["supported", reported.own.answer.replace("_", " ")]
    html = shown._repr_html_()
    assert "<svg" in html and str(escape(row.sentences[0])) in html


def test_what_could_not_be_tested_is_told_without_numbers(at_work):
    run = open_run("demo", "north_clinic", "2026Q3")
    shown = told(run, *PAIR, group=blank("season_too_short"), own=blank("too_few_points"))
    assert shown.sentences == [
        "The season cannot be told apart from the effect yet: months take two years, quarters three."
    ]
    assert shown.numbers.empty and shown.profile is None and "<table" not in shown._repr_html_()


def test_an_answer_without_an_expectation_is_told_too(at_work):
    run = open_run("demo", "north_clinic", "2026Q3")
    shown = told(run, *PAIR, group=verdict("supported", expect=None), own=verdict("cannot_tell", expect=None))
    assert shown.profile is not None and shown.sentences[0].startswith("When staff engagement rose")


def test_each_practice_gets_another_one_s_months_of_another_year():
    of = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y", "f": "z"}
    lagging = tens(*of)
    for trial in shuffled(lagging, lagging, times=20, specialty=of):
        assert sorted(trial.leading) == list("abcde")  # nobody has f's specialty
        assert trial.lagging.equals(lagging[trial.leading.columns])
        for name, column in trial.leading.items():
            donor = "abcdef"[int(column.min() // 100) - 1]
            assert donor != name and of[donor] == of[name]
            months = (column.to_numpy() % 100).astype(int)
            by = 36 - months[0]
            assert by in (12, 24) and list(months) == [*range(36 - by, 36), *range(36 - by)]
            assert trial.told["breaks"][name][0] == MONTHS[by]


def test_a_break_moves_with_the_months_that_it_broke():
    breaks = {"a": [MONTHS[3]], "b": [MONTHS[30]]}
    for trial in shuffled(tens("a", "b"), tens("a", "b"), times=4, breaks=breaks):
        by = 36 - int(trial.leading["a"].iloc[0] % 100)
        assert trial.told["breaks"]["a"] == [MONTHS[3], MONTHS[by], MONTHS[(30 + by) % 36]]
        assert trial.told["breaks"]["b"] == [MONTHS[30], MONTHS[by], MONTHS[3 + by]]


def test_only_periods_that_both_kpis_span_are_exchanged():
    (trial,) = shuffled(tens("a", "b", periods=30), tens("a", "b")[6:], times=1)
    assert list(trial.leading.index) == list(trial.lagging.index) == list(MONTHS[6:30])


def test_a_practice_alone_has_nobody_to_exchange_with():
    with pytest.raises(UsageError, match="nobody to exchange them with"):
        shuffled(tens("a", "b"), tens("a", "b"), specialty={"a": "x", "b": "y"})


def test_the_usual_tests_find_what_is_not_there_and_ours_finds_what_is():
    walks = compare_tests(made_up("random walks", times=8, seed=3))["found"]
    assert walks["one practice", "correlation, best lag"] > 50 and walks["all practices", "pooled"] > 40
    assert walks["one practice", "ours"] < 20 and walks["all practices", "ours"] < 20
    planted = compare_tests(made_up("planted .4 after 1", times=4, seed=3))["found"]
    assert planted["all practices", "ours"] == 100


def test_what_ours_cannot_tell_is_not_called_unfound():
    found = compare_tests(made_up("white noise", times=2, months=15))
    assert found["pairs"]["one practice", "ours"] == 0 and np.isnan(found["found"]["all practices", "ours"])
    assert in_short(found).count("ours can't tell") == 2
    sure = compare_tests(made_up("persistent .9", times=2))
    assert "can't tell" not in in_short(sure) and in_short(sure).count("chance alone may find 5 %") == 2


def test_the_same_seed_makes_the_same_trials():
    one, again, other = (made_up("own seasons", times=2, seed=seed) for seed in (1, 1, 2))
    assert one[1].leading.equals(again[1].leading) and not one[1].leading.equals(other[1].leading)


def test_a_design_of_another_name_is_refused_with_the_mend():
    with pytest.raises(UsageError, match=r"Did you mean random walks\?"):
        made_up("random walk")
