"""An executed notebook becomes the page: the outputs of its cells, in the project's own template, nothing fetched."""

from __future__ import annotations

import re

from markupsafe import Markup
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from bsc_analysis import __version__
from bsc_analysis.errors import PracticeFailed
from bsc_analysis.report.parts import IDENTITY, PAGE, stylesheet
from bsc_analysis.words import LANGUAGE, say

MOST_BYTES = 1_000_000
OUTSIDE = re.compile(
    r"""(?:src|srcset|href|poster|data|action)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
    r"""|@import|<script|<iframe|http-equiv\s*=\s*["']?refresh""",
    re.I,
)


def render(notebook: NotebookNode, title: str, numbers: str = "readings.csv") -> str:
    """The whole HTML page; `numbers`: the file beside it that holds them.

    Raises PracticeFailed where the page would be larger than 1 MB or would fetch anything.
    """
    exporter = HTMLExporter(template_name="scorecard", extra_template_basedirs=[str(PAGE)])
    page = {
        "title": title,
        "style": stylesheet(),
        "language": LANGUAGE,
        "skip": say("page.skip"),
        "contents": say("page.contents"),
        "foot": say("page.foot", version=__version__, numbers=numbers),
        "sections": _headings(notebook),
        "mark": say("page.draft") if _is_draft(notebook) else "",
    }
    html, _ = exporter.from_notebook_node(notebook, resources={"page": page})
    html = html.replace(f"<style>{stylesheet()}</style>\n<header", "<header")  # once, in the head
    if len(html.encode()) > MOST_BYTES:
        raise PracticeFailed(f"the page holds {len(html.encode()):,} bytes; at most {MOST_BYTES:,} are allowed")
    if found := OUTSIDE.search(html):
        raise PracticeFailed(f"the page would fetch or run something: {found.group(0)!r}")
    return html


def _is_draft(notebook: NotebookNode) -> bool:
    """Whether the masthead says so; a notebook without one is neither draft nor final."""
    told = [o.get("data", {}).get(IDENTITY) or {} for c in notebook.cells for o in c.get("outputs", [])]
    return any(shown.get("state") == "draft" for shown in told)


def _headings(notebook: NotebookNode) -> list[tuple[str, str, str]]:
    """Anchor, foreign attribute and title of every section heading, for the page's contents."""
    outputs = [o.get("data", {}).get("text/html", "") for c in notebook.cells for o in c.get("outputs", [])]
    return [
        (id, Markup(foreign), Markup(title).unescape())
        for html in outputs
        for id, foreign, title in re.findall(r'<h2 class="bsc" id="([^"]+)"( translate="no")?>(.*?)</h2>', html)
    ]
