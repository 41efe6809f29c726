"""What a found effect is like, chains of links, arithmetic and the ordinary regression, as their reader meets them."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pseudo import pseudo, strangers, texts

from bsc_analysis.disclosure import Attenuation, Disclosed, Moderated, Saturation
from bsc_analysis.packed import packed, record_of
from bsc_analysis.report import described as part
from bsc_analysis.report.linked import Linked
from bsc_analysis.report.run import Run
from bsc_analysis.words import catalogue, definitions, language
from tests.stores import group_of
from tests.verdicts import SHAPES, alone, blank, described, judged, link, verdict

NBSP = "\N{NO-BREAK SPACE}"


def seen(*links, declared=()) -> Disclosed:
    group = group_of(["wait_median"], ["a"], report="quarter")
    practice = group.practices["a"]
    practice = type(practice)(**{**vars(practice), "links": declared})
    return Disclosed(group, practice, pd.Period("2026Q3"), "leadership", *[None] * 5, links=links)


def page(*links, **more) -> BeautifulSoup:
    return BeautifulSoup(Run(seen(*links, **more)).links().html, "html.parser")


def notes(one) -> str:
    return " ".join(Linked(seen(one), one, 0).notes).replace(NBSP, " ")


def rows(one) -> dict[str, str]:
    """The rows of the table of numbers that span all its columns."""
    cells = page(one).table.tbody.find_all("td", colspan="2")
    return {td.find_previous("th").text.replace(NBSP, " "): td.text.replace(NBSP, " ") for td in cells}


def bent(answer: str, below: float, above: float):
    return judged(saturation=replace(described().saturation, answer=answer, below=below, above=above))


def test_each_shape_is_one_sentence_in_the_kpis_units():
    told = notes(described())
    assert "With staff engagement above 80 % the effect fades: from −2.5 min for 5 points to −0.50 min." in told
    assert "Without the noise of few answers the effect would be about −2.5 min (−3.6 to −1.4)." in told
    assert (
        "The higher training hours in a practice, the weaker the effect: by 0.30 min for one usual swing of it." in told
    )
    assert "the effect is stronger: −2.5 min for 5 points, against −0.50 min below." in notes(
        bent("steepens", -0.1, -0.5)
    )
    assert "the effect turns round: from −2.5 min for 5 points to 0.50 min." in notes(bent("turns", -0.5, 0.1))


def test_the_table_has_their_numbers_across_all_its_columns():
    assert rows(described()) == {
        "Another effect above 80 %": "it fades: −2.5 min (−3.5 to −1.5) below, −0.5 min (−1.5 to 0.5) above, "
        "for 5 points; q 0.020",
        "Another effect with higher training hours": "it is weaker: 0.30 min for one usual swing of it; q 0.010",
        "Effect without the noise of few answers": "−2.5 min (−3.6 to −1.4); 68 % of what staff engagement moves is "
        "more than noise",
    }


def test_readings_that_hardly_blur_are_told_in_the_table_alone():
    one = judged(attenuation=Attenuation(-0.34, 0.95, -0.36, (-0.5, -0.2)))
    assert "noise" not in notes(one) and "95 % of what" in rows(one)["Effect without the noise of few answers"]


@pytest.mark.parametrize("reason", [*SHAPES, "something_new"])
def test_what_cannot_be_told_stands_in_the_table_with_its_reason_and_nowhere_else(reason):
    one = judged(
        link=link(by="training_hours"),
        saturation=Saturation(80, 1, reason=reason, p=0.4),
        attenuation=Attenuation(-0.34, 0.1, reason=reason),
        moderated=Moderated(1, reason=reason, p=0.4),
    )
    plain = judged()
    assert notes(one) == notes(plain) and len(rows(one)) == 3
    for text in rows(one).values():
        assert text.startswith("cannot tell") and reason not in text and "nan" not in text
        assert (len(text) > 25) == (reason in SHAPES)


def test_every_reason_of_a_shape_has_words_of_its_own():
    assert len({language.catalogue()[f"why.{reason}"] for reason in SHAPES}) == len(SHAPES)


def test_shapes_count_among_the_tests_run_where_there_was_a_p_value():
    last = page(described()).find_all("p", class_="soft")[-1].text
    assert last.startswith("Tested: one link and 2 further questions about them. By chance alone 0.2 false")  # 3 × .05
    blind = judged(saturation=Saturation(80, 1, reason="too_few_above"))
    assert part.asked(Linked(seen(blind), blind, 0)) == 0


def test_a_practice_that_speaks_for_itself_has_no_shape():
    one = replace(described(), group=blank("too_few_practices"), own=alone("supported", reason=""))
    assert "fades" not in notes(one) and "above 80" not in page(one).table.text


def test_a_final_keeps_it():
    one = described()
    kept = record_of(type(one), json.loads(json.dumps(packed(one))))
    assert (kept.saturation, kept.attenuation, kept.moderated) == (one.saturation, one.attenuation, one.moderated)
    before = {key: value for key, value in packed(one).items() if key in ("link", "group", "own")}
    assert record_of(type(one), before).saturation is None  # a final from before there was such a thing


CHAIN = (("engagement", "wait_median"), ("wait_median", "provider_rating"), ("provider_rating", "new_patient_share"))


def chain(*answers: str):
    effects = (-0.4, -0.5, 0.3)
    told = zip(CHAIN, answers, effects, strict=False)
    return [judged(a, *pair, group=verdict(a, effect, 0.1, lag=2)) for pair, a, effect in told]


def told_chains(*links, **more) -> list[str]:
    found = page(*links, **more).select(".chains li")
    return [li.get_text(" ", strip=True).replace(NBSP, " ") for li in found]


def test_a_chain_whose_links_all_hold_says_what_they_come_to():
    [text] = told_chains(*chain(*["supported"] * 3))
    path = "Engaged staff → Wait to be roomed → Provider rated 9 or 10 → New patients"
    begins = f"{path} Every link holds: when staff engagement rose by 5 points, new patients rose by 0.30 points 6"
    assert text.startswith(begins)  # −.4 · −.5 · .3 = .06 a point
    assert "months later (0.1" in text and text.endswith("multiplied; the whole was not tested.")


def test_a_chain_breaks_at_its_first_link_that_does_not_hold():
    [text] = told_chains(*chain("supported", "cannot_tell", "not_supported"))
    assert text.endswith("New patients It breaks at Wait to be roomed → Provider rated 9 or 10: cannot tell.")
    assert "points" not in text


def test_a_chain_with_a_link_that_was_not_tested_cannot_be_told():
    declared = [link(*pair) for pair in CHAIN]
    [text] = told_chains(*chain("supported", "supported"), declared=declared)
    assert text.endswith("It cannot be told: Provider rated 9 or 10 → New patients has not been tested.")
    assert told_chains(judged()) == [] and seen(declared=declared).chains == ()


@pytest.mark.parametrize("answer", ["moves_together", "not_supported", "cannot_tell"])
def test_what_an_ordinary_regression_would_have_called_is_said_where_nothing_is_claimed(answer):
    text = notes(judged(group=verdict(answer, plain=0.006)))
    assert (
        "An ordinary regression on earlier months would have called this an effect (p 0.006, here 0.001). It takes"
        in text
    )
    assert "ordinary" not in notes(judged(group=verdict(answer, plain=0.06)))
    assert "ordinary" not in notes(judged(group=verdict(answer)))


@pytest.mark.parametrize("answer", ["supported", "forecasts", "contradicted"])
def test_beside_a_claim_the_ordinary_regression_stands_in_the_table_alone(answer):
    one = judged(group=verdict(answer, plain=0.006))
    assert "ordinary" not in notes(one) and "p, ordinary regression0.006–" in page(one).table.text.replace("\n", "")


@pytest.mark.parametrize(
    ("leading", "lagging", "shares", "said"),
    [
        (
            "ed_visits",
            "savings_rate",
            "ed_visits_per_1000",
            "The spending behind savings rate includes emergency visits",
        ),
        (
            "savings_rate",
            "ed_visits",
            "ed_visits_per_1000",
            "The spending behind savings rate includes emergency visits",
        ),
        ("cahps_access", "cahps_z", "cahps_access", "Both are reckoned from patients' answers on timely care"),
        (
            "savings_rate",
            "earned_savings",
            "benchmark_usd expenditure_usd",
            "Both are reckoned from the benchmark and sp",
        ),
    ],
)
def test_columns_that_are_made_of_others_are_told_as_what_they_are(leading, lagging, shares, said):
    columns = tuple(f"aco_years.{name}" for name in shares.split())
    text = notes(judged(link=link(leading, lagging), group=verdict("supported", shares=columns)))
    assert said in text and "aco_years" not in text and "arithmetic" in text
    one = judged("cannot_tell", link=link(leading, lagging))
    one = replace(one, group=verdict("cannot_tell", reason="mechanical", shares=columns))
    assert said in " ".join(Linked(seen(one), one, 0).sentences)


def test_the_words_of_shapes_and_chains_are_the_catalogues(monkeypatch):
    accented = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: accented)
    html = Run(seen(described(), *chain("supported", "not_supported", "supported")[1:])).links().html
    assert {text: found for text in texts(html) if (found := strangers(text, set()))} == {}
