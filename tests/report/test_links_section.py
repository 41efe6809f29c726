"""What leads to what, as its reader meets it: verdicts in words, numbers only where something was tested."""

from __future__ import annotations

import inspect
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.analysis.pair import LEAST_POINTS
from bsc_analysis.analysis.verdict import judge
from bsc_analysis.disclosure import Departure, Disclosed
from bsc_analysis.kpis import kpi
from bsc_analysis.params.models import EndedLink
from bsc_analysis.report.effect import Step, chance, step_of
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.links import in_forest
from bsc_analysis.report.meaning import ALPHA
from bsc_analysis.report.run import Run
from bsc_analysis.words import catalogue, definitions, language, say
from tests.stores import group_of
from tests.verdicts import REASONS, alone, blank, judged, link, one_of_each, verdict

PERIOD = pd.Period("2026Q3")
ENDED = EndedLink(leading="burnout", lagging="wait_median", ended="2026-08-01", because="Nobody holds it.")
CLAIMS = re.compile(r"\b(predict|caus|driv|lead to|leads to|because of)", re.I)


def seen(*links, declared=(), ended=()) -> Disclosed:
    group = group_of(["wait_median"], ["a"], report="quarter")
    practice = group.practices["a"]
    practice = type(practice)(**{**vars(practice), "links": declared, "ended_links": ended})
    return Disclosed(group, practice, PERIOD, "leadership", *[None] * 5, links=links)


def page(*links, declared=(), ended=()) -> BeautifulSoup:
    return BeautifulSoup(Run(seen(*links, declared=declared, ended=ended)).links().html, "html.parser")


def told(one) -> str:
    row = Linked(seen(one), one, 0)
    return " ".join(row.sentences).replace("\N{NO-BREAK SPACE}", " ")


def notes(**facts) -> list[str]:
    one = judged(**facts)
    return [n.replace("\N{NO-BREAK SPACE}", " ") for n in Linked(seen(one), one, 0).notes]


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        (
            "supported",
            "When staff engagement rose by 5 points, wait to be roomed fell by 1.7 min one month later (1.0–2.5",
        ),
        (
            "contradicted",
            "Against what was expected: when staff engagement rose by 5 points, wait to be roomed fell by",
        ),
        ("forecasts", "When staff engagement rose by 5 points, wait to be roomed fell by 1.7 min one month later"),
        (
            "moves_together",
            "Both move within the same month: when staff engagement rose by 5 points, wait to be roomed fell",
        ),
        (
            "not_supported",
            "Nothing that would matter: when staff engagement rose by 5 points, wait to be roomed changed by",
        ),
        (
            "cannot_tell",
            "When staff engagement rose by 5 points, wait to be roomed may have changed by anything from −2.5",
        ),
    ],
)
def test_each_answer_says_in_the_kpis_units_what_was_seen_and_claims_nothing_more(answer, begins):
    text = told(judged(answer))
    assert text.startswith(begins)
    assert "Seen in 12 practices, 408 months in all." in text
    assert "An effect below 1.1 min would most likely have gone unseen." in text
    assert not CLAIMS.search(text)
    assert ("q 0.012" in text) == (answer not in ("not_supported", "cannot_tell"))


def test_what_may_be_movement_of_the_same_month_says_so_and_only_there():
    assert "no more than both moving within the same month" in told(judged("forecasts"))
    assert "within the same month" not in told(judged("supported"))


def test_an_effect_that_would_matter_is_told_of_the_same_step():
    assert "and 0.25 min was declared to matter." in told(judged("not_supported"))  # 0.05 a point, five points


def test_the_gain_is_told_where_it_was_measured_and_only_as_help_where_it_helps():
    assert "forecast" not in told(judged(group=verdict("supported")))
    assert "it takes 6 % off" in told(judged(group=verdict("supported", gain=0.06, gain_p=0.01)))
    for none in ({"gain": 0.06, "gain_p": 0.2}, {"gain": -0.1, "gain_p": 0.9}):
        assert "no better" in told(judged(group=verdict("supported", **none)))


@pytest.mark.parametrize("reason", [*REASONS, "something_new"])
def test_what_was_not_tested_has_a_reason_in_words_and_no_number_of_an_effect(reason):
    one = judged(group=blank(reason), own=blank(reason, practices=1))
    row = Linked(seen(one), one, 0)
    assert (row.profile, row.numbers, row.step) == (None, None, None)
    [sentence] = row.sentences
    assert len(sentence) > 20 and reason not in sentence
    html = page(one)
    assert "cannot tell" in html.h3.text and html.find("svg") is None and html.find("details") is None
    assert re.findall(r"\d+", sentence) in ([], ["8", "8"], ["8", "5"])  # needed and there, of practices and periods


