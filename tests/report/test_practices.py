"""The practices of a group beside each other: who lies outside what is usual, and never a rank without its range."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.disclosure import DisclosedGroup
from bsc_analysis.disclosure.peers import across
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.report.portfolio import Portfolio
from bsc_analysis.words import catalogue, definitions, language
from tests.peers import PERIOD, kept, peers_group, told

NO_SHOWS = "a 40 400\nb 80 800\nc 22 200\nd 58 600\ne 31 300\ny 26 500\nz 90 400"
LEAVING = "a 12 400\nb 14 500\nc 13 450\nd 12 600\ne 11 390\ny 13 480\nz 12 480"


def seen(folder, *frames, specialties=None, **shared) -> DisclosedGroup:
    frames = frames or (told(NO_SHOWS), told(LEAVING, "staff_turnover"))
    group = peers_group(pd.concat(frames), ["no_show_rate", "staff_turnover", "wait_median"], specialties, **shared)
    found = across(group, PERIOD, kept(folder, *frames))
    return DisclosedGroup(group, PERIOD, group.shared.audience, (), (), pd.DataFrame(), found)


def page(told: DisclosedGroup) -> BeautifulSoup:
    return BeautifulSoup(Portfolio(told).practices().html, "html.parser")


def words(html) -> str:
    return re.sub(r"\s+", " ", html.get_text(" ")).replace("\N{NO-BREAK SPACE}", " ").strip()


def test_who_lies_outside_is_named_with_value_word_and_the_range_of_its_rank(tmp_path):
    html = page(seen(tmp_path, peers={"show": "names"}))
    assert words(html.p) == (
        "In one of 2 comparisons of a KPI within one specialty, a practice lies outside what is usual there."
    )
    (section,) = html.select(".funnels section")
    assert words(section.h4) == "No-show rate, the 7 practices of family medicine"
    assert [words(line) for line in section.select("li")] == [
        "Clinic Z: 22.5 %, worse than its peers; rank 7 of 7.",
        "Clinic Y: 5.2 %, perhaps better; rank 1 of 7.",
    ]
    assert "Clinic Z: 22.5" in section.svg["aria-label"] and "Clinic A" not in str(html)
    assert words(section.p) == "Together they have 10.8 % (2026 Q1). They differ by more than chance (p below 0.001)."


def test_the_table_holds_every_comparison(tmp_path):
    rows = [[words(cell) for cell in row.find_all(["th", "td"])] for row in page(seen(tmp_path)).select("tbody tr")]
    assert rows == [
        ["No-show rate", "family medicine (7)", "10.8 %", "yes (p below 0.001)", "2 of 7"],
        ["Staff turnover", "family medicine (7)", "31.6 %", "no (p 0.967)", "none"],
    ]


@pytest.mark.parametrize("audience", GUARDED)
def test_no_name_leaves_for_the_guarded(tmp_path, audience):
    told = seen(tmp_path, audience=audience, peers={"show": "names"})
    portfolio = Portfolio(told)
    assert "Clinic" not in str(page(told)) + portfolio.practices().text
    assert "The practices are not named here." in words(page(told))
    assert "22.5 %, worse than its peers; rank 7 of 7." in words(page(told))


def test_where_nothing_of_peers_is_shown_only_the_words_are(tmp_path):
    html = page(seen(tmp_path, peers={"show": "none"}))
    assert not html.find("svg") and "22.5" not in html.text and "rank" not in words(html.select_one(".funnels")).lower()
    assert [words(line) for line in html.select("li")] == [
        "One practice: worse than its peers.",
        "One practice: perhaps better.",
    ]


def test_specialties_are_compared_apart(tmp_path):
    specialties = dict.fromkeys("abcde", "cardiology") | dict.fromkeys("yz", "family medicine")
    html = page(seen(tmp_path, specialties=specialties))
    assert words(html.p).startswith("No practice lies outside what is usual among its peers, in 2 comparisons.")
    assert [words(row.td) for row in html.select("tbody tr")] == ["cardiology (5)"] * 2


def test_where_nothing_can_be_compared_one_sentence_says_so(tmp_path):
    few = told("a 4 40\nb 8 80")
    assert words(page(seen(tmp_path, few))) == (
        "No KPI can be compared: that takes 5 practices of one specialty with a value, and a KPI that counts something."
    )


def test_it_says_nothing_that_the_catalogue_does_not_hold(tmp_path, monkeypatch):
    accented = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: accented)
    told = seen(tmp_path, peers={"show": "names"})
    facts = {"family medicine", *(practice.title for practice in told.group.practices.values())}
    assert {t: found for t in texts(str(page(told))) if (found := strangers(t, facts))} == {}
