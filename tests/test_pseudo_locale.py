"""No text outside the catalogue: in a pseudo-locale a whole page is accented, or comes from outside and says so."""

import re

import pytest
from pseudo import pseudo, strangers, texts
from workspaces import GROUP, GROUP_FILE, ROOT, clinics, make_workspace, run_here, write_yaml

from bsc_analysis import open_run
from bsc_analysis.engine.worker import Outcome
from bsc_analysis.params import load_group
from bsc_analysis.report.index import index_page
from bsc_analysis.report.merge import merge
from bsc_analysis.report.render import render
from bsc_analysis.report.sections import read_sections
from bsc_analysis.words import catalogue, definitions, language, say

__all__ = ["clinics"]

TEMPLATES = sorted((ROOT / "bsc_analysis" / "report" / "page").rglob("*.j2"))


@pytest.fixture
def spoken(monkeypatch):
    """The pseudo-locale instead of English."""
    told = pseudo(catalogue() | definitions())
    monkeypatch.setattr(language, "catalogue", lambda: told)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The tiny group for the public, so that much is withheld, with perspectives and words of its own."""
    folder = make_workspace(tmp_path_factory.mktemp("tiny"))
    own = {"audience": "external", "note": "A <note>", "perspectives": [{"id": "patients", "title": "Our patients"}]}
    own["perspectives"] += [{"id": "processes", "title": "Processes"}, {"id": "people", "title": "People"}]
    write_yaml(folder / "params" / GROUP / "group.yaml", GROUP_FILE | own)
    return folder


def page(workspace, group, practice, monkeypatch) -> tuple[str, set[str]]:
    """A report made here, and the facts from outside that may stand within its sentences."""
    monkeypatch.setenv("BSC_WORKSPACE", str(workspace))
    monkeypatch.delenv("BSC_DATA", raising=False)
    seen = open_run(group, practice).seen
    merged = merge(read_sections(workspace, seen.practice.sections), [p.id for p in seen.perspectives])
    run_here(merged, group=group, practice=practice)
    choices = seen.practice.kpis.values()
    facts = {choice.target.source for choice in choices if choice.target} | {c.owner for c in choices if c.owner}
    facts |= {each.because for each in seen.practice.breaks} | {seen.practice.title, str(seen.period), "readings.csv"}
    facts |= {practice.specialty or "" for practice in seen.group.practices.values()} - {""}
    facts |= {practice.title for practice in seen.group.practices.values()}
    facts |= {aim.title for aim in seen.strategy.objectives} | {tried.entry.title for tried in seen.actions}
    facts |= {str(part) for each in seen.moved for part in each.mix.parts.index} - {"", " "}
    facts |= {name for each in seen.cascade if not each.reason for name in each.departments["department"]} - {"", " "}
    facts |= {each.tool for led in seen.people for each in led.confidence}
    facts |= {each.team for led in seen.people for each in led.needs.apart}
    facts |= {path.name for path in (workspace / "data" / group).rglob("*.csv")}
    return render(merged, say("page.title", practice=seen.practice.title, period=str(seen.period))), facts


def aliens(html: str, facts: set[str]) -> dict[str, list[str]]:
    """Text of the page: what stands in it that nobody translated."""
    return {text: found for text in texts(html) if (found := strangers(text, facts))}


@pytest.mark.parametrize("practice", ["north_clinic", "lakeside"])
def test_a_demo_report_says_nothing_that_the_catalogue_does_not_hold(practice, spoken, clinics, monkeypatch):
    html, facts = page(clinics, "demo", practice, monkeypatch)
    assert aliens(html, facts) == {}
    assert html.count("<svg") > 10 and len(list(texts(html))) > 200


def test_neither_does_a_report_for_the_public(spoken, tiny, monkeypatch):
    html, facts = page(tiny, GROUP, "alder", monkeypatch)
    assert aliens(html, facts) == {}
    assert '<h2 class="bsc" id="patients" translate="no">Our patients</h2>' in html
    assert '<a href="#patients" translate="no">Our patients</a>' in html
    assert '<h2 class="bsc" id="processes">⟦' in html


def test_neither_does_the_index(spoken, tiny):
    group = load_group(GROUP, tiny)
    failed = [Outcome(id, "", "failed", "a reason", "summary", "own-1") for id in ("alder", "birch")]
    alder, birch, other = (group.practices[id] for id in ("alder", "birch", "0123"))
    html = index_page(group, "2026Q3", [(alder, failed[0], "draft"), (birch, failed[1], ""), (other, None, "final")])
    assert aliens(html, {GROUP_FILE["title"], "2026Q3"}) == {}
    assert "a reason" in html


def test_the_english_page_is_full_of_what_the_test_looks_for(clinics, monkeypatch):
    html, facts = page(clinics, "demo", "north_clinic", monkeypatch)
    assert len(aliens(html, facts)) > 150


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("⟦á ƀ⟧ 7.4 2026", []),
        ("⟦á because⟧", []),
        ("⟦á⟧ because", ["because"]),
        ("⟦á Visits⟧", ["Visits"]),
        ("⟦á⟧ é", ["é"]),
        ("⟦á⟧ · ⟦ƀ⟧", ["·"]),
    ],
)
def test_a_stranger_is_found_wherever_it_stands(text, found):
    assert strangers(text, {"because"}) == found


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_a_template_has_no_words_of_its_own(path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>", "", path.read_text(), flags=re.S)
    spoken = re.findall(r'\b(?:title|alt|aria-label|placeholder|summary)="([^"]*)"', source)
    assert re.findall("[A-Za-z]+", " ".join([*spoken, re.sub("<[^>]*>", "", source)])) == []
