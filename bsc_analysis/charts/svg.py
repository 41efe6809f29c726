"""A matplotlib figure as inline SVG that takes its colours and type from the page: small, responsive, repeatable."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

# One colour per role of the page's style sheet (light theme); the SVG says var(--role, colour).
ROLES = {
    "ink": "#1d2730",
    "soft": "#5d6873",
    "hair": "#dcd8cf",
    "band": "#eceae3",
    "better": "#1668a8",
    "worse": "#b9500b",
    "common": "#7d868d",
    "fore": "#6a5299",
    "card": "#fefefe",
}
RC: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "bsc",
    "font.size": 12,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "path.simplify": False,
    "axes.unicode_minus": True,
}
FOREIGN = "foreign"  # gid of a text that stands as its authors wrote it, in no language of ours
DPI = 72  # so that a point is a pixel of the viewBox


@dataclass(frozen=True)
class Chart:
    """A picture and what it says: `alt` is its finding in a sentence."""

    svg: Markup
    alt: str

    def _repr_html_(self) -> str:
        return self.svg


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many pixels, on the page's own ground; no pyplot, so nothing is kept after it is drawn."""
    fig = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
    FigureCanvasSVG(fig)
    fig.patch.set_visible(False)
    return fig


def as_chart(fig: Figure, name: str, alt: str, decorative: bool = False) -> Chart:
    """The figure as a chart; `name` keeps its ids apart from those of other charts of the page.

    A `decorative` picture repeats the words beside it and is hidden from screen readers.
    """
    for text in fig.findobj(Text):
        text.set_parse_math(False)  # a practice may be called $x$
    out = io.StringIO()
    with mpl.rc_context(RC):
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.S)
    svg = svg.replace(f'<g id="{FOREIGN}">', '<g translate="no">')
    svg = re.sub(r"\s*<g id=\"[A-Za-z_]+[\d_]*\">", "<g>", svg)
    svg = re.sub(r'(id="|url\(#|xlink:href="#)', rf"\g<1>{name}-", svg)
    svg = svg.replace("xlink:href", "href")
    for role, colour in ROLES.items():
        svg = svg.replace(colour, f"var(--{role}, {colour})")
    svg = re.sub(r"font-family: [^;\"]*", "font-family: inherit", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    label = 'aria-hidden="true"' if decorative else f'role="img" aria-label="{escape(alt)}"'
    width, height = (round(side * DPI) for side in fig.get_size_inches())
    body = svg[svg.index(">") + 1 :]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}" {label}>'
    return Chart(Markup(head + body), alt)
