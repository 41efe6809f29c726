"""How the practice is led, on the page: what is shown, what is said to be missing, and what nobody gets to see."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from bsc_analysis.analysis.interval import Interval, share
from bsc_analysis.analysis.people_change import Change
from bsc_analysis.analysis.people_needs import Need
from bsc_analysis.analysis.people_registers import Counted
from bsc_analysis.analysis.people_roles import RoleScore
from bsc_analysis.disclosure import (
    OTHERS,
    Answered,
    BuyIn,
    Confidence,
    Deed,
    Disclosed,
    DisclosedGroup,
    Evidence,
    Led,
    Needs,
    People,
    Step,
)
from bsc_analysis.ledger.commented import Commented
from bsc_analysis.ledger.edition import Edition
from bsc_analysis.report import led
from bsc_analysis.report.people import people
from tests.stores import group_of
from tests.verdicts import judged, link

PERIOD = pd.Period("2026Q3")
WHATS = ("reviews", "held", "quorate", "decided", "acknowledged", "involved", "concerns", "ideas", "definitions")
NONE = People(
    steps=(Step("tracking", (Evidence("reviews", state="no_register"),)),),
    deeds=(*(Deed(what, state="no_register") for what in WHATS[:-1]), Deed("definitions", counted=Counted(0, 2))),
)


def counted(count: int, of: int, **more) -> Counted:
    return Counted(count, of, share(count, of), **more)


def role(name: str, mean: float, answer: str = "none_distinguishable", n: int = 6) -> RoleScore:
    own = Interval("t", mean, mean - 0.4, mean + 0.4, n)
    return RoleScore(name, own, None, mean - 3, mean - 3.2, mean - 2.8, 0.01, 0.02, answer)


BUY_IN = BuyIn(
    wave="2026Q2",
    before="2025Q4",
    score=Interval("t", 3.0, 2.7, 3.3, 18),
    items=5,
    alpha=0.86,
    lower=0.75,
    upper=0.93,
    roles=(role("nurse", 3.6, "higher"), role("admin", 2.4, "lower"), role(OTHERS, 3.0)),
    change=Change("unpaired", 3.5, 3.0, -0.5, -0.9, -0.1, 0.02, 17, 18),
    state="",
)
FULL = replace(
    NONE,
    steps=(
        Step("vision", (Evidence("vision", 1, 1), Evidence("objectives_owned", 2, 2))),
        Step("objectives", (Evidence("objectives_measured", state="none_declared"),)),
        Step("acceptance", (Evidence("acknowledged", 3, 4, days=14), Evidence("involved", state="no_register"))),
        Step("tracking", (Evidence("reviews", 3, 4), Evidence("ideas", state="nothing_due"))),
    ),
    deeds=(
        Deed("reviews", counted=counted(2, 4)),
        Deed("held", counted=counted(3, 4, pending=1)),
        Deed("quorate", counted=counted(3, 3)),
        Deed("decided", counted=counted(2, 3)),
        Deed("acknowledged", counted=counted(3, 4, pending=2)),
        Deed("acknowledged", "provider", counted(1, 2)),
        Deed("acknowledged", "nurse", counted(2, 2)),
        Deed("acknowledged", OTHERS, counted(0, 0)),
        Deed("involved", state="no_register"),
        Deed("concerns", counted=counted(0, 0)),
        Deed("ideas", counted=counted(0, 0)),
        Deed("definitions", counted=counted(1, 2)),
    ),
    buy_in=BUY_IN,
    confidence=(Confidence("Phone <agent>", Change("paired", 4.5, 6.4, 1.9, 1.5, 2.3, 0.001, 12, 12, 12)),),
    answered=(Answered("rota <late>", "Four weeks ahead now.", pd.Timestamp("2026-08-20")),),
    needs=Needs(
        "found",
        6,
        1,
        ("billing_errors", "denied:CO-16"),
        (Need("billing_errors", "Team Blue", 0.158, 0.09, 0.068, 0.012, 0.124, 190, 318, answer="worse"),),
        unsized=True,
    ),
)


def shown(told: People | None, edition: Edition | None = None, audience: str = "leadership", links=()) -> BeautifulSoup:
    group = group_of(["engagement", "wait_median"], ["a"], report="quarter", audience=audience)
    given = (told,) if told else ()
    seen = Disclosed(group, group.practices["a"], PERIOD, audience, *[None] * 5, people=given, links=links)
    return BeautifulSoup(people(seen, edition or Edition()).html, "html.parser")


def words(html: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", html.get_text(" ")).replace("\N{NO-BREAK SPACE}", " ")


def test_without_any_register_one_sentence_says_how_to_begin():
    html = shown(NONE)
    assert words(html).strip().startswith("No register of reviews was delivered; `bsc template reviews` makes one")
    assert not html.find("table")


def test_a_final_that_is_older_than_the_section_says_so():
    assert words(shown(None)).strip() == "This final was made before reports told how the practice is led."


def test_each_step_says_what_shows_it_and_what_is_missing():
    rows = {
        r.th.text: [td.get_text(" ", strip=True) for td in r("td")] for r in shown(FULL).select("table.steps tbody tr")
    }
    assert rows["Vision and strategy"] == ["in place", "The vision is declared. 2 of 2 objectives have an owner.", ""]
    assert rows["SMART objectives"] == ["not begun", "", "Missing: No objective is declared."]
    assert rows["Acceptance"][0] == "in part"
    assert "3 of 4 reports were acknowledged within 14 days." in rows["Acceptance"][1]
    assert "`bsc template participation` makes one" in rows["Acceptance"][2]
    assert "A quorum and a decision in one review." in rows["Tracking and communication"][2]
    assert "No idea was due to be decided." in rows["Tracking and communication"][2]


def test_reviews_come_first_and_those_of_which_nobody_said_anything_are_told():
    text = words(shown(FULL))
    assert (
        "In the year up to 30 Sep 2026, 3 of 4 reviews called were held; of those, 3 had a quorum and 2 wrote" in text
    )
    assert "Of one more whose day has passed, nobody said whether it took place." in text


def test_buy_in_is_told_with_its_interval_its_change_and_the_roles_that_differ():
    html = shown(FULL)
    text = words(html)
    assert "In 2026 Q2, 18 people answered; their mean is 3.0 (2.7–3.3), higher being more." in text
    assert "It has fallen by 0.5 since 2025 Q4 (0.1–0.9)." in text
    assert "administration: 0.6 below the others (0.4–0.8). nurses: 0.6 above the others" in text
    assert "The 5 questions hang together (Cronbach's alpha 0.86, 0.75–0.93)." in text
    assert html.svg["aria-label"].startswith(
        "How far the staff are behind it, by role, in 2026 Q2; the mean of all is 3.0."
    )
    assert "other roles 3.0 (2.6–3.4, n 6)" in html.svg["aria-label"] and html.find(
        "summary", string="How to read this"
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (replace(BUY_IN, state="too_few"), "too few answered, or all alike, to show it"),
        (BuyIn(), "The staff have not been asked"),
        (replace(BUY_IN, roles=()), "Roles are not shown, because too few people of each answered."),
        (replace(BUY_IN, alpha=0.5, lower=0.3, upper=0.65), "hang together poorly"),
        (replace(BUY_IN, alpha=0.72, lower=0.5, upper=0.85), "cannot be told yet"),
        (replace(BUY_IN, alpha=float("nan")), "Too few answered more than one question"),
        (replace(BUY_IN, change=replace(BUY_IN.change, p=0.2)), "No real change since 2025 Q4"),
        (replace(BUY_IN, roles=(role("nurse", 3), role("admin", 3))), "No role differs from the others"),
    ],
)
def test_what_the_survey_does_not_hold_is_said_in_words(told, said):
    assert said in words(shown(replace(FULL, buy_in=told)))


def test_roles_stand_with_the_least_first_and_the_small_ones_last():
    table = shown(FULL).find("h3", string="By role").find_next("table")
    cells = [[cell.text for cell in row(["th", "td"])] for row in table.tbody("tr")]
    assert cells == [["providers", "1 of 2", "–"], ["nurses", "2 of 2", "–"], ["other roles", "none due", "–"]]


def test_a_need_has_its_cases_the_others_and_an_interval():
    text = words(shown(FULL))
    assert (
        "Team Blue: billing errors in 15.8 % of 190 cases, in other teams in 9.0 % (6.8 points more, 1.2–12.4)." in text
    )
    assert "These came out of 6 comparisons of teams, all allowed for: billing errors and denials for CO-16." in text


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (Needs("none_distinguishable", 3, 0, ("repeat_calls",)), "None distinguishable from chance, in 3 comparisons"),
        (Needs("cannot_tell", unsized=True), "No team could be compared with others."),
        (Needs("cannot_tell", unsized=True), "Teams that are not on the roster"),
        (Needs(), "No work is told by team yet"),
        (Needs("found", 3, 1, ("billing_errors",)), "1 of 3 comparisons of teams show a need."),
    ],
)
def test_without_a_need_to_show_the_reason_is_said(needs, said):
    assert said in words(shown(replace(FULL, needs=needs)))


def test_typed_words_are_escaped():
    html = shown(FULL)
    assert "rota <late>: Four weeks ahead now. (20 Aug 2026)" in html.text and not html.find("late")
    assert "Phone <agent>: from 4.5 to 6.4 of 10 in 12 people, a change of +1.9 (1.5–2.3)." in words(html)


def test_owners_who_did_not_comment_are_named_to_leaders_and_not_even_counted_to_others():
    edition = Edition(commented=Commented("2026Q2", counted(2, 3, undated=1), ("front desk",)))
    text = words(shown(FULL, edition))
    assert "Did not comment in 2026 Q2: front desk. One KPI of concern had no owner to comment in 2026 Q2." in text
    assert "2 of 3 owners commented on all their KPIs of concern in 2026 Q2." in text
    guarded = words(shown(FULL, edition, audience="board"))
    assert "front desk" not in guarded and "2 of 3 owners" not in guarded
    assert "Who commented is withheld" in guarded


def test_one_sentence_points_at_the_links_of_leading():
    led_by = judged(link=link("engagement", "wait_median", by="leadership_engagement"))
    text = words(shown(FULL, links=(led_by,)))
    assert (
        "Whether leading moves anything is tested under “What leads to what”: Engaged staff → Wait to be roomed" in text
    )
    assert "tested under" not in words(shown(FULL, links=(judged(),)))


def across(audience: str, *practices: Led) -> BeautifulSoup:
    seen = DisclosedGroup(
        group_of(["engagement"], ["a"], audience=audience), PERIOD, audience, (), (), None, led=practices
    )
    return BeautifulSoup(led.people(seen).html, "html.parser")


KEPT = Led("Alder", counted(3, 4), counted(2, 4), counted(5, 8), "2026Q2", BUY_IN.score)


def test_the_portfolio_has_a_line_per_practice_with_n_and_interval():
    html = across("leadership", KEPT, Led("Birch"))
    (row,) = html.tbody("tr")
    cells = [cell.get_text(" ", strip=True).split(": ")[-1] for cell in row(["th", "td"])]
    assert cells == ["Alder", "3 of 4", "2 of 4", "5 of 8", "3.0 (2.7–3.3), n 18, 2026 Q2"]
    assert "One practice keeps no register" in html.text


def test_a_guarded_portfolio_names_nobody():
    html = across("board", replace(KEPT, practice=""), replace(KEPT, practice="", held=None))
    assert [row.th.text for row in html.tbody("tr")] == ["no. 1", "no. 2"] and "not named here" in html.text


def test_a_group_without_registers_says_how_to_begin():
    assert "`bsc template reviews`" in across("leadership", Led("Alder")).text
