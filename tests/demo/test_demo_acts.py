"""What the demo's leaders did shows in the exports as truth tells it: what moved something, and what only seemed to."""

import numpy as np
import pandas as pd
import pytest
import yaml

from bsc_analysis.demo.acts import AGENTS, COACHES, WORST_QUARTER
from bsc_analysis.demo.voices import ANSWERS, ITEMS, SHIFT
from bsc_analysis.kpis import KPIS
from tests.demo.raw import calls, each, kept, month
from tests.demo.test_demo_stories import PARAMS


@pytest.fixture(scope="module")
def in_hours(exports):
    """Calls in opening hours that did not give up at once."""
    rang = calls(exports).query("Result != 'XFR'")
    hour = rang["Start"].dt.hour
    rang = rang[hour.between(8, 16) & (rang["Start"].dt.day_of_week < 5)]
    return rang[~((rang["Result"] == "ABN") & (rang["WaitSec"] <= 10))]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.practice)
def test_a_phone_agent_spares_callers_the_queue_and_leaves_the_hard_calls_in_it(in_hours, agent):
    own = in_hours[in_hours["p"] == agent.practice]
    since = own["Start"] >= agent.since
    gone, taken = 100 * (own["Result"] == "ABN"), own["Result"] == "IVR"
    assert gone[since].mean() - gone[~since].mean() == pytest.approx(agent.effect, abs=0.9)
    assert taken[~since].mean() == pytest.approx(0.10, abs=0.02)
    assert taken[since].mean() == pytest.approx(agent.automated, abs=0.03)
    fall = gone[since & ~taken].mean() - gone[~since & ~taken].mean()
    assert agent.effect * 0.75 < fall < 0.2  # of those who still queue hardly fewer give up


def test_where_there_is_no_agent_nothing_changed(in_hours):
    others = in_hours[~in_hours["p"].isin([agent.practice for agent in AGENTS])]
    assert ((others["Result"] == "IVR").groupby(others["p"]).mean() < 0.13).all()


def test_each_agent_is_a_documented_break_of_the_queue_and_of_nothing_else():
    found = {}
    for path in PARAMS.glob("*.yaml"):
        for told in yaml.safe_load(path.read_text()).get("breaks", []):
            if "phone agent" in told["because"]:
                found[path.stem] = (told["kpis"], told["at"])
    assert found == {agent.practice: (["call_abandonment"], agent.since) for agent in AGENTS}


def test_what_the_vendor_says_can_be_held_against_the_agents_log(exports, truth):
    log = each(exports, "agent.csv")
    at = pd.to_datetime(log["started_at"])
    assert set(log["p"]) == {agent.practice for agent in AGENTS}
    routine = log[(log["routine"] == "yes") & at.dt.hour.between(8, 16)]
    assert (routine["ended"] == "completed").mean() == pytest.approx(0.57, abs=0.02)
    assert (log["handled_right"].dropna() == "yes").mean() == pytest.approx(0.93, abs=0.02)
    weekend = at.dt.day_of_week >= 5
    counts = weekend.groupby(log["p"]).sum()
    silent = [agent.practice for agent in AGENTS if not agent.on_closed_days]
    assert (counts[silent] == 0).all() and (counts.drop(silent) > 20).all()
    assert len(truth["claims"]) == 3


@pytest.mark.parametrize("coach", COACHES, ids=lambda coach: coach.practice)
def test_a_coach_raises_accuracy_for_good(exports, coach):
    audits = each(exports, "audits.csv").query(f"p == '{coach.practice}'")
    since = audits["AuditedOn"] >= coach.since
    right = 100 * (audits["Error"] == "N")
    assert right[since].mean() - right[~since].mean() == pytest.approx(coach.effect, abs=3)


def test_after_a_bad_quarter_it_got_better_though_nothing_was_done_that_helps(readings, truth):
    acts = [act for act in truth["acts"] if act["trigger"] == WORST_QUARTER]
    assert len(acts) == 6 and all(act["effect"] == 0 for act in acts)
    better = []
    for act in acts:
        live = pd.Period(act["since"], "M")
        series = readings.loc[act["practice"], act["kpi"]].astype(float)
        quarter, after = series[live - 4 : live - 2].mean(), series[live : live + 5].mean()
        better.append((after - quarter) * (1 if act["kpi"] == "provider_rating" else -1))
    assert np.mean(better) > 0 and sum(gain > 0 for gain in better) >= 5


