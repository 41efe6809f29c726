"""Real reports in a real browser: readable on a phone and in print, accessible, silent on the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bsc_analysis import demo

REPO = Path(__file__).parents[2]
PAYLOADS = [
    "<script>document.title='pwned'</script>",
    '"><img src=x onerror="document.title=\'pwned\'">',
    "</style><svg onload=document.title='pwned'>",
    "{{ 7*7 }} ${7*7} $x^2$ _x",
    "=HYPERLINK(1) 'q' \\g<1>",
]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def bsc(workspace: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The command line in a workspace."""
    settings = {k: v for k, v in os.environ.items() if not k.startswith("BSC_")} | {"PYTHONPATH": str(REPO)}
    command = [sys.executable, "-m", "bsc_analysis", *arguments]
    return subprocess.run(command, cwd=workspace, env=settings, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    """A group of two demo clinics: one as it is, one whose every free text is hostile."""
    workspace = tmp_path_factory.mktemp("pages")
    shutil.copytree(REPO / "notebooks", workspace / "notebooks")
    params, data = workspace / "params" / "demo", workspace / "data" / "demo"
    demo.write(data)
    params.mkdir(parents=True)
    for name in ("group", "north_clinic", "lakeside"):
        shutil.copy(REPO / "params" / "demo" / f"{name}.yaml", params)
    rewrite(params / "lakeside.yaml", hostile)
    survey = data / "lakeside" / "survey.csv"
    lines = survey.read_text().splitlines()
    survey.write_text("\n".join(f"{line},{'note' if i else PAYLOADS[2]}" for i, line in enumerate(lines)) + "\n")
    done = bsc(workspace, "run", "demo", "--period", "2026Q3", "--jobs", "2")
    assert done.returncode == 0, done.stderr
    return workspace / "reports" / "demo" / "2026Q3"


def rewrite(path: Path, change) -> None:
    facts = yaml.safe_load(path.read_text())
    change(facts)
    path.write_text(yaml.safe_dump(facts, allow_unicode=True))


def hostile(facts: dict) -> None:
    """A payload in every slot of a practice's params that is free text."""
    facts["title"] = PAYLOADS[0]
    facts["specialty"] = PAYLOADS[1]
    facts["kpis"] = {
        "wait_median": {"owner": PAYLOADS[1], "target": {"value": 15, "source": PAYLOADS[2]}},
        "engagement": {"owner": PAYLOADS[3]},
        "burnout": {"owner": PAYLOADS[4]},
    }
    facts["breaks"] = [{"kpis": ["charge_lag"], "at": "2025-03", "because": PAYLOADS[i]} for i in range(3)]
    facts["breaks"].append({"kpis": ["wait_median"], "at": "2025-05", "because": PAYLOADS[3]})
    facts["links"] = [
        {
            "leading": leading,
            "lagging": "burnout",
            "within": 2,
            "expect": "positive",
            "because": payload,
            "declared": "2026-01-01",
        }
        for leading, payload in zip(
            ("staff_turnover", "charge_lag", "complaint_rate", "response_rate", "training_hours"),
            PAYLOADS,
            strict=True,
        )
    ]


@pytest.fixture
def open_page(browser):
    """Open a file in a fresh page; it must ask for nothing but itself and raise nothing."""
    contexts = []

    def opened(path: Path, width: int = 1440, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.heard = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.on("dialog", lambda dialog: (page.heard.append("dialog"), dialog.dismiss()))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("practice", "charts"), [("north_clinic", 25), ("lakeside", 24)])  # there, one KPI has no rows
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_page_fits_asks_for_nothing_and_says_nothing_to_the_console(reports, open_page, practice, charts, width):
    path = reports / practice / "report.html"
    page = open_page(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.asked == [path.as_uri()] and page.heard == []
    assert page.locator("h1").count() == 1
    assert page.locator(".kpi svg[role=img]").count() == charts and page.locator(".strip svg[role=img]").count() == 1


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_the_page_across_practices_fits_and_asks_for_nothing(reports, open_page, width):
    path = reports / "portfolio" / "report.html"
    page = open_page(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.asked == [path.as_uri()] and page.heard == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(reports, open_page, axe, width, scheme):
    for path in (*(reports / page / "report.html" for page in ("north_clinic", "portfolio")), reports / "index.html"):
        page = open_page(path, width, scheme)
        page.evaluate(axe)
        seen = "{exclude: ['.watermark']}"  # pale on purpose: the masthead says that it is a draft
        found = page.evaluate(f"async () => (await axe.run({seen})).violations")
        told = [(v["id"], v["help"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]
        assert told == [], path


def test_hostile_names_are_words(reports, open_page):
    page = open_page(reports / "lakeside" / "report.html")
    assert page.title() == f"{PAYLOADS[0]}: scorecard 2026 Q3"
    text = page.inner_text("body")
    for payload in PAYLOADS:
        assert payload in text
    assert page.locator("script, img, iframe, [onload], [onerror]").count() == 0
    index = open_page(reports / "index.html")
    assert PAYLOADS[0] in index.inner_text("body") and index.locator("script").count() == 0


def test_a_script_that_got_in_would_not_run(reports, open_page, tmp_path):
    html = (reports / "north_clinic" / "report.html").read_text()
    broken = tmp_path / "injected.html"
    script = "<script>document.title='pwned'</script><img src=x onerror=\"document.title='pwned'\">"
    broken.write_text(html.replace("</main>", f"{script}</main>"))
    page = open_page(broken)
    assert page.title() != "pwned"
    assert any("Content Security Policy" in message for message in page.heard)


def test_a_report_prints_on_fifteen_pages_at_most(reports, open_page):
    page = open_page(reports / "north_clinic" / "report.html")
    pdf = page.pdf(format="Letter", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
    assert 1 < pdf.count(b"/Type /Page\n") <= 15


OVERLAPS = """() => {
  const mark = document.querySelector('.watermark').getBoundingClientRect();
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const range = document.createRange(), found = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim()) continue;
    range.selectNodeContents(walker.currentNode);
    const frame = walker.currentNode.parentElement.closest('.scroll');
    const edge = frame ? frame.getBoundingClientRect().right : Infinity;
    for (const box of range.getClientRects())
      if (box.width && Math.min(box.right, edge) > mark.left + .5 && box.left < mark.right)
        found.push(walker.currentNode.data);
  }
  return [mark.width, mark.height, found];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_draft_is_marked_as_one_beside_its_numbers_and_not_over_them(reports, open_page, width, scheme):
    page = open_page(reports / "north_clinic" / "report.html", width, scheme)
    mark = page.locator(".watermark")
    assert (mark.inner_text(), mark.get_attribute("aria-hidden")) == ("DRAFT", "true")
    assert mark.is_visible() and mark.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
    wide, high, covered = page.evaluate(OVERLAPS)
    assert 0 < wide <= max(14, (width - 1060) / 2) and high > 100
    assert covered == []


def test_in_print_the_mark_of_a_draft_lies_behind_the_numbers(reports, open_page):
    page = open_page(reports / "north_clinic" / "report.html")
    page.emulate_media(media="print")
    mark = page.locator(".watermark")
    assert mark.is_visible() and mark.evaluate("e => getComputedStyle(e).zIndex") == "-1"
    backgrounds = page.evaluate(
        "[...document.querySelectorAll('.kpi,.vital')].map(e => getComputedStyle(e).backgroundColor)"
    )
    assert set(backgrounds) == {"rgba(0, 0, 0, 0)"}


def test_the_reader_of_the_page_by_keyboard_reaches_the_report(reports, open_page):
    page = open_page(reports / "north_clinic" / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#report"


@pytest.mark.shared
def test_jeffersons_networks_from_the_public_files(shared, tmp_path, open_page):
    shutil.copytree(REPO / "notebooks", tmp_path / "notebooks")
    shutil.copytree(REPO / "params" / "cms_aco", tmp_path / "params" / "cms_aco")
    data = shared / "data"
    before = sorted(p.as_posix() for p in data.rglob("*"))
    asked = ["--period", "2024", "--practice", "A2024", "--practice", "A5275", "--data", str(data), "--jobs", "2"]
    done = bsc(tmp_path, "run", "cms_aco", *asked)
    assert done.returncode == 0, done.stderr
    assert sorted(p.as_posix() for p in data.rglob("*")) == before
    folder = tmp_path / "reports" / "cms_aco" / "2024"
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == ["A2024", "A5275"]
    text = open_page(folder / "A2024" / "report.html", 360).inner_text("body")
    for fact in (
        "Accountable Care Organization of Pennsylvania, LLC",
        "Savings rate 6.4 %, after 4.5 % in 2023",
        "$49.4M",
    ):
        assert fact.replace(" %", "\N{NO-BREAK SPACE}%") in text
    assert "moves together" in text and "cannot tell" in text
