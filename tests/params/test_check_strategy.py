"""A strategy as declared: ids once, names that something answers to, all faults at once."""

from __future__ import annotations

import yaml

from bsc_analysis.check import faults_of
from tests.builders import group

SHARED = {
    "group": "g",
    "title": "The group",
    "grain": "month",
    "feeds": {},
    "kpis": dict.fromkeys(["engagement", "wait_median"]),
}


def faults(root, strategy, own=None) -> list[str]:
    practice = {"group": "g", "practice": "a", "title": "A"} | ({"strategy": own} if own else {})
    files = {"group.yaml": SHARED | {"strategy": strategy}, "a.yaml": practice}
    found = faults_of(group(root, {name: yaml.safe_dump(facts) for name, facts in files.items()}))
    return [f"{f.file.removeprefix('params/g/')} {f.place}: {f.message}" for f in found]


def objective(**told) -> dict:
    return {"id": "team", "title": "A team that stays", "perspective": "people", "kpis": ["engagement"]} | told


def test_a_strategy_may_be_declared_with_little(tmp_path):
    assert faults(tmp_path, {"objectives": [objective(), objective(id="rooms", kpis=[])]}) == []
    assert faults(tmp_path, {"vision": "To be well"}) == []


def test_names_that_nothing_answers_to_and_ids_told_twice_are_refused_at_once(tmp_path):
    amiss = objective(perspective="peopel", theme="stay", kpis=["engagment", "wait_median", "wait_median"])
    assert faults(tmp_path, {"themes": [{"id": "stays", "title": "Stays"}], "objectives": [amiss, objective()]}) == [
        "group.yaml strategy.objectives: names team 2 times; keep one of them",
        "group.yaml strategy.objectives[0].perspective: is peopel, which is not among the perspectives."
        " Did you mean people?  They are: financial, patients, processes, people",
        "group.yaml strategy.objectives[0].theme: is stay, which is not among the themes."
        " Did you mean stays?  They are: stays",
        "group.yaml strategy.objectives[0].kpis engagment: is not among the chosen kpis. Did you mean engagement?",
        "group.yaml strategy.objectives[0].kpis: names wait_median 2 times; keep one of them",
    ]


def test_a_practice_s_own_strategy_is_checked_in_its_own_file_and_the_group_s_in_the_group_s(tmp_path):
    own = {"objectives": [objective(theme="stay")]}
    (fault,) = faults(tmp_path, {"objectives": [objective()]}, own)
    assert fault.startswith("a.yaml strategy.objectives[0].theme: is stay") and fault.endswith("There are no themes")
    (fault,) = faults(tmp_path, {"objectives": [objective(theme="stay")]})
    assert fault.startswith("group.yaml")