def test_every_reason_has_a_sentence_of_its_own():
    assert len({told(judged(group=blank(r), own=blank(r))) for r in (*REASONS, "else")}) == len(REASONS) + 1
    assert f"a test takes {LEAST_POINTS}." in language.catalogue()["reason.too_few_points_own"]


def test_a_tested_link_that_cannot_tell_says_why():
    assert "The data leave room both for nothing" in told(judged(group=verdict("cannot_tell", reason="too_wide")))
    assert "the params give none" in told(judged(group=verdict("cannot_tell", reason="no_least", least=None)))


def test_a_practice_whose_group_is_too_small_speaks_for_itself():
    one = judged(group=blank("too_few_practices"), own=alone("supported", reason=""))
    assert "Seen in this practice alone, over 34 months" in told(one)
    assert "supported" in page(one).h3.text and not any("This practice" in n for n in Linked(seen(one), one, 0).notes)


def test_news_edits_and_shared_columns_are_said():
    assert notes(standing="new")[0].startswith("New and unconfirmed")
    assert notes(standing="changed", before="cannot_tell")[0] == "Changed: the last final said otherwise (cannot tell)."
    assert notes(edits=2)[0].startswith("It was edited 2 times")
    assert notes(group=verdict("supported", shares=("visits.status", "visits.kept")))[0].startswith(
        "Both count visits:"
    )
    assert "Both count visits, so one moves" in told(judged(group=blank("mechanical", shares=("visits.status",))))


@pytest.mark.parametrize(
    ("answer", "said"),
    [("supported", ["It stands without"]), ("cannot_tell", ["Without the most influential practices the answer is"])],
)
def test_whether_it_stands_without_the_most_influential_is_said(answer, said):
    rest = verdict(answer, effect=-0.1)
    assert [
        n[: len(said[0])] for n in notes(group=verdict("supported", without_influential=rest)) if "influ" in n
    ] == said


def test_this_practice_has_a_sentence_and_its_departure_another():
    assert notes()[-1] == "This practice alone cannot tell: anything from −3.5 to 1.5 min is possible."
    own = alone("supported", effect=-0.4, spread=0.2)
    assert notes(own=own)[-1] == "This practice alone shows the same: −2.0 min (−3.0 to −1.0)."
    assert notes(own=blank("too_few_points"))[-1].endswith("It has 11 months with both values, and a test takes 16.")
    far, near = (Departure(-0.1, -0.2, 0.0, -0.05, apart=apart) for apart in (True, False))
    assert notes(departure=far)[-1].endswith("is −0.50 min (−1.00 to 0.00): really another one.")
    assert notes(departure=near)[-1].endswith("no real difference.")


def test_the_other_direction_is_said_where_it_shows():
    assert not any("other way" in n for n in notes())
    said = notes(group=verdict("supported", feedback=0.01))
    assert any(n.startswith("The other way round shows too: staff engagement answers wait") for n in said)


def test_the_section_sums_up_and_puts_what_is_sure_first():
    html = page(*one_of_each()[::-1])
    assert html.p.text == (
        "1 of 7 links that leaders believe in is supported by the data; 1 is contradicted, 1 helps to forecast, "
        "1 moves together within the month, 1 is not supported and 2 can't be told yet."
    )
    words = [tag.text.split(" ", 1)[1] for tag in html.find_all(class_="chip")]
    order = ["supported", "contradicted", "forecasts", "moves together", "not supported", "cannot tell", "cannot tell"]
    assert words == order
    assert page(judged()).p.text == "The one link that leaders believe in: supported."
    assert page(judged("cannot_tell"), judged("cannot_tell")).p.text.startswith("None of the 2 links")
    both = page(judged(), judged("supported", "burnout", "no_show_rate"))
    assert both.p.text == "2 of 2 links that leaders believe in are supported by the data."


def test_tests_and_expected_false_findings_count_edits_but_not_what_could_not_be_tested():
    last = page(*one_of_each()).find_all("p", class_="soft")[-1].text
    assert last.startswith("Tested: 6 links and one edit. By chance alone 0.4 false findings are expected at 5 %.")
    assert last.endswith("4 % were found at 5 %.")
    assert "Tested:" not in page(judged(group=blank("identical"), own=blank("identical"))).text
    assert inspect.signature(judge).parameters["alpha"].default == ALPHA


def test_links_that_were_given_up_are_counted_among_the_tests():
    assert "Tested: 6 links, one edit and 2 links given up." in page(*one_of_each(), ended=[ENDED] * 2).text


