"""The page: one file that fetches nothing, shows no code, and can be read by a screen reader."""

import re
from collections import Counter
from itertools import pairwise

import nbformat
import pytest
from bs4 import BeautifulSoup
from workspaces import PRACTICES, report_folder

from bsc_analysis.errors import PracticeFailed
from bsc_analysis.report.render import MOST_BYTES, render


@pytest.fixture(params=PRACTICES)
def html(request, good):
    return (report_folder(good[0], request.param) / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def page(html):
    return BeautifulSoup(html, "html.parser")


def test_it_fetches_and_runs_nothing(html, page):
    assert html.lower().startswith("<!doctype html>")
    assert page.find_all(["script", "iframe", "object", "embed", "link", "base", "form", "img"]) == []
    for tag in page.find_all(True):
        assert not any(name.startswith("on") for name in tag.attrs)
        for name in {"src", "href", "xlink:href", "srcset", "action", "data"} & set(tag.attrs):
            assert tag[name].startswith("#"), tag
    assert not re.search(r"@import|url\((?!#)", html)


def test_its_policy_forbids_the_browser_to_fetch_or_run_anything(page):
    meta = page.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert meta.parent.name == "head"
    policy = dict(rule.split(maxsplit=1) for rule in meta["content"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert page.find("meta", {"name": "referrer"})["content"] == "no-referrer"


def test_it_has_a_language_one_headline_and_headings_without_gaps(page):
    assert page.html["lang"] == "en"
    assert len(page.find_all("h1")) == 1 and page.h1.text.strip()
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_speaks_or_is_hidden(page):
    pictures = page.find_all("svg")
    assert len(pictures) > 4
    for svg in pictures:
        spoken = svg.get("role") == "img" and svg.get("aria-label", "").strip()
        assert bool(spoken) != (svg.get("aria-hidden") == "true")
    for figure in page.find_all("figure"):
        assert len(figure.svg["aria-label"]) > 40 and figure["aria-label"].strip()
    assert len(page.find_all("figure")) == 4  # one for each KPI


def test_ids_are_unique_and_whatever_points_at_one_finds_it(html, page):
    ids = Counter(tag["id"] for tag in page.find_all(id=True))
    assert [id for id, count in ids.items() if count > 1] == []
    wanted = [tag["href"][1:] for tag in page.find_all(href=True)] + re.findall(r"url\(#([^)]+)\)", html)
    assert set(wanted) <= set(ids)
    assert len(page.nav.find_all("a")) == len(page.find_all("h2"))


def test_what_comes_from_the_params_is_escaped(good):
    html = (report_folder(good[0], "alder") / "report.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    assert page.title.text == "Alder & Sons <b>Clinic</b>: scorecard 2026 Q3"
    assert page.find("header").b.text == "Alder & Sons <b>Clinic</b>"
    assert "<b>Clinic" not in html and "<desk>" not in html and "<5 minutes" not in html
    assert "Who waits longer than <5 minutes & more rates lower." in page.text
    index = BeautifulSoup(report_folder(good[0], "index.html").read_text(encoding="utf-8"), "html.parser")
    assert "Tiny <i>Clinics</i>" in index.title.text
    assert [a.text for a in index.find_all("a")] == [PRACTICES[p] for p in sorted(PRACTICES)]


def test_code_parameters_and_prose_of_the_notebooks_are_not_shown(html):
    assert not any(word in html for word in ("open_run", "run.", "north_clinic", "In [", "Change <code>"))


def test_the_style_sheet_stands_once_and_in_the_head(page):
    assert [tag.parent.name for tag in page.find_all("style")] == ["head"]


def executed(*html, source="secret_call()"):
    outputs = [nbformat.v4.new_output("display_data", {"text/html": each, "text/plain": "plain"}) for each in html]
    told = nbformat.v4.new_output("stream", name="stderr", text="overheard")
    cell = nbformat.v4.new_code_cell(source, outputs=[told, *outputs], execution_count=1, id="a")
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("*about*", id="b"), cell])


def test_only_html_outputs_reach_the_page_and_in_their_order():
    html = render(executed("<p>one</p>", "<p>two</p>"), "T")
    assert re.search(r"<p>one</p>\s*<p>two</p>", html)
    assert not any(word in html for word in ("overheard", "secret_call", "plain<", "about"))


def test_an_output_without_html_is_left_out_and_does_no_harm():
    notebook = executed("<p>one</p>")
    notebook.cells[1].outputs.append(nbformat.v4.new_output("execute_result", {"text/plain": "'bare'"}))
    html = render(notebook, "T")
    assert "<p>one</p>" in html and "bare" not in html


def test_a_title_cannot_break_out():
    html = render(executed(), "</title><script>alert(1)</script>")
    assert "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>" in html


def test_the_contents_are_the_headings_and_escaped():
    html = render(executed('<h2 class="bsc" id="x">A &lt; B &amp; C</h2>'), "T")
    assert '<a href="#x">A &lt; B &amp; C</a>' in html


@pytest.mark.parametrize(
    "smuggled",
    [
        "<script src=http://example.com/x.js></script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<img src="https://example.com/x.png">',
        "<img src=//example.com/x.png>",
        "<img srcset='https://example.com/x.png 2x'>",
        "<a href = 'http://example.com'>x</a>",
        "<svg><image xlink:href='http://example.com/x.svg'/></svg>",
        "<div style='background: url(http://example.com/x.png)'>x</div>",
        "<style>@import 'x.css';</style>",
        "<iframe src=x.html></iframe>",
        "<object data=http://example.com/x.swf></object>",
        "<meta http-equiv=refresh content='0; url=http://example.com'>",
    ],
)
def test_a_cell_that_would_fetch_or_run_something_fails_its_practice(smuggled):
    with pytest.raises(PracticeFailed, match="would fetch or run something"):
        render(executed(f"<p>before</p>{smuggled}"), "T")


@pytest.mark.parametrize(
    "allowed", ["<p>see http://example.com</p>", '<a href="#x">x</a>', '<img alt="" src="data:"/>']
)
def test_what_stays_on_the_page_is_allowed(allowed):
    assert allowed in render(executed(allowed), "T")


def test_a_page_over_a_megabyte_is_refused_and_one_below_is_not():
    room = MOST_BYTES - len(render(executed(""), "T").encode())
    assert MOST_BYTES == 1_000_000
    assert len(render(executed("x" * room), "T").encode()) == MOST_BYTES
    with pytest.raises(PracticeFailed, match="1,000,001 bytes; at most 1,000,000"):
        render(executed("x" * (room + 1)), "T")
    with pytest.raises(PracticeFailed, match="bytes"):
        render(executed("é" * (room // 2 + 1)), "T")
