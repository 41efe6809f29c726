"""The page across practices: what all say of a link, how they differ, what each says alone, and who is named."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.analysis.departures import departures
from bsc_analysis.analysis.tested import UNTESTED, Shared
from bsc_analysis.disclosure import DisclosedGroup
from bsc_analysis.disclosure import across as disclosing
from bsc_analysis.disclosure.withhold import GUARDED
from bsc_analysis.report import across
from bsc_analysis.report.portfolio import EFFECTS, Portfolio
from bsc_analysis.words import catalogue, definitions, language, say
from tests.stores import account_for, group_of, store_of
from tests.verdicts import blank, judged, one_of_each

PERIOD = pd.Period("2026Q3")
NAMES = tuple(f"clinic_{letter}" for letter in "abcdefghi")
TITLES = tuple(name.title() for name in NAMES)
NOBODY = blank("", practices=1)
ALONE = MappingProxyType(dict(zip(NAMES, ["supported"] * 2 + ["cannot_tell"] * 6 + [UNTESTED], strict=True)))
FILES = pd.DataFrame(
    [["visits", "clinic_a", "clinic_a/visits.csv", "ab12", 9, 9, 0, 0, 0]],
    columns=["feed", "practice", "file", "sha256", "physical", "used", "quarantined", "deduplicated", "layout"],
)
VISITS = pd.DataFrame({"practice": ["clinic_a"], "period": ["2026-09"]})


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def differing(far: float = 0.0) -> dict[str, float]:
    """Practices' slopes: alike but for the first, which lies `far` off."""
    return {name: -0.34 + 0.01 * (i % 3) + (far if i == 0 else 0) for i, name in enumerate(NAMES)}


def shared(one, far: float | None = None, alone=ALONE) -> Shared:
    told = departures(differing(far), dict.fromkeys(NAMES, 0.05), 30.0) if far is not None else None
    return Shared(tested=replace(one, own=NOBODY, departure=None), departures=told, alone=alone)


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """`seen(*links, audience=…, practices=…)`: the group as disclosure lets it through."""
    store = account_for(store_of(tmp_path / "store", given_readings=VISITS), accounts=FILES)

    def disclosed(*links: Shared, audience: str = "leadership", practices=NAMES) -> DisclosedGroup:
        monkeypatch.setattr(disclosing, "evidence_of_all", lambda *_: links)
        group = group_of(["wait_median"], list(practices), audience=audience, report="quarter")
        titled = group.shared.model_copy(update={"title": "All & <sundry>"})
        group = replace(group, shared=titled)
        return disclosing.of_group(group, PERIOD, store)

    return disclosed


def page(told: DisclosedGroup) -> BeautifulSoup:
    portfolio = Portfolio(told)
    parts = (portfolio.masthead(), portfolio.headline(), portfolio.links(), portfolio.methods())
    return BeautifulSoup("".join(part.html for part in parts), "html.parser")


def row(told: DisclosedGroup):
    return across.rows_of(told)[0]


def test_the_masthead_says_whose_page_it_is_and_that_it_is_always_a_draft(seen):
    told = seen(shared(judged()))
    assert Portfolio(told).masthead().data == {"group": "g", "period": "2026Q3", "state": "draft"}
    head = page(told).header
    assert head.b.text == "All & <sundry>" and "All practices 2026 Q3 (Jul–Sep)" in head.text
    assert head.find(class_="draft").text == "draft of the current data · for the practices' leadership"


def test_the_headline_counts_the_links_that_hold(seen):
    links = [shared(one) for one in one_of_each()]
    assert page(seen(*links)).h1.text.startswith("1 of 7 links that leaders believe in is supported by the data; 1 is")
    assert page(seen()).h1.text == "No link is declared."


def test_the_verdicts_and_the_forest_are_those_of_all_and_of_no_single_practice(seen):
    html = page(seen(*[shared(one) for one in one_of_each()]))
    assert [chip.text.split(" ", 1)[1] for chip in html.find_all(class_="chip")][:2] == ["supported", "contradicted"]
    assert [svg["aria-label"].count("Engaged staff") for svg in html.select(".forest svg")] == [1]
    assert "this practice" not in html.text.lower()
    assert [th.text for th in html.table.thead.find_all("th")] == ["All practices", "Since declared"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["supported"] * 3 + ["cannot_tell"] * 6, "3 of 9 practices show it alone; 6 cannot tell."),
        (["supported"] + [UNTESTED] * 8, "1 of 9 practices shows it alone; 8 have too little to be tested."),
        (["cannot_tell"] * 9, "None of the 9 practices shows it alone; 9 cannot tell."),
        (["supported"] * 9, "9 of 9 practices show it alone."),
        ([UNTESTED] * 9, "No practice alone has enough to be tested."),
        (
            ["contradicted", "forecasts", "moves_together", "not_supported"] + ["cannot_tell"] * 4 + [UNTESTED],
            "None of the 9 practices shows it alone; 1 shows the opposite, in 1 it helps to forecast, in 1 both move "
            "together, in 1 it is not supported, 4 cannot tell and 1 has too little to be tested.",
        ),
    ],
)
def test_what_each_practice_says_alone_is_counted_by_answer(seen, answers, said):
    assert row(seen(shared(judged(), alone=dict(zip(NAMES, answers, strict=True))))).notes[-1] == said


