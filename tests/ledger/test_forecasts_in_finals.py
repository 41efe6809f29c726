"""Goals in finals: what was forecast is kept, and held against what came, whatever became of the goal since."""

from __future__ import annotations

import numpy as np
import pytest

from bsc_analysis.check import faults_of
from bsc_analysis.disclosure import disclose_group
from bsc_analysis.ledger.edition import Final, draft_of, frozen, open_edition
from bsc_analysis.report.publish import publish
from tests.builders import group as group_of

GROUP = """
group: g
title: G
grain: month
report: quarter
feeds:
  history:
    kind: readings
    path: h.csv
    practice: clinic
    period: period
    kpis: {wait_median: {value: w}, no_show_rate: {value: s}}
kpis: {wait_median: , no_show_rate: }
"""
GOAL = """
goals:
  - kpi: wait_median
    target: 19
    by: 2026-06
    owner: front desk
    because: Waiting costs patience.
    declared: '2026-01-04'
    guardrails: [no_show_rate]
"""


def group(root, goals=GOAL):
    rng = np.random.default_rng(1)
    rows = [
        f"{p},{2024 + m // 12}-{m % 12 + 1:02d},{20 + rng.normal():.2f},9.{m % 10}" for p in "ab" for m in range(33)
    ]
    params = {"group.yaml": GROUP + goals, "a.yaml": "group: g\npractice: a\ntitle: A\n"}
    params["b.yaml"] = "group: g\npractice: b\ntitle: B\n"
    return group_of(root, params, {"h.csv": "clinic,period,w,s\n" + "\n".join(rows) + "\n"})


def make_final(loaded, period, n=1):
    seen, told = draft_of(loaded, "a", period)
    folder = loaded.workspace / "ledger" / "g" / period / "a" / str(n)
    publish(folder, frozen(seen, told, Final("2026-07-06", "Ann", n)), {}, replace=False)
    return seen.goals[0]


def test_a_final_keeps_what_it_forecast_and_its_record(tmp_path):
    loaded = group(tmp_path)
    published = make_final(loaded, "2026Q1")
    seen, told = open_edition(group(tmp_path, goals=""), "a", "2026Q1")
    assert told.state == "final" and told.forecasts.reason == "no_outcomes" and told.forecasts.waiting == 0
    assert seen.goals == (published,) and 0 < published.probability < 1
    assert seen.practice.goals == (published.goal,)


@pytest.mark.parametrize(
    "goals", [GOAL, "", GOAL.replace("target: 19", "target: 30")], ids=["kept", "dropped", "moved"]
)
def test_a_forecast_counts_by_what_was_promised_then(tmp_path, goals):
    published = make_final(group(tmp_path), "2026Q1")
    record = draft_of(group(tmp_path, goals), "a", "2026Q3")[1].forecasts
    series = draft_of(group(tmp_path), "a", "2026Q3")[0].series("wait_median")
    came = float(series["value"]["2026-06"] <= 19)
    assert (record.forecasts, record.goals, record.waiting) == (1, 1, 0)
    assert record.brier == pytest.approx((published.probability - came) ** 2)


def test_of_a_period_made_final_twice_the_newer_counts_and_none_of_its_own(tmp_path):
    make_final(group(tmp_path), "2025Q4")
    make_final(group(tmp_path), "2025Q4", n=2)
    make_final(group(tmp_path), "2026Q1")
    told = {p: draft_of(group(tmp_path), "a", p)[1].forecasts for p in ("2026Q1", "2026Q2")}
    assert (told["2026Q1"].forecasts, told["2026Q1"].waiting) == (0, 1)
    assert (told["2026Q2"].forecasts, told["2026Q2"].goals) == (2, 1)


def test_across_practices_names_are_told_to_leaders_only_and_to_others_no_more_than_the_status(tmp_path):
    named = disclose_group(group(tmp_path, "audience: leadership\n" + GOAL), "2026Q1").goals
    assert [title for title, _ in named] == ["A", "B"] and named[0][1].probability is not None
    (tmp_path / "other").mkdir()
    public = group(tmp_path / "other")  # for the public, unless params say otherwise
    unnamed = disclose_group(public, "2026Q1").goals
    assert [(title, goal.status) for title, goal in unnamed] == [("", goal.status) for _, goal in named]
    assert {goal.now for _, goal in unnamed} == {None}


def test_the_check_tells_of_goals_in_both_files_at_once(tmp_path):
    loaded = group(tmp_path, GOAL.replace("owner: front desk", "owner:").replace("2026-06", "2025-06"))
    told = "{kpi: no_shows, practice: b, target: 7, by: 2026Q4, owner: x, because: x, declared: '2026-01-04'}"
    own = f"goals:\n  - {told}\n"
    (tmp_path / "params" / "g" / "a.yaml").write_text(f"group: g\npractice: a\ntitle: A\n{own}")
    loaded = group_of(tmp_path, {})
    told = [f"{fault.file.split('/')[-1]} {fault.place}" for fault in faults_of(loaded)]
    assert told == [
        "group.yaml goals[0].owner",
        "group.yaml goals[0].by",
        "a.yaml goals[0].kpi no_shows",
        "a.yaml goals[0].practice",
    ]
