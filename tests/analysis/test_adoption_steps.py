"""The six steps: what shows each is counted, one thing missing keeps it open, and what nobody knows is not missing."""

from __future__ import annotations

import pytest

from bsc_analysis.analysis.adoption_steps import Evidence, Step, adoption_steps, shown
from bsc_analysis.analysis.people_registers import Counted
from bsc_analysis.kpis import kpi
from bsc_analysis.params.models import PERSPECTIVES, KpiChoice, Target
from bsc_analysis.params.strategy import Objective, Strategy

CARD = ("wait_median", "engagement", "initiative_spending")  # the last one is neither to rise nor to fall
AIMS = [
    Objective(id="rooms", title="Roomed on time", perspective="processes", owner="us", kpis=["wait_median"]),
    Objective(id="team", title="People stay", perspective="people", kpis=["engagement"]),
    Objective(id="praised", title="Praised", perspective="patients", owner="us", kpis=["provider_rating"]),
]
NOTHING = {
    code: Evidence(code, state="no_register")
    for code in ("definitions", "involved", "acknowledged", "buy_in", "reviews", "concerns", "ideas")
}


def steps(strategy=None, goals=(), **registers: Evidence) -> dict[str, Step]:
    choices = {id: KpiChoice(owner="us") for id in CARD} | {"engagement": KpiChoice()}
    choices["wait_median"] = KpiChoice(owner="us", target=Target(value=15, source="us"))
    found = adoption_steps(
        strategy or Strategy(vision="To be well", objectives=AIMS),
        PERSPECTIVES,
        {id: kpi(id) for id in CARD},
        choices,
        goals,
        NOTHING | registers,
    )
    return {step.id: step for step in found}


def counts(step: Step) -> dict[str, tuple[int, int] | str]:
    return {e.code: e.state or (e.count, e.of) for e in step.evidence}


def test_each_step_counts_what_shows_it():
    found = steps(goals={"wait_median"})
    assert list(found) == ["vision", "categories", "objectives", "kpis", "acceptance", "tracking"]
    assert counts(found["vision"]) == {"vision": (1, 1), "objectives_owned": (2, 3)}
    assert counts(found["categories"]) == {"perspectives_measured": (3, 4), "perspectives_aimed": (3, 4)}
    assert counts(found["objectives"]) == {"objectives_measured": (2, 3), "objectives_goal": (1, 3)}
    assert counts(found["kpis"]) == {"kpis_owned": (2, 3), "kpis_target": (1, 2), "definitions": "no_register"}


def test_without_objectives_they_are_missing_and_not_a_share_of_none():
    found = steps(Strategy())
    assert counts(found["vision"]) == {"vision": (0, 1), "objectives_owned": "none_declared"}
    assert found["vision"].answer == found["objectives"].answer == "open"


@pytest.mark.parametrize(
    ("answer", "evidence"),
    [
        ("done", [Evidence("reviews", 4, 4), Evidence("ideas", state="nothing_due")]),
        ("partly", [Evidence("reviews", 3, 4), Evidence("ideas", 2, 2)]),
        ("partly", [Evidence("reviews", 4, 4), Evidence("ideas", state="no_register")]),
        ("done", [Evidence("reviews", 4, 4), Evidence("ideas", state="withheld")]),
        ("open", [Evidence("reviews", 0, 4), Evidence("ideas", state="no_register")]),
        ("cannot_tell", [Evidence("reviews", state="no_register"), Evidence("ideas", state="nothing_due")]),
    ],
)
def test_one_thing_missing_keeps_a_step_open_and_what_nobody_knows_keeps_it_from_being_done(answer, evidence):
    assert Step("tracking", tuple(evidence)).answer == answer


def test_a_register_in_which_nothing_was_due_shows_nothing_and_lacks_nothing():
    evidence = shown("ideas", Counted(), 30)
    assert (evidence.state, evidence.missing, evidence.whole) == ("nothing_due", False, False)
    assert shown("ideas", Counted(3, 4), 30) == Evidence("ideas", 3, 4, days=30)
