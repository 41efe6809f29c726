"""Goals as their reader meets them: promise, chance, what history says, what is lacking; and earlier forecasts."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.analysis.goals.detectable import Detectable
from bsc_analysis.disclosure import Record, SmartFinding, scored
from bsc_analysis.explore.goals import smart
from bsc_analysis.kpis import kpi
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.params.models import Break
from bsc_analysis.report import goals_across
from bsc_analysis.report.goal import GoalView
from bsc_analysis.report.goals import forecasts, goals, in_short
from bsc_analysis.report.run import Run
from bsc_analysis.report.smart import chances, mend
from bsc_analysis.words import catalogue, definitions, language
from tests.promises import goal, promised, series

LEVEL = {"change": None, "baseline": None}
ALL = pd.concat([series("no_show_rate", 9.0), series("wait_median", 18, 2), series("provider_rating", 78, 1.5, rise=4)])


def html(part) -> BeautifulSoup:
    return BeautifulSoup(part.html, "html.parser")


def words(told) -> str:
    text = told.get_text(" ") if hasattr(told, "get_text") else told
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ")).strip()


def view(*told, **more) -> GoalView:
    seen = promised(goal(*told, **more), readings=ALL)
    return GoalView(seen, seen.goals[0], 0)


def test_a_goal_says_from_where_to_where_and_what_its_percent_means():
    told = view()
    assert words(told.promise) == "No-show rate from 9.1 % to 7.8 % by 2027 Q2"
    assert words(told.way) == "15 % less (relative) than in 2026 Q2: that is 1.4 points."
    assert words(view(change={"points": -2}).way) == "2.0 points less than in 2026 Q2."
    assert words(view(**LEVEL, target=7).promise) == "No-show rate to 7 % by 2027 Q2"
    assert words(view(baseline="2020Q1").promise) == "No-show rate 15 % less (relative) by 2027 Q2"


def test_the_chance_is_a_plain_frequency():
    assert [chances(p) for p in (0.001, 0.26, 0.5, 0.97)] == [
        "fewer than 1 in 20",
        "about 3 in 10",
        "about 5 in 10",
        "more than 19 in 20",
    ]


def test_a_goal_that_is_over_is_reached_or_missed_and_lacks_nothing():
    reached = view(**LEVEL, target=11.0, by="2026Q3")
    assert words(reached.standing).endswith("in 2026 Q3: the target of 11 % is reached.") and reached.lacks == []
    assert (reached.css, reached.chip, reached.chance) == ("better", "✓ reached", "–")
    assert view(**LEVEL, target=5.0, by="2026Q3").chip == "✗ missed"
    known = replace(reached, told=replace(reached.told, detectable=Detectable(0.4, 2.0, "counting")))
    assert "If it comes about" not in " ".join(known.sentences)


def test_its_history_says_how_rare_the_change_is_and_whether_it_would_show():
    told = view()
    rare = told.told.rarity
    assert (rare.share, rare.windows, rare.span, rare.apart) == (0.0, 22, 12, 2)
    text = words(" ".join(told.sentences))
    assert (
        "So large a change never came in the 22 stretches of 12 months that its history holds (2 of them apart)" in text
    )
    assert re.search(r"told from chance in about \d in 10 cases; a change of \d.\d points would be in 8 of 10", text)
    often = replace(told.told, rarity=replace(rare, share=0.25, windows=40))
    assert "came in 10 of the 40 stretches" in words(" ".join(replace(told, told=often).sentences))


def test_what_lies_before_a_documented_change_is_said():
    told = view()
    assert "a change was documented" not in " ".join(told.sentences)
    since = {"kpis": ["no_show_rate"], "at": "2026-08", "because": "a second <desk>"}
    practice = replace(told.seen.practice, breaks=(Break(**since),))
    assert "In Aug 2026 a change was documented" in " ".join(
        replace(told, seen=replace(told.seen, practice=practice)).sentences
    )


def test_the_section_tells_exceptions_first_with_owner_guardrail_and_mend():
    risky, sure = goal(guardrails=["wait_median"]), goal("provider_rating", **LEVEL, target=70)
    page = html(goals(promised(sure, risky, readings=ALL)))
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
    assert [row[0] for row in rows] == ["No-show rate", "Provider rated 9 or 10"]
    assert rows[0][1:3] == ["front desk <lead>", "2027 Q2"] and rows[0][5] == "! at risk"
    assert rows[1][3].startswith("– → ") and rows[1][4:] == ["more than 19 in 20", "▸ on track"]
    first = page.select_one("section")
    notes = [words(item) for item in first.select("li")]
    assert any(note.startswith("Achievable: plan an action for it, or allow more time") for note in notes)
    assert "→ Wait to be roomed: no real change up to Sep 2026" in notes
    chart = first.svg["aria-label"]
    assert words(chart).startswith("No-show rate from 9.1 % to 7.8 % by 2027 Q2: at risk. If it goes on moving as it")


def test_a_narrow_picture_of_every_kind_of_goal_can_be_drawn():
    many = [
        goal(),
        goal(**LEVEL, target=9.5, by="2026Q3"),
        goal("wait_median", change={"points": -1}),
        goal(by="2029Q4"),
    ]
    seen = promised(*many, readings=ALL)
    drawn = [GoalView(seen, told, i) for i, told in enumerate(seen.goals)]
    assert all(each.fan for each in drawn)
    legends = [BeautifulSoup(each.fan.svg, "html.parser").get_text(" ") for each in drawn]
    assert ["what may come" in text for text in legends] == [True, False, True, False]
    assert ["straight way" in text for text in legends] == [True, False, True, True]
    assert drawn[0].bullet and not drawn[1].bullet and "aria-hidden" in drawn[0].bullet.svg


def test_page_one_counts_all_and_names_those_at_risk():
    sure = goal("provider_rating", **LEVEL, target=70)
    lines = [words(item) for item in html(in_short(promised(goal(), sure, readings=ALL))).select("li")]
    assert lines == [
        "Of 2 goals, 1 at risk and 1 on track.",
        "No-show rate from 9.1 % to 7.8 % by 2027 Q2: at risk, fewer than 1 in 20.",
    ]
    many = [goal(by=f"2027Q{n}") for n in (1, 2, 3)] + [goal(by="2027-11"), goal(by="2027-12")]
    assert (
        words(html(in_short(promised(*many, readings=ALL))).select("li")[-1]) == "2 more stand in the section on goals."
    )


def test_without_goals_page_one_is_silent_and_the_section_says_how_to_begin():
    run = Run(promised(readings=ALL), Edition())
    assert not words(html(run.goals_in_short())) and not words(html(run.forecasts()))
    assert words(html(run.goals())).startswith("No goal is declared. To begin,")


def record(*rows: tuple[str, float, bool | None]) -> Record:
    return scored(pd.DataFrame(rows, columns=["goal", "probability", "met"]).astype({"met": object}))


def test_earlier_forecasts_are_scored_or_waited_for():
    seen = promised(goal(), readings=ALL)
    assert "No final has published a forecast before" in words(html(forecasts(seen, record())))
    waiting = record(("a", 0.3, None), ("a", 0.4, None))
    assert "No forecast has come due yet; 2 wait for theirs." in words(html(forecasts(seen, waiting)))
    page = html(forecasts(seen, record(("a", 0.1, False), ("b", 0.9, True), ("b", 0.7, True), ("c", 0.5, None))))
    assert "3 forecasts of 2 goals have come due. Their mean squared error is 0.04 (0 is best; 0.22" in words(page)
    assert "One more waits for its deadline." in words(page)
    first = [words(cell) for cell in page.select_one("tbody tr").find_all(["th", "td"])]
    assert first == ["0 % to 20 %", "1", "1", "10 %", "0 % (0 %–79 %)", "yes"]


def test_across_practices_alike_goals_stand_together_and_those_at_risk_first():
    told = [(title, promised(goal(), readings=ALL).goals[0]) for title in ("A & Sons", "B")]
    other = promised(goal("provider_rating", **LEVEL, target=70), readings=ALL).goals[0]
    rows = goals_across.rows_of([("A & Sons", other), *told])
    assert [words(row.promise) for row in rows] == [
        "No-show rate 15 % less (relative) by 2027 Q2",
        "Provider rated 9 or 10 to 70 % by 2027 Q2",
    ]
    assert rows[0].lines == [("at risk", "A & Sons and B")] and rows[0].so_many == "Of 2 goals, 2 at risk."
    assert goals_across.rows_of([("", other)])[0].lines == []


def test_a_side_is_named_where_a_target_lies_wrong():
    facts = {"up": True, "start": 81.5, "kpi": "x"}
    told = mend(SmartFinding("A", "fail", "target_on_wrong_side", facts), kpi("provider_rating"))
    assert words(told).startswith("set a target above 81.5 %")
    assert mend(SmartFinding("A", "open", "no_readings", {}), None) == ""


def test_a_goal_in_words_is_read_against_the_practice_s_own_readings():
    run = Run(promised(readings=ALL), Edition())
    vague, whole = (smart(text, run) for text in ("improve patient care", "cut no-shows by 10 % (relative) by 2027Q3"))
    assert "".join(vague.index[vague["answer"] == "fail"]) == "SMT" and "fail" not in set(whole["answer"])
    assert vague["mend"]["T"].startswith("say by when") and whole["asked"]["A"] == "Achievable"


@pytest.mark.parametrize("audience", ["leadership", "external"])
def test_nothing_is_said_that_the_catalogue_does_not_hold(monkeypatch, audience):
    monkeypatch.setattr(language, "catalogue", lambda: pseudo(catalogue_in_english))
    many = [goal(guardrails=["wait_median", "days_in_ar"]), goal(by="2029Q4"), goal(baseline="2020Q1")]
    many += [goal("wait_median", objective=None, change={"points": -1}), goal(**LEVEL, target=5.0, by="2026Q3")]
    many += [goal(edits=[{"at": "2026-08-01", "was": {"by": "2027Q1"}, "because": "because of <that>"}], by="2027Q3")]
    run = Run(promised(*many, readings=ALL, audience=audience), Edition(forecasts=record(("a", 0.1, False))))
    told = [t for part in (run.goals(), run.goals_in_short(), run.forecasts()) for t in texts(str(part.html))]
    assert len(told) > 50 and {text: found for text in told if (found := strangers(text, set()))} == {}
    assert not np.any(["nan" in text for text in told])


catalogue_in_english = catalogue() | definitions()
