"""What a reader meets of what was undertaken: every answer and reason in words, exceptions first, decisions needed."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bsc_analysis.disclosure import Audit, Decision, Disclosed, Entry, Initiative, Told, Tried, Vacant
from bsc_analysis.kpis import kpi as kpi_named
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.params.comments import Comment
from bsc_analysis.report import audited, decided, undertaken
from bsc_analysis.report.act import Act, sentence
from bsc_analysis.report.decided import first_of, needs
from bsc_analysis.words import catalogue, say
from tests.stores import group_of

DAY = pd.Timestamp
FOUND = {"effect": -4.0, "lower": -5.5, "upper": -2.5, "p": 0.001, "promised": -4.0, "start": "2026-02"}
MONTHS = [f"2025-{m:02}" for m in range(1, 13)] + [f"2026-{m:02}" for m in range(1, 10)]


def drawn() -> pd.DataFrame:
    after = np.array([month >= "2026-02" for month in MONTHS])
    level = np.where(after, 16.0, 20.0)
    bounds = {"counterfactual": 20.0, "lower": 18.0, "upper": 22.0}
    used = np.array([month != "2026-01" for month in MONTHS])
    return pd.DataFrame({"period": MONTHS, "observed": level + 0.3, "fitted": level, **bounds, "used": used})


def told(answer: str = "as_expected", **more) -> Told:
    return Told(**{"answer": answer, "periods": drawn()} | FOUND | more)


def action(id: str = "1", result: Told | None = None, **more) -> Tried:
    facts = {"title": f"Desk <{id}>", "kpi": "wait_median", "owner": "lead", "standing": "done"}
    days = {"decided": DAY("2026-01-05"), "starts": DAY("2026-02-02"), "done": DAY("2026-02-03")}
    return Tried(Entry("a", id, **facts | days | more), told() if result is None else result)


def shown(*tried: Tried, audience: str = "leadership", **more) -> Disclosed:
    group = group_of(["wait_median", "no_show_rate"], ["a"], report="quarter", audience=audience)
    readings = pd.DataFrame(columns=["kpi", "grain", "period", "state", "value", "n", "lower", "upper", "complete"])
    through = pd.DataFrame({"table": ["actions"] if tried else []})
    period = pd.Period("2026Q3", freq="Q-DEC")
    blank = pd.DataFrame(columns=["practice"])
    frames = dict.fromkeys(("accounts", "quarantine", "troubles"), blank)
    return Disclosed(
        group, group.practices["a"], period, audience, readings, **frames, through=through, actions=tried, **more
    )


def page(part) -> BeautifulSoup:
    return BeautifulSoup(str(part.html), "html.parser")


def words(html) -> str:
    return re.sub(r"\s+", " ", html.get_text(" ")).strip()


def rows(html, place: int = 0) -> list[str]:
    return [words(row.th) for row in html.select("table")[place].select("tbody tr")]


def test_every_answer_has_a_sentence_that_claims_no_more_than_it_holds():
    kpi = kpi_named("wait_median")
    said = {
        answer: sentence(kpi, told(answer), "wait_median", "month")
        for answer in ("as_expected", "less_than_expected", "opposite", "moved_well", "moved_badly", "moved")
    }
    assert said["as_expected"].startswith("Wait to be roomed lies 4.0")
    assert all("lower than it would have" in text for text in said.values())
    none = told("cannot_tell", lower=-1.0, upper=2.0, effect=0.5)
    assert "cannot tell it from what would have been anyway" in sentence(kpi, none, "wait_median", "month")
    ruled_out = told("not_as_expected", lower=-1.0, upper=2.0, effect=0.5)
    assert "has not come" in sentence(kpi, ruled_out, "wait_median", "month")


def test_of_counts_an_effect_is_told_in_percent():
    one = Act(shown(), action(kpi="safety_events", result=told(scale="ratio", effect=0.5, lower=0.4, upper=0.62,
                                                               promised=0.6)), 0)  # fmt: skip
    assert one.found.replace("\N{NO-BREAK SPACE}", " ") == "−50 % (−60 to −38)"
    assert one.expected.replace("\N{NO-BREAK SPACE}", " ") == "−40 %"


@pytest.mark.parametrize("code", [key.removeprefix("acts.reason.") for key in catalogue() if "acts.reason." in key])
def test_every_reason_is_told(code):
    assert sentence(None, Told(reason=code), "x", "quarter")


def test_a_reason_without_words_of_its_own_is_told_as_well():
    assert sentence(None, Told(reason="negative_counts"), "x", "month") == say("acts.reason.other")


def test_exceptions_come_first_and_old_ones_are_folded():
    late = action("late", told("cannot_tell", lower=-1.0, upper=1.0, effect=0.1), standing="late", done=None,
                  due=DAY("2026-03-01"))  # fmt: skip
    worse = action("worse", told("opposite", effect=3.0, lower=2.0, upper=4.0))
    old = action("old", starts=DAY("2025-02-03"), done=DAY("2025-02-03"))
    html = page(undertaken.actions(shown(action("good"), worse, old, late)))
    assert [row.partition(" Wait")[0] for row in rows(html)] == ["Desk <late>", "Desk <worse>", "Desk <good>"]
    assert words(html.select_one(".lead")) == (
        "Of 3 actions of the last year 2 are done and 1 is late; 1 moved its KPI as expected, 1 moved it otherwise and "
        "of 1 the data cannot tell."
    )
    assert "Desk <old>" in words(html.find_all("details")[-1])
    assert [figure["class"] for figure in html.select("figure")[:2]] == [["worse"], ["better"]]


def test_a_picture_says_its_finding_and_marks_where_it_began():
    html = page(undertaken.actions(shown(action())))
    svg = html.select_one("figure svg")
    assert svg["aria-label"].startswith("Desk <1>: Wait to be roomed before and since Feb 2026. Wait to be roomed lies")
    assert "from Feb 2026" in [words(text) for text in svg.find_all("text")]


def test_what_to_know_before_building_on_it_stands_beside_it():
    result = told(together=("9", "change of the series"), trigger="read", drift=-1.5, note="trigger_not_met")
    text = words(
        page(
            undertaken.actions(
                shown(action(result=result, owner_left=True, learnt="Space & time"), action("9", result))
            )
        )
    )
    for fact in (
        "One estimate with Desk <9> and a documented change of the series",
        "go back by themselves: by −1.5",
        "did not meet the rule",
        "Nobody on the roster is lead any more",
        "Learnt: Space & time",
    ):
        assert fact in text
    unread = words(page(undertaken.actions(shown(action(result=told(trigger="unread"))))))
    assert "cannot be read" in unread


def test_a_register_that_is_empty_and_one_that_never_came_are_two_things():
    assert "bsc template actions" in words(page(undertaken.actions(shown())))
    empty = replace(shown(), through=pd.DataFrame({"table": ["actions"]}))
    assert words(page(undertaken.actions(empty))) == say("acts.none_yet")


def test_an_unknown_kpi_is_named_as_written():
    html = page(undertaken.actions(shown(action(kpi="wait_mean", result=Told(reason="unknown_kpi")))))
    assert "No KPI here is called wait_mean" in words(html)


def test_initiatives_over_their_day_or_budget_come_first():
    some = (
        Initiative("V1", "Fine", status="running", planned=100, spent=50),
        Initiative("V2", "Dear", status="done", planned=100, spent=130, hours_planned=10, hours_spent=9),
        Initiative("V3", "Late", status="running", ends=DAY("2026-08-01"), overdue=True),
        Initiative("V4", "Not planned", status="running", planned=0, spent=500),
        Initiative("V5", "Nothing", status="running", planned=0, spent=0),
    )
    html = page(undertaken.actions(shown(action(), initiatives=some)))
    assert rows(html, 1) == ["Late", "Dear", "Not planned", "Fine", "Nothing"]
    over = ["more than a fifth over" in words(row) for row in html.select("table")[1].select("tbody tr")]
    assert over == [False, True, True, False, False]


def test_what_the_last_quarter_brought_is_one_line():
    taken = (
        Decision("1", "x", decided=DAY("2026-05-02"), due=DAY("2026-06-01"), done=DAY("2026-06-20")),
        Decision("2", "y", decided=DAY("2026-06-30 12:00"), due=DAY("2026-08-01"), overdue=True),
        Decision("3", "z", decided=DAY("2026-07-01")),
    )
    seen = shown(action(starts=DAY("2026-05-04")), action("2"), decided=taken)
    assert undertaken.brought(seen) == (
        "What 2026 Q2 brought. 2 decisions were taken (1 done, 2 late). Live since then: Desk <1>, as expected."
    )
    assert undertaken.brought(shown()) == ""


# --- claims ---


def claim(answer: str = "not_met", **more) -> Audit:
    facts = {"value": 0.57, "lower": 0.55, "upper": 0.59, "n": 2140, "claimed": 0.7, "of": "agent_calls"}
    told = {"claim": "handles <70 %>", "by": "vendor", "source": "offer", "declared": "2026-01-05", "kind": "share"}
    return Audit(**told | facts | {"answer": answer} | more)


def test_claims_that_fall_short_come_first_with_interval_and_n():
    blank = {"value": np.nan, "lower": np.nan, "upper": np.nan, "n": 0}
    seen = shown(audits=(
        claim("met", claim="one"),
        claim("cannot_tell", claim="two", kind="fall_in_means", reason="no_run_ledger", of="", **blank),
        claim("cannot_tell", claim="three", value=1.0, lower=0.97, upper=1.0, claimed=1.0),
        claim(),
        claim("not_met", claim="four", kind="fall_in_counts", of="no_show_rate", first="2026-02", n=80, before=120),
    ))  # fmt: skip
    html = page(audited.claims(seen))
    assert [row.partition(" vendor")[0] for row in rows(html)] == ["handles <70 %>", "four", "three", "one", "two"]
    text = words(html).replace("\N{NO-BREAK SPACE}", " ")
    assert "57.0 % (55.0–59.0) of 2,140 rows of the agent's calls" in text
    assert "no-show rate: 80 since Feb 2026, 120 before" in text
    assert "No exception was seen" in text and "no run ledger yet" in text


def test_a_rise_is_not_told_as_the_fall_that_was_claimed():
    facts = {"kind": "fall_in_counts", "of": "no_show_rate", "first": "2026-02", "n": 80, "before": 70}
    rose = claim("not_met", value=-0.12, lower=-0.3, upper=0.05, **facts)
    fell = claim("met", value=0.6, lower=0.55, upper=0.65, **facts)
    told = [audited.Checked(shown(), one).found.replace("\N{NO-BREAK SPACE}", " ") for one in (rose, fell)]
    assert told == ["12.0 % more (−5 to 30)", "60.0 % less (55.0–65.0)"]


def test_without_claims_there_is_nothing():
    assert not page(audited.claims(shown())).find()


@pytest.mark.parametrize("code", [key.removeprefix("claims.reason.") for key in catalogue() if "claims.reason." in key])
def test_every_reason_for_no_audit_is_told(code):
    assert audited.Checked(shown(), claim("cannot_tell", reason=code)).sentence


# --- decisions ---


def card(id: str = "no_show_rate", word: str = "concern", value: float = 9.0):
    seen = shown()
    facts = {"id": id, "word": word, "has_value": True, "reading": {"value": value}, "sentences": ["It rose."]}
    return SimpleNamespace(**facts, seen=seen, kpi=kpi_named(id), told=lambda field: kpi_named(id).title)


def goal(**more):
    """A goal as Disclosed holds it."""
    facts = {"probability": 0.07, "status": "at_risk", "kpi": "wait_median", "owner": "boss", "by": "2026Q4"}
    return SimpleNamespace(**facts | {"guardrails": ()} | more)


def asked(cards=(), goals=(), comments=None, late=None, **more):
    seen = shown(*([late] if late else []), **more)
    object.__setattr__(seen, "goals", tuple(goals))
    return needs(seen, {c.id: c for c in cards}, Edition(comments=comments or {}))


def test_a_concern_whose_owner_is_silent_is_proposed_until_a_comment_is_there():
    (need,) = asked([card(), card("wait_median", "none")])
    assert (need.kind, need.proposed, need.evidence, need.by) == ("silent", True, "It rose.", DAY("2026-10-30"))
    assert need.who == "nobody named"
    comment = Comment(text="We know.", by="lead", on="2026-10-02")
    assert asked([card()], comments={"no_show_rate": comment}) == []


@pytest.mark.parametrize(
    ("more", "many"),
    [
        ({}, 1),
        ({"probability": 0.2}, 0),
        ({"probability": None}, 0),
        ({"status": "missed"}, 0),
        ({"kpi": "burnout"}, 0),
    ],
)
def test_a_goal_hardly_within_reach_is_proposed(more, many):
    found = asked([card("wait_median", "none")], [goal(**more)])
    assert len(found) == many
    if many:
        assert found[0].title == "Wait to be roomed by 2026 Q4: another plan, or another goal"
        assert "probability of 7 %" in found[0].evidence and found[0].owner == "boss"


def test_a_guardrail_that_got_worse_is_proposed_once_and_takes_the_place_of_its_owners_silence():
    rail = SimpleNamespace(kpi="no_show_rate", answer="worse")
    goals = [goal(probability=0.9, guardrails=(rail,)), goal(probability=0.9, by="2027Q1", guardrails=(rail,))]
    (need,) = asked([card(), card("wait_median", "none")], goals)
    assert (need.kind, need.title) == ("guardrail", "No-show rate: stop what makes it worse")
    fine = SimpleNamespace(kpi="no_show_rate", answer="cannot_tell")
    assert asked([card(word="none"), card("wait_median", "none")], [goal(probability=0.9, guardrails=(fine,))]) == []


def test_what_is_open_in_the_registers_is_told_with_owner_day_and_dollars():
    late = action(standing="late", done=None, due=DAY("2026-03-01"), planned=4000.0)
    some = (
        Decision("1", "add <a> slot", "boss", DAY("2026-08-01"), DAY("2026-10-15"), dollars=-2500.0),
        Decision("2", "check codes", "lead", DAY("2026-05-01"), DAY("2026-06-01"), dollars=500.0, overdue=True),
        Decision("3", "done", "lead", DAY("2026-05-01"), done=DAY("2026-05-02")),
    )
    seen = shown(late, decided=some)
    found = needs(seen, {}, Edition())
    assert [(n.kind, n.owner, n.when, n.money) for n in found] == [
        ("late_action", "lead", "1 Mar 2026", "$4,000 planned"),
        ("late_decision", "lead", "1 Jun 2026", "costs $500"),
        ("open_decision", "boss", "15 Oct 2026", "brings $2,500"),
    ]
    html = page(decided.decisions(seen, {}, Edition()))
    assert "add <a> slot" in words(html) and not html.select("a")  # escaped
    assert "proposed" not in words(html)


def test_an_owner_who_left_is_told_wherever_somebody_is_asked_to_answer():
    left = "Nobody on the roster is lead any more: name who answers for it now."
    some = (
        Decision("1", "add a slot", "Lead", DAY("2026-08-01"), DAY("2026-10-15")),
        Decision("2", "check codes", "boss", DAY("2026-05-01"), DAY("2026-06-01"), overdue=True),
    )
    late = action(standing="late", done=None, due=DAY("2026-03-01"))
    gone = {"vacant": (Vacant("lead"),)}
    found = asked([card("wait_median", "none")], [goal(owner="lead")], late=late, decided=some, **gone)
    assert {n.kind: left.lower() in n.evidence.lower() for n in found} == {
        "goal": True, "late_action": True, "late_decision": False, "open_decision": True,
    }  # fmt: skip
    own = (Initiative("V1", "Get in", "lead"), Initiative("V2", "Fine", "boss"))
    html = page(undertaken.actions(shown(action(), initiatives=own, **gone)))
    assert rows(html, 1) == ["Get in lead (has left)", "Fine boss"]


def test_what_was_given_up_without_going_live_is_of_the_last_year():
    one = action(standing="given_up", starts=None, done=DAY("2026-08-01"), result=Told(reason="never_live"))
    html = page(undertaken.actions(shown(one)))
    assert "given up 1 Aug 2026" in words(html.select("table")[0]) and "before it went live" in words(html)


def test_what_is_a_year_over_its_day_is_counted_and_no_longer_asked_for():
    old = Decision("1", "paint the hall", "boss", DAY("2025-05-01"), DAY("2025-06-01"), overdue=True)
    new = Decision("2", "check codes", "lead", DAY("2026-05-01"), DAY("2026-06-01"), overdue=True)
    seen = shown(decided=(old, new))
    html = words(page(decided.decisions(seen, {}, Edition())))
    assert "check codes" in html and "paint the hall" not in html
    assert "One decision or action is more than a year over its day." in html
    assert "paint the hall" not in words(page(decided.in_short(seen, {}, Edition())))


def test_page_one_names_the_gravest_of_each_kind_before_a_second():
    some = tuple(Decision(str(i), f"d{i}", decided=DAY("2026-08-01")) for i in range(4))
    goals = [goal()]
    cards = [card(), card("wait_median")]
    found = asked(cards, goals, decided=some)
    assert [n.kind for n in first_of(found)] == ["silent", "goal", "open_decision"]
    seen = shown(decided=some)
    html = page(decided.in_short(seen, {}, Edition()))
    assert len(html.select("li")) == 3 and "One further decision" in words(html)


def test_dollars_at_stake_are_the_way_to_the_target():
    one = card(value=9.0)
    seen = shown()
    choice = SimpleNamespace(target=SimpleNamespace(value=7.0), owner=None)
    worth = SimpleNamespace(kpi="no_show_rate", dollars=1000.0, period="2026Q3")
    object.__setattr__(seen, "worth", (worth,))
    object.__setattr__(seen, "choice", lambda id: choice)
    (need,) = needs(seen, {one.id: one}, Edition())
    assert need.dollars == 2000 and need.money == "$2,000 between it and its target in 2026 Q3"


def test_nothing_open_is_said():
    assert words(page(decided.decisions(shown(), {}, Edition()))) == say("needs.none")
    assert not page(decided.in_short(shown(), {}, Edition())).find()


def test_actions_that_are_one_estimate_are_drawn_and_counted_once():
    html = page(undertaken.actions(shown(action("1"), action("2"))))
    assert len(html.select("figure")) == 1 and "One effect was looked at" in words(html)
