"""Trials of actions and peers: each kind answers, is kept while its code is the same, and stands on the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bsc_analysis.calibrate import finished
from bsc_analysis.calibrate.page import page
from bsc_analysis.calibrate.trial_tables import missed
from bsc_analysis.calibrate.trials import GROUP, ONE, PEERS, few, trials


def test_every_trial_has_a_name_of_its_own_and_each_kind_is_in_the_slice():
    every = trials()
    assert len({trial.id for trial in every}) == len(every)
    assert {trial.kind for trial in few(every)} == {ONE, GROUP, PEERS}


@pytest.mark.parametrize("trial", few(trials()), ids=lambda trial: trial.id)
def test_a_trial_answers_with_the_rates_that_the_page_shows(trial, tmp_path):
    trial = replace(trial, repetitions=12)
    told = trial.answer()
    finished.write(tmp_path, trial, told)
    assert finished.read(tmp_path, trial) == told == trial.answer()
    assert all(0 <= rate <= 1 for name, rate in told.items() if name not in ("effect", "two_way_effect", "error"))
    text = page([], [(trial, told)])
    assert trial.name in text and f"{100 * next(iter(told.values())):.1f}" in text


def test_a_rate_beyond_its_bar_is_marked_and_listed():
    trial = next(t for t in trials() if t.kind == ONE and t.bars)
    bad, good = (
        {"found": found, "covered": 0.9, "untold": 0.0, "newey_west": 0.2, "before_after": 0.3} for found in (0.2, 0.07)
    )
    assert missed([(trial, good)]) == []
    (line,) = missed([(trial, bad)])
    assert line == f"- {trial.id}: found **20.0** ✗" and line in page([], [(trial, bad)])


def test_other_repetitions_or_another_name_are_another_trial(tmp_path):
    trial = few(trials())[0]
    finished.write(tmp_path, trial, {"found": 0.05})
    assert finished.read(tmp_path, replace(trial, repetitions=7)) is None
    assert finished.read(tmp_path, replace(trial, name="other")) is None