def test_links_that_no_test_has_looked_at_are_listed_as_such_and_told_on_page_one():
    other = link("burnout", "no_show_rate")
    html = page(judged(), declared=(link(), other))
    [row] = html.select("table.stack tbody tr")
    assert row.th.text == "Burned-out staff → No-show rate" and "not yet tested" in row.text
    assert page().text.strip() == "No link is declared."


def test_the_alternative_texts_tell_what_was_found():
    forest, *profiles = (
        svg["aria-label"].replace("\N{NO-BREAK SPACE}", " ") for svg in page(*one_of_each()).find_all("svg")
    )
    assert forest.startswith("1 of 7 links") and "Staff turnover → Days in A/R: cannot tell." in forest
    assert profiles[0].startswith("Engaged staff → Wait to be roomed, supported.")
    assert "1: −1.7 min (−2.5 to −1.0)" in profiles[0] and len(profiles) == 6


@pytest.mark.parametrize(("expect", "side"), [("negative", 1), ("positive", -1)])
def test_what_is_as_expected_lies_right_in_units_of_what_matters(expect, side):
    one = judged(link=link(expect=expect), own=alone(effect=-0.1, spread=0.2))
    row = in_forest(Linked(seen(one), one, 0))
    told = [row[key] for key in ("estimate", "lower", "upper", "own", "own_lower", "own_upper")]
    bounds = sorted((side * 9.8, side * 3.8)), sorted((side * 6.0, side * -2.0))  # −0.49 … −0.19 and −0.3 … 0.1 by 0.05
    assert told == pytest.approx([side * 6.8, *bounds[0], side * 2.0, *bounds[1]])


def test_where_nothing_is_declared_to_matter_the_unit_is_what_could_be_seen_and_a_mark_says_so():
    one = judged(link=link(least=None), group=verdict("supported", least=None))
    row = in_forest(Linked(seen(one), one, 0))
    assert row["estimate"] == pytest.approx(0.34 / 0.21) and row["leading"] == "Engaged staff * →"
    assert "Where none was declared (*)" in page(one).text and "(*)" not in page(judged()).text


def test_what_the_params_say_is_escaped():
    html = Run(seen(*one_of_each())).links().html
    assert "&lt;rooms&gt; &amp; time" in html and "<rooms>" not in html


def test_an_answer_is_never_told_by_colour_alone():
    chips = [tag.text.split(" ", 1) for tag in page(*one_of_each()).find_all(class_="chip")]
    assert len({icon for icon, _ in chips}) == len({word for _, word in chips}) == 6


def test_the_numbers_stand_side_by_side():
    table = page(one_of_each()[0]).table
    assert [th.text for th in table.thead.find_all("th")] == ["All practices", "This practice", "Since declared"]
    rows = {
        tr.th.text: [td.text.replace("\N{NO-BREAK SPACE}", " ") for td in tr.find_all("td")]
        for tr in table.tbody.find_all("tr")
    }
    assert rows["Practices"] == ["12", "1", "12"] and rows["q of the answer"] == ["0.012", "0.400", "0.012"]
    assert rows["Squared error of forecasts saved"] == ["6 %", "–", "–"]


@pytest.mark.parametrize(
    ("leading", "sd", "text"),
    [
        ("engagement", 4.0, "5 points"),
        ("engagement", 0.9, "one point"),
        ("wait_median", 12.0, "10 min"),
        ("charge_lag", 0.8, "1 day"),
        ("charge_lag", 0.12, "one usual swing (0.12 days)"),
        ("net_revenue_per_visit", 60.0, "one usual swing ($60)"),
    ],
)
def test_a_step_is_round_where_a_round_one_is_usual(leading, sd, text):
    step = step_of(kpi(leading), kpi("no_show_rate"), verdict("supported", 0.2, sd=sd))
    assert step.text.replace("\N{NO-BREAK SPACE}", " ") == text


def test_an_effect_that_fell_is_told_by_its_size_and_the_interval_turned():
    step = Step(kpi("engagement"), kpi("wait_median"), 10, usual=False)
    assert step.turned(-0.34, (-0.48, -0.19))["interval"] == "1.9–4.8"
    assert step.turned(0.34, (-0.1, 0.78))["interval"] == "−1.0 to 7.8"
    assert [chance(p) for p in (None, 0.0004, 0.0123)] == ["–", "below 0.001", "0.012"]


def test_the_section_says_nothing_that_the_catalogue_does_not_hold(monkeypatch):
    accented = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: accented)
    html = Run(seen(*one_of_each(), declared=(link("burnout", "no_show_rate"),))).links().html
    assert {text: found for text in texts(html) if (found := strangers(text, set()))} == {}
    assert say("answer.supported") in html
