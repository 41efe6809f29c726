"""How a practice is led, from registers and surveys to what each audience may see: states, counts and no person."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from math import isnan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsc_analysis.disclosure.few import together
from bsc_analysis.disclosure.people import People, people
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.packed import packed, record_of
from bsc_analysis.params.models import KpiChoice, Target
from bsc_analysis.readings.labels import OTHERS
from tests.stores import group_of, rows, store_of

PERIOD = pd.Period("2026Q3")
VISITS = """
practice visit_id patient_id appointment_at status
a        v1       p1         2026-09-28     kept
"""
REVIEWS = """
practice review_id scheduled_at status attended quorum decisions
a        R0        2025-09-30   missed .        4      .
a        R1        2025-10-01   held   4        4      1
a        R2        2026-01-05   held   3        4      2
a        R3        2026-03-05   missed .        4      .
a        R4        2026-09-05   held   5        4      0
a        R5        2026-10-05   held   5        4      1
b        R6        2026-09-05   missed .        4      .
"""
SIGN_OFFS = """
practice sign_off_id period role     sent_at    acknowledged_at
a        F1          2026Q1 provider 2026-04-10 2026-04-12
a        F2          2026Q1 nurse    2026-04-10 2026-04-30
a        F3          2026Q1 IT       2026-04-10 .
a        F4          2026Q2 provider 2026-07-10 2026-07-24
a        F5          2026Q2 nurse    2026-07-10 2026-07-11
a        F6          2026Q2 IT       2026-09-29 .
"""
ACTIONS = """
practice action_id title kpi         owner decided_at starts_at
a        A1        t     wait_median us    2026-01-01 2026-02-01
a        A2        t     wait_median us    2026-01-01 2026-03-01
a        A3        t     wait_median us    2025-01-01 2025-02-01
a        A4        t     wait_median us    2026-09-01 2026-11-01
"""
PARTICIPATION = """
practice participation_id action_id role     kind    took_part_at
a        P1               A1        provider meeting 2026-01-20
a        P2               A1        nurse    meeting 2026-02-01
a        P3               A2        provider trial   2026-03-02
a        P4               A3        nurse    trial   2025-01-05
"""
CONCERNS = """
practice concern_id raised_at  by_role topic  answered_at answer
a        N1         2026-08-01 nurse   rota   2026-08-20  changed
a        N2         2026-07-01 .       rooms  2026-09-20  painted
a        N3         2026-06-01 admin   phones .           .
a        N4         2026-09-20 admin   phones .           .
a        N5         2025-01-01 admin   old    2025-02-01  ordered
"""
STAFF = "practice staff_id role team hired_at as_of\n" + "".join(
    f"a s{i:02} {role} {team} 2020-01-01 2026-09-30\n"
    for i, (role, team) in enumerate([("Nurse", "Blue")] * 6 + [("IT", "Red")] * 2 + [("Provider", "Green")] * 8)
)


def led(folder, audience="leadership", choices=None, **tables: str) -> People:
    """How practice a is led, of tables as text."""
    group = group_of(["wait_median", "no_show_rate"], ["a", "b"], report="quarter", audience=audience)
    if choices:
        own = {**group.practices["a"].kpis, **choices}
        group = replace(group, practices={"a": replace(group.practices["a"], kpis=own)})
    named = {"visits": VISITS, **tables}
    return people(group, "a", PERIOD, store_of(folder, **{name: rows(text, name) for name, text in named.items()}))


def counts(told: People) -> dict[str, tuple[int, int] | str]:
    """What all did of each thing as (count, of), or the state."""
    return {d.what: d.state or (d.counted.count, d.counted.of) for d in told.deeds if not d.role}


def by_role(told: People, what: str) -> dict[str, tuple[int, int]]:
    return {d.role: (d.counted.count, d.counted.of) for d in told.by_role(what)}


def survey(wave: str, *answers: tuple[str, str, int], question="buy_in") -> str:
    """Answers of a wave: respondent, role ('.' none), score."""
    return "".join(f"a staff {who} {question} {wave} {score} {role}\n" for who, role, score in answers)


def team(role: str, first: int, *scores: int) -> list[tuple[str, str, int]]:
    return [(f"w{first + i:03}", role, score) for i, score in enumerate(scores)]


HEAD = "practice survey respondent_id question answered_at answer role\n"


def test_without_any_register_every_deed_says_that_there_is_none(tmp_path):
    told = led(tmp_path)
    assert {what: state for what, state in counts(told).items() if what != "definitions"} == dict.fromkeys(
        ("reviews", "held", "quorate", "decided", "acknowledged", "involved", "concerns", "ideas"), "no_register"
    )
    assert (told.buy_in.state, told.needs.answer, told.confidence, told.answered) == ("not_asked", "no_table", (), ())
    assert {step.id: step.answer for step in told.steps} == {
        "vision": "open",
        "categories": "partly",  # its KPIs stand in a perspective, no objective does
        "objectives": "open",
        "kpis": "open",
        "acceptance": "open",  # nobody was asked, and no register says more
        "tracking": "cannot_tell",
    }


def test_reviews_of_the_last_year_count_and_those_after_the_period_do_not(tmp_path):
    told = counts(led(tmp_path, reviews=REVIEWS))
    assert [told[what] for what in ("held", "quorate", "decided", "reviews")] == [(3, 4), (2, 3), (2, 3), (1, 4)]


def test_a_register_that_another_practice_keeps_is_none_of_this_one(tmp_path):
    ideas = "practice idea_id received_at\nb I1 2026-07-01\n"
    assert counts(led(tmp_path, ideas=ideas))["ideas"] == "no_register"


def test_an_empty_register_is_not_a_missing_one(tmp_path):
    ideas = "practice idea_id received_at\na I1 2020-07-01\n"  # it is kept; nothing came in within the year
    assert counts(led(tmp_path, ideas=ideas))["ideas"] == (0, 0)


def test_reports_are_acknowledged_in_time_late_or_not_due_by_role(tmp_path):
    told = led(tmp_path, sign_offs=SIGN_OFFS)
    assert counts(told)["acknowledged"] == (3, 5)
    assert by_role(told, "acknowledged") == {"IT": (0, 1), "nurse": (1, 2), "provider": (2, 2)}


def test_a_role_of_which_the_roster_knows_fewer_than_five_is_not_told_by_itself(tmp_path):
    told = led(tmp_path, sign_offs=SIGN_OFFS, staff=STAFF)
    assert by_role(told, "acknowledged") == {OTHERS: (1, 3), "provider": (2, 2)}  # two of IT alone would be two


def test_taking_part_counts_before_going_live_and_only_of_actions_of_the_last_year(tmp_path):
    told = led(tmp_path, actions=ACTIONS, participation=PARTICIPATION, sign_offs=SIGN_OFFS)
    assert counts(told)["involved"] == (1, 2)
    assert by_role(told, "involved") == {
        "IT": (0, 2),
        "nurse": (0, 2),
        "provider": (1, 2),
    }  # IT reads, and was not asked
    assert counts(led(tmp_path / "half", actions=ACTIONS))["involved"] == "no_register"


def test_what_was_said_and_done_is_for_the_staff_and_nobody_further(tmp_path):
    told = {who: led(tmp_path / who, who, concerns=CONCERNS) for who in ("leadership", *GUARDED)}
    assert counts(told["leadership"])["concerns"] == (1, 3)  # the newest is not due yet
    assert [(a.topic, a.answer) for a in told["leadership"].answered] == [("rooms", "painted"), ("rota", "changed")]
    assert [(a.topic, a.answer) for a in told["staff"].answered] == [("", "painted"), ("", "changed")]
    assert {who: told[who].answered for who in ("board", "external", "portfolio")} == dict.fromkeys(
        ("board", "external", "portfolio"), ()
    )


def test_a_definition_is_overdue_a_year_after_its_review(tmp_path):
    target = Target(value=15, source="us")
    choices = {
        "wait_median": KpiChoice(reviewed="2025-10-01", owner="us", target=target),
        "no_show_rate": KpiChoice(reviewed="2025-09-29"),
    }
    told = led(tmp_path, choices=choices)
    assert counts(told)["definitions"] == (1, 2)
    shown = {e.code: (e.count, e.of) for e in next(s for s in told.steps if s.id == "kpis").evidence}
    assert shown == {"kpis_owned": (1, 2), "kpis_target": (1, 2), "definitions": (1, 2)}


@pytest.mark.parametrize("audience", GUARDED)
def test_guarded_audiences_get_no_roles_and_no_few_persons(tmp_path, audience):
    told = led(tmp_path, audience, sign_offs=SIGN_OFFS, actions=ACTIONS, participation=PARTICIPATION, reviews=REVIEWS)
    assert [deed.role for deed in told.deeds if deed.role] == []
    assert counts(told)["acknowledged"] == "withheld" and counts(told)["held"] == (3, 4)


@pytest.mark.parametrize(
    ("readers", "signed", "shown"),
    [(4, 20, "withheld"), (12, 96, (96, 108)), (12, 108, "withheld"), (20, 180, (180, 180))],
)
def test_a_few_readers_of_many_reports_stay_a_few_for_guarded_audiences(tmp_path, readers, signed, shown):
    sent = [
        (f"2025-{m:02}" if m > 9 else f"2026-{m:02}", i) for m in (10, 11, 12, 1, 2, 3, 4, 5, 6) for i in range(readers)
    ]
    told = "practice sign_off_id period role sent_at acknowledged_at\n" + "".join(
        f"a F{i}-{month} {month} provider {month}-10 {f'{month}-12' if row < signed else '.'}\n"
        for row, (month, i) in enumerate(sent)
    )
    assert counts(led(tmp_path, "board", sign_offs=told))["acknowledged"] == shown


def test_where_all_of_a_few_moved_by_as_much_their_moves_are_not_told(tmp_path):
    old = survey("2026-02-01", *team("nurse", 0, 2, 2, 3, 2, 1, 2))
    new = survey("2026-08-01", *team("nurse", 0, 3, 3, 4, 3, 2, 3))
    change = led(tmp_path, survey_answers=HEAD + old + new).buy_in.change
    assert (change.method, change.reason) == ("unpaired", "") and change.change == pytest.approx(1)
    told = "practice staff_id course completed_at hours tool confidence_before confidence_after\n"
    told += "".join(f"a s{i} c 2026-05-01 1 phone {2 + i % 3} {5 + i % 3}\n" for i in range(6))
    assert led(tmp_path / "tool", trainings=told).confidence == ()


def test_buy_in_is_the_mean_over_people_of_the_newest_wave(tmp_path):
    old = survey("2026-02-01", *team("nurse", 0, 2, 2, 3, 2, 1, 2))
    new = survey("2026-08-01", *team("nurse", 0, 4, 3, 4, 4, 3, 5), *team("admin", 50, 2, 2, 1, 3, 2, 2))
    second = survey("2026-08-01", *team("nurse", 0, 2, 3, 4, 4, 3, 5), question="buy_in_clear")
    late = survey("2026-10-01", *team("nurse", 0, 5, 5, 5, 5, 5, 4))
    told = led(tmp_path, survey_answers=HEAD + old + new + second + late).buy_in
    assert (told.wave, told.before, told.items, told.score.n) == ("2026Q3", "2026Q1", 2, 12)
    assert told.score.value == pytest.approx((3 + 3 + 4 + 4 + 3 + 5 + 2 + 2 + 1 + 3 + 2 + 2) / 12)
    assert {r.role: (r.own.n, r.answer) for r in told.roles} == {"admin": (6, "lower"), "nurse": (6, "higher")}
    assert (told.change.method, told.change.pairs) == ("paired", 6)  # six are left over, enough not to be told apart


def test_pairs_are_made_only_where_nobody_left_over_could_be_told(tmp_path):
    old = survey("2026-02-01", *team("nurse", 0, 2, 2, 3, 2, 1, 2))
    new = survey("2026-08-01", *team("nurse", 0, 4, 3, 4, 4, 3, 5), *team("nurse", 50, 2))
    told = led(tmp_path, survey_answers=HEAD + old + new).buy_in
    assert (told.change.method, told.change.n_before, told.change.n_after) == ("unpaired", 6, 7)


@pytest.mark.parametrize(
    ("audience", "n", "state"),
    [("leadership", 4, "too_few"), ("leadership", 5, ""), ("board", 10, "too_few"), ("board", 11, "")],
)
def test_a_mean_needs_five_people_and_eleven_for_guarded_audiences(tmp_path, audience, n, state):
    told = led(tmp_path, audience, survey_answers=HEAD + survey("2026-08-01", *team("nurse", 0, *([2, 4] * 6)[:n])))
    assert told.buy_in.state == state and isnan(told.buy_in.score.value) == bool(state)


def test_where_all_of_a_few_say_the_same_nothing_is_shown(tmp_path):
    told = led(tmp_path, survey_answers=HEAD + survey("2026-08-01", *team("nurse", 0, *[4] * 12)))
    assert told.buy_in.state == "too_few"


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 14), min_size=1), st.sampled_from([5, 11]))
def test_no_sum_or_difference_of_what_is_shown_is_of_too_few(people_of, least):
    label = together(people_of, least)
    shown: dict[str, int] = {}
    for name, n in people_of.items():
        shown[label[name]] = shown.get(label[name], 0) + n
    whole = sum(people_of.values())
    if set(shown) == {OTHERS}:
        return  # all together, whom the caller withholds where they are too few
    sums = {sum(some) for some in chain.from_iterable(combinations(shown.values(), k) for k in range(len(shown) + 1))}
    assert all(n == 0 or n >= least for n in sums) and all(whole - n == 0 or whole - n >= least for n in sums)


def test_confidence_is_paired_by_person_and_small_tools_go_together(tmp_path):
    told = "practice staff_id course completed_at hours tool confidence_before confidence_after\n"
    told += "".join(f"a s{i} c 2026-05-01 1 phone {2 + i % 2} {5 + i % 3}\n" for i in range(6))
    told += "a s9 c 2026-05-01 1 pump 1 9\n"
    (found,) = led(tmp_path, trainings=told).confidence  # one of the pump and six of the phone would be one
    assert (found.tool, found.change.pairs, found.change.method) == (OTHERS, 7, "paired")
    assert led(tmp_path / "staff", "staff", trainings=told).confidence == ()


def audits(**errors: tuple[int, int]) -> str:
    """Audits of a year by team: (errors, of), even over twelve months."""
    head, told = "practice audit_id audited_at team error\n", []
    for name, (wrong, of) in errors.items():
        for i in range(of):
            month = pd.Period("2025-10") + i % 12
            told.append(f"a {name}{i} {month}-15 {name} {'y' if i < wrong else 'n'}\n")
    return head + "".join(told)


ROSTER = "practice staff_id role team hired_at as_of\n" + "".join(
    f"a {name}{i} x {name} 2020-01-01 2026-09-30\n"
    for name, n in {"Blue": 6, "Red": 6, "Green": 6}.items()
    for i in range(n)
)


def test_a_team_with_more_errors_than_chance_is_a_need_and_the_others_are_not(tmp_path):
    told = led(tmp_path, coding_audits=audits(Blue=(60, 240), Red=(12, 240), Green=(12, 240)), staff=ROSTER).needs
    assert (told.answer, told.tested, told.worse, told.patterns) == ("found", 3, 1, ("billing_errors",))
    need = told.apart[0]
    assert (need.team, need.answer, need.n) == ("Blue", "worse", 240) and need.share == pytest.approx(0.25)


def test_alike_teams_are_none_distinguishable_from_chance(tmp_path):
    told = led(tmp_path, coding_audits=audits(Blue=(12, 240), Red=(13, 240), Green=(11, 240)), staff=ROSTER).needs
    assert (told.answer, told.apart, told.tested) == ("none_distinguishable", (), 3)


def test_teams_that_the_roster_does_not_tell_the_size_of_are_not_shown(tmp_path):
    work = audits(Blue=(60, 240), Red=(12, 240), Green=(12, 240))
    told = led(tmp_path, coding_audits=work).needs
    assert (told.answer, told.apart, told.unsized) == ("cannot_tell", (), True)
    small = ROSTER.replace(" Blue ", " Elsewhere ", 3)  # three are left in Blue
    told = led(tmp_path / "small", coding_audits=work, staff=small).needs
    assert {need.team for need in told.apart} <= {OTHERS, "Red"} and told.tested == 2


def test_a_team_in_two_spellings_is_one_team_of_as_many_people(tmp_path):
    """Three people, written in two ways, were six in two teams."""
    small = ROSTER.replace(" Blue ", " Elsewhere ", 3)
    work = audits(Blue=(60, 240), BLUE=(60, 240), Red=(12, 240), Green=(12, 240))
    told = led(tmp_path, coding_audits=work, staff=small).needs
    assert told.tested == 2 and {need.team for need in told.apart} <= {OTHERS, "Red"}


def test_denials_by_team_are_compared_beside_audits(tmp_path):
    head = "practice claim_id patient_id provider_group service_at submitted_at denied_at denial_reason charge\n"
    told = [
        f"a {team}{i} p {team} 2026-01-01 {pd.Period('2025-08') + i % 10}-15 "
        + ("2026-06-20 CO-16 9\n" if i < denied else ". . 9\n")
        for team, denied in {"Blue": 60, "Red": 12, "Green": 12}.items()
        for i in range(240)
    ]
    found = led(tmp_path, claims=head + "".join(told), staff=ROSTER).needs
    assert (found.answer, found.patterns, found.apart[0].team) == ("found", ("denied:CO-16",), "Blue")


@pytest.mark.parametrize("audience", GUARDED)
def test_guarded_audiences_learn_how_many_needs_there_are_and_of_no_team(tmp_path, audience):
    work = audits(Blue=(60, 240), Red=(12, 240), Green=(12, 240))
    told = led(tmp_path, audience, coding_audits=work, staff=ROSTER).needs
    assert (told.answer, told.worse, told.apart) == ("found", 1, ())


def test_a_final_keeps_all_of_it(tmp_path):
    told = led(
        tmp_path,
        reviews=REVIEWS,
        sign_offs=SIGN_OFFS,
        concerns=CONCERNS,
        coding_audits=audits(Blue=(60, 240), Red=(12, 240), Green=(12, 240)),
        staff=ROSTER,
        survey_answers=HEAD + survey("2026-08-01", *team("nurse", 0, *[2, 4] * 6)),
    )
    assert repr(record_of(People, packed(told))) == repr(told)
