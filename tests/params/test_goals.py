"""Goals in params: what a file may say, and what the check says of names, days and ways."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bsc_analysis.check.goals import goal_faults
from bsc_analysis.params.goal_models import Goal

WHOLE = {
    "kpi": "no_show_rate",
    "baseline": "2025Q4",
    "change": {"relative": -15},
    "by": "2026Q4",
    "owner": "front desk lead",
    "objective": "easy_access",
    "guardrails": ["wait_median"],
    "because": "Empty slots cost money.",
    "declared": "2026-01-04",
}
CHOSEN, OBJECTIVES = ["no_show_rate", "wait_median", "clinicians"], ["easy_access", "growth"]


def goal(**other) -> Goal:
    told = {**WHOLE, **other}
    return Goal.model_validate({name: value for name, value in told.items() if value is not None})


def faults(*goals: Goal, **told) -> list[str]:
    told = {"objectives": OBJECTIVES, "practices": ["north_clinic"], **told}
    return [f"{each.place}: {each.message}" for each in goal_faults("group.yaml", goals, CHOSEN, **told)]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"change": "15 %"}, "Is '15 %', which can be read in two ways; write {relative: -15} for 15 % less than"),
        ({"change": -15}, "Is -15, which can be read in two ways"),
        ({"change": None, "target": "15 %"}, "Is '15 %'; write a number in the KPI's unit, or instead of target a"),
        ({"change": {"relative": -15, "points": -2}}, "Names no kind of change, or both"),
        ({"change": {}}, "Names no kind of change"),
        ({"change": {"points": 0}}, "Is a change of 0"),
        ({"target": 7}, "Names no target, or two"),
        ({"change": None}, "Names no target, or two"),
        ({"baseline": None}, "Names a change from nothing"),
        ({"change": {"percent": 15}}, "Extra inputs are not permitted"),
        ({"by": "soon"}, "String should match pattern"),
    ],
)
def test_what_is_no_goal_is_refused_with_its_mend(told, message):
    with pytest.raises(ValidationError) as refused:
        goal(**told)
    assert any(message in error["msg"] for error in refused.value.errors())


def test_a_whole_goal_has_no_fault():
    assert faults(goal(), goal(kpi="clinicians", guardrails=[], change=None, target=45, practice="north_clinic")) == []


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"kpi": "no_show_rat"}, "goals[0].kpi no_show_rat: is not among the chosen kpis. Did you mean no_show_rate?"),
        ({"guardrails": ["waits"]}, "goals[0].guardrails waits: is not among the chosen kpis."),
        ({"guardrails": ["no_show_rate"]}, "goals[0].guardrails: hold no_show_rate, the goal's own KPI; name what"),
        ({"guardrails": ["wait_median"] * 2}, "goals[0].guardrails: hold wait_median twice; keep one of them"),
        ({"owner": None}, "goals[0].owner: is missing; name who answers for the goal, by role"),
        ({"objective": None}, "goals[0].objective: is missing; name the objective that the goal serves: easy_access,"),
        (
            {"objective": "easy_acces"},
            "goals[0].objective: is 'easy_acces', which is not an objective of this group. Did",
        ),
        (
            {"practice": "north_clinc"},
            "goals[0].practice: is 'north_clinc', which is not a practice here. Did you mean north_clinic?",
        ),
        (
            {"change": {"points": 2}},
            "goals[0].change.points: is 2, for the worse: no-show rate is better when lower; w",
        ),
        ({"change": None, "target": -3}, "goals[0].target: is -3; no-show rate lies between 0 and 100 %"),
        ({"by": "2025Q4"}, "goals[0].by: is 2025Q4, not after the baseline 2025Q4; set a later one"),
        (
            {"baseline": "2024Q1", "by": "2025Q4"},
            "goals[0].by: is 2025Q4, over when the goal was declared (2026-01-04)",
        ),
        ({"declared": "2026-02-30"}, "goals[0].declared: is '2026-02-30', which no calendar has"),
    ],
)
def test_a_fault_names_place_and_mend(told, fault):
    found = faults(goal(**told))
    assert len(found) == 1 and found[0].startswith(fault)


def test_readings_of_quarters_have_no_months():
    assert faults(goal(by="2026-12"), grain="quarter") == [
        "goals[0].by: is 2026-12; readings come by the quarter: write one such period"
    ]


def test_without_objectives_declared_none_is_asked_for():
    assert faults(goal(objective=None), objectives=None) == []


def test_the_same_goal_twice():
    assert faults(goal(), goal()) == [
        "goals[1]: sets a goal for no_show_rate by 2026Q4 again, after goals[0]; keep one"
    ]


def test_edits_tell_what_was_other_in_order():
    def edited(*edits) -> list[str]:
        return faults(goal(edits=[{"because": "x", **edit} for edit in edits]))

    assert edited({"at": "2026-02-01", "was": {"by": "2026Q3", "change": {"points": -2}}}) == []
    assert edited({"at": "2026-02-01", "was": {"by": "2026Q4"}}) == [
        "goals[0].edits[0].was.by: is 2026Q4, as it is after the edit; name what was other"
    ]
    assert edited({"at": "2025-02-01", "was": {}}) == [
        "goals[0].edits[0].was: names nothing; write what the goal said before, as {target: 7}",
        "goals[0].edits[0].at: is 2025-02-01, before the goal was declared (2026-01-04); write the oldest edit first",
    ]