def test_practices_that_differ_no_more_than_chance_would_have_it_are_said_to(seen):
    told = row(seen(shared(judged(), far=0.0)))
    assert [plain(s)[:57] for s in told.differences] == ["The practices differ no more than chance would have it (p"]
    assert not told.practices.effects["apart"].any()


def test_a_practice_that_lies_apart_is_named_and_dark(seen):
    told = row(seen(shared(judged(), far=-0.6)))
    first, second = map(plain, told.differences)
    assert first.startswith(
        "The practices differ by more than chance (p below 0.001): their effects lie about 0.99 min"
    )
    assert second == "Apart from the others: Clinic_A."
    assert told.practices.effects["practice"].iloc[0] == "Clinic_A"  # the largest in the group's direction on top


def test_the_picture_tells_the_practices_in_the_order_and_units_of_the_link_s_sentence(seen):
    html = page(seen(shared(judged(), far=-0.6)))
    [alt] = [svg["aria-label"] for svg in html.select("figure svg")]
    assert (
        html.figcaption.text == "Change in wait to be roomed one month later, after staff engagement rose by 5 points"
    )
    assert "Clinic_A: −4." in plain(alt) and all(title in alt for title in TITLES)
    assert alt.index("Clinic_A") < alt.index("Clinic_B")


def test_practices_are_compared_only_where_all_together_showed_something(seen):
    html = page(seen(shared(judged("not_supported"))))
    assert html.select("figure, .wide") == [] and "How the practices differ" not in html.select("div.bsc")[0].text


def test_too_few_to_be_compared_is_said(seen):
    few = Shared(shared(judged()).tested, departures({"clinic_a": 1.0}, {"clinic_a": 0.1}), {"clinic_a": "supported"})
    told = row(seen(few))
    assert told.differences[0].startswith("The practices cannot be held against each other") and told.spread is None


def test_how_to_read_it_stands_once(seen):
    html = page(seen(shared(judged(), far=0.0), shared(judged("supported", "burnout", "no_show_rate"), far=0.0)))
    assert len(html.select(".wide figure")) == 2 and html.text.count(say("across.how")) == 1


def test_a_practice_that_has_left_counts_for_the_mean_and_is_not_shown(seen):
    stays = row(seen(shared(judged(), far=-0.6), practices=NAMES[1:]))
    whole = row(seen(shared(judged(), far=-0.6)))
    assert stays.practices.mean == whole.practices.mean
    assert list(stays.practices.effects["practice"]) == list(whole.practices.effects["practice"])[1:]


def test_tests_of_single_practices_are_counted_too(seen):
    last = page(seen(shared(judged()), shared(judged("cannot_tell", "burnout")))).select("p.soft")[-1].text
    assert last.startswith("Tested: 2 links. By chance alone 0.1 false findings are expected at 5 %.")
    assert "4 % were found at 5 %" in last
    assert last.endswith("were tested 16 times more; of those, 0.8 false findings are expected at 5 %.")


@pytest.mark.parametrize("audience", GUARDED)
def test_a_guarded_audience_gets_no_name_in_any_output(seen, audience):
    told = seen(shared(judged(), far=-0.6), audience=audience)
    portfolio = Portfolio(told)
    everything = str(page(told)) + portfolio.effects.to_csv() + told.inputs.to_csv() + portfolio.links().text
    assert [name for name in (*NAMES, *TITLES) if name in everything] == []
    assert "Apart from the others: one practice." in everything and "no. 1" in everything
    assert "names no practice" in everything
    assert told.inputs.to_dict("records") == [{"feed": "visits", "file": "", "sha256": "ab12"}]


def test_leadership_gets_the_names(seen):
    told = seen(shared(judged(), far=-0.6))
    assert all(title in str(page(told)) for title in TITLES) and "no. 1" not in page(told).text
    assert list(told.inputs["file"]) == ["clinic_a/visits.csv"]


def test_the_effects_behind_the_page_are_a_frame(seen):
    effects = Portfolio(seen(shared(judged(), far=-0.6), shared(judged("cannot_tell", "burnout")))).effects
    assert list(effects) == EFFECTS and len(effects) == 1 + 9 + 1
    assert list(effects["answer"]) == ["supported", *[""] * 9, "cannot_tell"]
    assert effects["effect"].iloc[:2].tolist() == pytest.approx([-0.34, -0.94], abs=0.04)
    assert Portfolio(seen(shared(judged(group=blank("identical"))))).effects["effect"].isna().all()


def test_markup_in_a_title_stays_text(seen):
    assert "&lt;sundry&gt;" in str(page(seen(shared(judged()))).header)


def test_the_page_says_nothing_that_the_catalogue_does_not_hold(seen, monkeypatch):
    accented = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: accented)
    told = seen(*[shared(one, far=-0.6) for one in one_of_each()[:3]], audience="portfolio")
    portfolio = Portfolio(told)
    for html in (portfolio.links().html, portfolio.methods().html, portfolio.headline().html):
        assert {text: found for text in texts(html) if (found := strangers(text, set()))} == {}
