"""The strategy as its reader meets it: objectives, arrows as tested, what is missing; and the same in words."""

from __future__ import annotations

import re

import pandas as pd
from bs4 import BeautifulSoup

from bsc_analysis.charts.strategy_map import strategy_map
from bsc_analysis.disclosure import Disclosed, Vacant
from bsc_analysis.params.strategy import Objective, Strategy
from bsc_analysis.report.strategy import strategy
from tests.stores import group_of
from tests.verdicts import judged

AIMS = [
    Objective(id="team", title="People <stay>", perspective="people", owner="us", kpis=["engagement"]),
    Objective(id="rooms", title="Roomed on time", perspective="processes", kpis=["wait_median", "no_show_rate"]),
]


def shown(*links, aims=AIMS, vacant=()) -> BeautifulSoup:
    group = group_of(["engagement", "wait_median", "no_show_rate"], ["a"], report="quarter")
    practice = group.practices["a"]
    declared = {"strategy": Strategy(vision="To be well", objectives=aims), "links": [each.link for each in links]}
    practice = type(practice)(**{**vars(practice), **declared})
    seen = Disclosed(group, practice, pd.Period("2026Q3"), "leadership", *[None] * 5, links=links, vacant=vacant)
    return BeautifulSoup(strategy(seen, {}).html, "html.parser")


def words(html: BeautifulSoup) -> str:
    return re.sub(r"\s+", " ", html.get_text(" "))


def test_arrows_are_told_as_tested_and_the_surest_link_of_two_draws_them():
    weak = judged("cannot_tell", "engagement", "no_show_rate")
    html = shown(weak, judged("supported"))
    arrow = html.select_one("details ul li")
    assert arrow.b.text == "People <stay> → Roomed on time"
    assert list(arrow.stripped_strings)[1:] == [
        "Engaged staff → Wait to be roomed: supported, one month later",
        "Engaged staff → No-show rate: cannot tell",
    ]
    assert "People <stay> → Roomed on time: supported" in html.svg["aria-label"]


def test_what_is_missing_is_told_with_its_mend_one_sentence_a_kind():
    told = [item.text for item in shown(judged("supported")).select(".overview li")]
    assert "“Roomed on time” has no owner: name who answers for it." in told
    assert "Financial and Patients hold no objective: name one each, or take the perspective off the card." in told


def test_an_owner_who_has_left_is_marked_and_told_with_the_mend():
    html = shown(judged("supported"), vacant=(Vacant("us"),))
    assert "The owner of “People <stay>” has left, by the roster: name who answers for it now." in words(html)
    assert [cell.text for cell in html.select("td[translate=no]")] == ["nobody", "us (has left)"]


def test_links_within_one_objective_or_beside_all_draw_no_arrow():
    assert not shown(judged("supported"), aims=AIMS[:1]).select("details ul li")


def test_without_objectives_one_sentence_says_so():
    html = shown(aims=[])
    assert not html.svg and words(html).strip() == "To be well No strategy is declared."


def test_the_map_keeps_every_box_in_its_lane_and_names_only_the_lines_that_occur():
    aims = pd.DataFrame(
        [(f"a{i}", lane, f"Objective {i} & more", "as before", "common") for i, lane in enumerate("xxxyz")],
        columns=["id", "lane", "title", "word", "role"],
    )
    arrows = pd.DataFrame(
        [("a4", "a0", "supported"), ("a3", "a1", "not_supported")], columns=["leading", "lagging", "answer"]
    )
    legend = {"supported": "holds", "not_supported": "does not hold", "cannot_tell": "who knows"}
    chart = strategy_map(aims, arrows, {"x": "Upper", "y": "Middle", "z": "Lower"}, name="m", alt="told", words=legend)
    texts = [t.text for t in BeautifulSoup(chart.svg, "html.parser").find_all("text")]
    assert [t for t in texts if t in ("Upper", "Middle", "Lower")] == ["Upper", "Middle", "Lower"]
    assert {"holds", "does not hold"} <= set(texts) and "who knows" not in texts
    assert sum(t.startswith("Objective") for t in texts) == 5