def test_every_act_stands_among_the_actions_and_no_other_moves_anything(exports, truth):
    rows = kept(exports, "actions")
    told = {(act["practice"], act["kpi"], act["title"]) for act in truth["acts"]}
    assert told <= set(zip(rows["p"], rows["kpi"], rows["title"], strict=True))
    assert rows.groupby("p").size().between(5, 8).all()
    spent, planned = (pd.to_numeric(rows[name]) for name in ("budget_spent", "budget_planned"))
    assert 0.8 < spent.sum() / planned.sum() < 1.6
    assert not rows.duplicated(["p", "kpi", "title"]).any()
    hoped = rows.dropna(subset=["expected"])
    up = hoped["kpi"].map(lambda id: KPIS[id].better == "up")
    assert (hoped["expected"].astype(float).where(up, -hoped["expected"].astype(float)) >= 0).all()  # nobody plans harm
    due = rows[rows["due_at"] <= "2026-09-30"]
    assert 0.4 < (due["done_at"].fillna("9") <= due["due_at"]).mean() < 0.8


def test_who_took_part_before_is_behind_the_agent_afterwards(exports):
    given = each(exports, "buy_in.csv")
    given["answer"] = given["answer"].astype(int)
    assert set(given["question"]) == set(ITEMS) and given["role"].notna().all()
    since = given["answered_at"] >= given["p"].map({agent.practice: agent.since for agent in AGENTS})
    involved = given["p"].map({agent.practice: agent.involved for agent in AGENTS})
    means = given.groupby([involved, since])["answer"].mean().unstack()
    step = means[True] - means[False]
    assert step[True] == pytest.approx(SHIFT[True], abs=0.35) and step[False] == pytest.approx(SHIFT[False], abs=0.35)
    people = given.pivot_table(index=["p", "respondent_id"], columns="question", values="answer")
    k = len(ITEMS)
    alpha = k / (k - 1) * (1 - people.var().sum() / people.sum(axis=1).var())
    assert 0.75 < alpha < 0.95

    took = kept(exports, "participation").merge(kept(exports, "actions")[["p", "action_id", "starts_at"]])
    desk = took[took["role"] == "admin"]
    before = (desk["took_part_at"] < desk["starts_at"]).groupby(desk["p"]).mean()
    assert before.to_dict() == {agent.practice: float(agent.involved) for agent in AGENTS}


def test_trainings_of_the_tool_say_how_sure_people_feel_before_and_after(exports):
    taught = each(exports, "workshops.csv").dropna(subset=["tool"])
    gain = taught["confidence_after"].astype(int) - taught["confidence_before"].astype(int)
    assert set(taught["p"]) == {agent.practice for agent in AGENTS} and 1.4 < gain.mean() < 2.6


def test_one_team_s_work_shows_what_it_has_to_be_taught_and_no_other_s_does(exports, truth):
    (need,) = truth["training_needs"]
    looked_at = each(exports, "audits.csv").query("AuditedOn > '2025-09-30'")
    wrong = 100 * (looked_at["Error"] == "Y").groupby([looked_at["p"], looked_at["Team"]]).mean().unstack()
    apart = wrong.sub(wrong.median(axis=1), axis=0)
    assert apart.loc[need["practice"]].idxmax() == need["team"] and apart.loc[need["practice"], need["team"]] > 4
    assert apart.drop(need["practice"]).abs().max().max() < 6  # by chance, of two hundred claims each


def test_what_was_said_is_answered_with_what_was_done_about_it(exports, truth):
    answered = kept(exports, "concerns").dropna(subset=["answer"])
    assert (answered["answer"] == answered["topic"].map(ANSWERS)).all() and answered["topic"].nunique() == len(ANSWERS)
    aims = {aim["id"] for aim in yaml.safe_load((PARAMS / "group.yaml").read_text())["strategy"]["objectives"]}
    assert set(kept(exports, "initiatives")["objective"]) < aims
    assert truth["buy_in"]["change_if_not"] < 0 < truth["buy_in"]["change_if_involved"] and truth["confidence_gain"] > 0


def test_registers_tell_of_reviews_missed_ideas_put_off_and_concerns_unanswered(exports):
    reviews = kept(exports, "reviews")
    assert (
        reviews[month(reviews["scheduled_at"]) < "2026-10"].groupby(["p", month(reviews["scheduled_at"])]).size() == 4
    ).all()
    assert 0.15 < (reviews["status"] == "missed").mean() < 0.3
    assert set(reviews.loc[reviews["scheduled_at"] > "2026-09-30", "status"]) == {"planned"}
    assert 0.7 < kept(exports, "ideas")["decided_at"].notna().mean() < 0.95
    assert 0.7 < kept(exports, "concerns")["answered_at"].notna().mean() < 0.95
    signed = kept(exports, "sign_offs").assign(signed=lambda rows: rows["acknowledged_at"].notna())
    assert signed.groupby("role")["signed"].mean().idxmin() in ("provider", "IT")


def test_one_practice_keeps_a_register_in_which_nothing_happened(exports):
    assert each(exports, "safety_events.csv").groupby("p").size().index.tolist() == sorted(
        {path.parent.name for path in exports.glob("*/safety_events.csv")} - {"lakeside"}
    )
    said = each(exports, "registers.csv").query("p == 'lakeside' and register == 'safety_events'")
    assert said[["since", "through"]].to_numpy().tolist() == [["2024-10-01", "2026-09-30"]]
