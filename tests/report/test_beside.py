"""A practice beside its peers, as its reader meets it: exceptions first, one sentence where nothing can be compared."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.disclosure import Disclosed, beside
from bsc_analysis.report.run import Run
from bsc_analysis.words import catalogue, definitions, language, say
from tests.peers import PERIOD, kept, peers_group, told

NO_SHOWS = "a 40 400\nb 80 800\nc 22 200\nd 58 600\ne 31 300\nz 90 400"
LEAVING = "a 1 400\nb 2 500\nc 1 450\nd 2 600\ne 1 390\nz 2 480"
FRAMES = (told(NO_SHOWS), told(LEAVING, "staff_turnover"))
KPIS = ["no_show_rate", "wait_median", "staff_turnover"]


def seen(folder, practice="z", frames=FRAMES, kpis=KPIS, specialties=None, **shared) -> Disclosed:
    group = peers_group(pd.concat(frames), kpis, specialties, **shared)
    none = pd.DataFrame(columns=["kpi", "period", "state"])
    found = beside(group, practice, PERIOD, none, kept(folder, *frames))
    return Disclosed(group, group.practices[practice], PERIOD, group.shared.audience, none, *[None] * 4, beside=found)


def page(told: Disclosed, perspective: str = "processes") -> BeautifulSoup:
    return BeautifulSoup(Run(told).perspective(perspective).beside().html, "html.parser")


def words(html) -> str:
    return re.sub(r"\s+", " ", html.get_text(" ")).replace("\N{NO-BREAK SPACE}", " ").strip()


def test_what_lies_outside_comes_first_with_its_peers_its_limits_and_its_rank(tmp_path):
    html = page(seen(tmp_path))
    (section,) = html.select(".funnels section")
    assert section["class"] == ["worse"] and section.h4.text == "No-show rate worse than its peers"
    assert words(section.p).startswith(
        "22.5 % in 2026 Q1, worse than its peers: the 6 practices of family medicine together have 11.9 %, and at its "
        "size (400 visits) 998 of 1,000 like them would lie within "
    )
    assert words(section.p).endswith("With 95 % probability its rank is 6 of 6, 1 being the best.")
    assert words(html.find_all("p")[0]) == (
        "The one KPI compared with practices alike lies outside what is usual among them."
    )


def test_the_table_holds_all_with_their_ranges_and_the_notes_say_what_is_not_compared(tmp_path):
    html = page(seen(tmp_path))
    (row,) = html.select("tbody tr")
    name, own, centre, word, likely, rank = (words(cell) for cell in row.find_all(["th", "td"]))
    assert (name, own, centre, word, rank) == ("No-show rate", "22.5 %", "11.9 %", "worse than its peers", "6 of 6")
    assert re.fullmatch(r"2\d\.\d % \(\d\d\.\d–\d\d\.\d\)", likely)
    assert words(html.select("details p")[-1]) == (
        "Not compared with peers, because sums of money, medians and published values hold no counts: "
        "Wait to be roomed."
    )


def test_where_nothing_is_unusual_the_part_is_a_sentence_and_a_folded_table(tmp_path):
    html = page(seen(tmp_path), "people")
    assert words(html.summary) == (
        "Beside its peers The one KPI compared with practices alike does not lie outside what is usual among them."
    )
    assert not html.find("svg") and [d.has_attr("open") for d in html.find_all("details")] == [False]
    assert words(html.select("tbody td")[2]) == "no difference that can be told"


def test_how_to_read_it_stands_once_in_a_report(tmp_path):
    report = seen(tmp_path)
    both = str(page(report)) + str(page(report, "people"))
    assert both.count(say("card.how")) == both.count(say("peers.how")) == both.count(say("peers.how_table")) == 1
    alike = (told(NO_SHOWS.replace("z 90", "z 41")), told(LEAVING, "staff_turnover"))
    calm = page(seen(tmp_path / "calm", frames=alike))
    assert say("peers.how_table") in calm.text and say("peers.how") not in calm.text  # there is no picture
    assert "Of 2 KPIs compared, up to 0.1 would lie outside by chance alone" in calm.text


def test_the_picture_says_its_finding_and_knows_its_own_practice_by_shape(tmp_path):
    svg = page(seen(tmp_path)).svg
    assert (
        svg["aria-label"]
        .replace("\N{NO-BREAK SPACE}", " ")
        .startswith("No-show rate, 6 practices by size and value. 22.5 % in 2026 Q1, worse than its peers")
    )
    texts = [text.text for text in svg.find_all("text")]
    assert "this practice" in texts and "cases counted" in texts and not any("Clinic" in text for text in texts)


def test_named_peers_that_lie_outside_are_told_in_the_picture_of_another(tmp_path):
    frames = (told(NO_SHOWS + "\ny 10 500"),)
    html = page(seen(tmp_path, frames=frames, kpis=["no_show_rate"], peers={"show": "names"}))
    assert "Also outside: Clinic Y 2.0" in html.svg["aria-label"]
    assert "Clinic Y 2.0\N{NO-BREAK SPACE}%" in [text.text for text in html.svg.find_all("text")]
    assert "Clinic A" not in str(html)


def test_where_nothing_of_peers_is_shown_there_is_no_picture_and_no_rank(tmp_path):
    html = page(seen(tmp_path, peers={"show": "none"}))
    assert not html.find("svg") and "rank" not in words(html.find("section")).lower()
    assert [words(th) for th in html.select("thead th")] == ["KPI", "This practice", "Peers together", "Beside them"]


def test_without_enough_practices_one_sentence_says_so_in_the_first_perspective_alone(tmp_path):
    few = (told("a 4 40\nb 8 80\nz 9 40"), told("a 1 40\nb 2 50\nz 1 40", "staff_turnover"))
    report = seen(tmp_path, frames=few)
    assert words(page(report)) == (
        "This practice is not compared with others: that takes 5 practices of one specialty with a "
        "value, and there are fewer."
    )
    assert words(page(report, "people")) == ""


def test_a_practice_without_specialty_among_others_with_one_is_told_the_mend(tmp_path):
    html = page(seen(tmp_path, specialties=dict.fromkeys("abcde", "cardiology")))
    assert words(html).endswith("because no specialty is named for it: name it in its params.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("z . .", "because this practice has no value to build on: No-show rate."),
        ("z 10.5 100", "because what came are no whole counts: No-show rate."),
    ],
)
def test_what_is_not_compared_has_its_reason(tmp_path, line, said):
    frames = (told(NO_SHOWS.replace("z 90 400", line)), told(LEAVING, "staff_turnover"))
    assert f"Not compared with peers, {said}" in words(page(seen(tmp_path, frames=frames)))


def test_an_older_mature_period_is_named(tmp_path):
    report = replace(seen(tmp_path), period=PERIOD + 1)
    assert words(page(report).select_one("tbody td")) == "22.5 % (2026 Q1)"


def test_it_says_nothing_that_the_catalogue_does_not_hold(tmp_path, monkeypatch):
    accented = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: accented)
    report = seen(tmp_path, peers={"show": "names"})
    for perspective in ("processes", "people"):
        html = str(page(report, perspective))
        assert {t: found for t in texts(html) if (found := strangers(t, {"family medicine"}))} == {}
