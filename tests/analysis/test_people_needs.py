"""Training needs are where a team's work differs from the others' by more than chance, over all that was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from bsc_analysis.analysis.people_needs import training_needs


def work(text: str, columns: str = "pattern team count of") -> pd.DataFrame:
    rows = pd.DataFrame([line.split() for line in text.strip().splitlines()], columns=columns.split())
    numbers = [name for name in rows if name not in ("pattern", "team", "cluster")]
    return rows.astype(dict.fromkeys(numbers, float))


CALLS = """
passed_on front 30 200
passed_on back 60 200
passed_on east 28 200
again front 20 200
again back 21 200
again east 19 200
"""
DOWN = {"passed_on": "down", "again": "down"}


def answers(found) -> dict[str, str]:
    return {f"{each.pattern} {each.team}": each.answer for each in found.all}


def test_the_team_that_passes_on_twice_as_many_calls_has_the_need():
    found = training_needs(work(CALLS), DOWN)
    assert (found.answer, [(each.pattern, each.team) for each in found.needs]) == ("found", [("passed_on", "back")])
    need = found.needs[0]
    assert need.p == pytest.approx(proportions_ztest([60, 58], [200, 400])[1])
    newcombe = confint_proportions_2indep(60, 200, 58, 400, method="newcomb", compare="diff")
    assert (need.lower, need.upper) == pytest.approx(newcombe)
    assert (need.n, need.n_others, need.share, need.others) == (200, 400, 0.3, 58 / 400)
    assert found.tested == 6 and need.q_value == pytest.approx(6 * need.p)


def test_direction_turns_a_need_into_somebody_to_learn_from():
    found = training_needs(work(CALLS), {"passed_on": "up", "again": "up"})
    assert answers(found)["passed_on back"] == "better" and found.answer == "found"
    assert {each.team for each in found.needs} == {"east"}


def test_where_only_chance_speaks_that_is_the_answer_with_what_could_have_been_seen():
    found = training_needs(work(CALLS)[3:], DOWN)
    assert (found.answer, found.needs, found.tested) == ("none_distinguishable", [], 3)
    assert 0.05 < found.all[0].smallest_visible < 0.1


def test_more_comparisons_ask_for_more():
    one = "passed_on front 30 200\npassed_on back 47 200\n"
    alone = training_needs(work(one), DOWN)
    among = training_needs(work(one + "".join(f"again t{i} 20 200\n" for i in range(20))), DOWN)
    assert (alone.answer, among.answer) == ("found", "none_distinguishable")
    assert among.all[0].smallest_visible > alone.all[0].smallest_visible


def test_people_who_swing_within_teams_take_the_need_away():
    """The same totals: of one team one person passes nearly all on, as one person of the other team does."""
    even = "passed_on {0} {1} 40 {2}\n"
    calm = "".join(even.format("front", 6, f"f{i}") + even.format("back", 12, f"b{i}") for i in range(5))
    wild = "".join(
        even.format("front", 30 * (i == 0), f"f{i}") + even.format("back", 30 * (i < 2), f"b{i}") for i in range(5)
    )
    columns = "pattern team count of cluster"
    one, other = (training_needs(work(text, columns), DOWN) for text in (calm, wild))
    assert (one.answer, one.all[0].phi, one.all[0].clusters) == ("found", 1.0, 10)
    assert (other.answer, other.all[0].clusters) == ("none_distinguishable", 10) and other.all[0].phi > 10
    assert other.all[0].difference == one.all[0].difference
    assert other.all[0].upper > 0 > one.all[0].upper


def test_two_months_do_not_tell_how_calls_swing_so_nothing_is_a_need():
    two = "again front 2 200 7\nagain front 40 200 8\nagain back 30 200 7\nagain back 60 200 8"
    found = training_needs(work(two, "pattern team count of cluster"), DOWN)
    assert (found.answer, [each.reason for each in found.all]) == ("cannot_tell", ["too_few_clusters"] * 2)


def test_what_cannot_be_compared_says_why():
    def why(text: str, columns: str = "pattern team count of") -> list[str]:
        return [each.reason for each in training_needs(work(text, columns), DOWN).all]

    assert why("again front 3 200") == ["no_other_team"]
    assert why("again front 3 20\nagain back 3 200") == ["too_few_cases"] * 2
    assert why("again front 0 50\nagain back 0 50") == ["no_events"] * 2
    assert why("again front 60 50\nagain back 0 50") == ["impossible_counts"] * 2
    assert why("again front 6 50 1\nagain back 0 50 4", "pattern team count of people") == ["one_person", ""]
    assert training_needs(work("again front 3 200"), DOWN).answer == "cannot_tell"
    assert training_needs(work(CALLS)[:0], {}).answer == "cannot_tell"


def test_what_is_not_said_is_asked_for():
    with pytest.raises(ValueError, match="say 'up' or 'down' for each pattern; open: passed_on"):
        training_needs(work(CALLS), {"again": "down"})
    with pytest.raises(ValueError, match="have no team"):
        training_needs(work(CALLS).drop(columns="team"), DOWN)
    with pytest.raises(ValueError, match="open: neutral ones"):
        training_needs(work(CALLS), DOWN | {"again": "neutral"})


def test_of_teams_that_work_alike_few_have_a_need_although_people_differ():
    rng, false = np.random.default_rng(4), 0
    rows = [(pattern, team, f"{team}{i}") for pattern in ("passed_on", "again") for team in "abcd" for i in range(6)]
    for _ in range(25):
        told = pd.DataFrame(rows, columns=["pattern", "team", "cluster"]).assign(of=80)
        told["count"] = rng.binomial(80, rng.beta(4, 16, len(told)))  # people differ, teams do not
        false += training_needs(told, DOWN).answer == "found"
    assert false <= 4  # of independent calls it would be more than half
