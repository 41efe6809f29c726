"""Icons that stand before a word: how a KPI varies, and whether it meets its target. Each has a shape of its own."""

from __future__ import annotations

from markupsafe import Markup

from bsc_analysis.charts.svg import ROLES

UP, DOWN, DOTS = (
    "M10 5.6v9M6.4 9.2L10 5.6l3.6 3.6",
    "M10 14.4v-9M6.4 10.8l3.6 3.6 3.6-3.6",
    "M6 10h.01M10 10h.01M14 10h.01",
)
CIRCLE = '<circle cx="10" cy="10" r="9" {}/>'
DIAMOND = '<path d="M10 .4l9.6 9.6-9.6 9.6L.4 10z" {}/>'
UPWARD, DOWNWARD = '<path d="M10 1l9.5 17H.5z" {}/>', '<path d="M10 19L.5 2h19z" {}/>'
SQUARE = '<rect x="1.5" y="1.5" width="17" height="17" rx="4" {}/>'
# kind → outline, role of the page, whether it is filled, and the strokes in it; None: an arrow that shows the way
SIGNS: dict[str, tuple[str, str, bool, str | None]] = {
    "improvement": (CIRCLE, "better", True, None),
    "concern": (DIAMOND, "worse", True, None),
    "high": (UPWARD, "ink", True, ""),
    "low": (DOWNWARD, "ink", True, ""),
    "none": (CIRCLE, "common", False, "M4.5 11.5l2.7-3 2.8 4 2.8-5 2.7 3"),
    "untold": (CIRCLE, "common", False, DOTS),
    "met": (SQUARE, "better", True, "M5.8 10.4l3 3 5.6-6.6"),
    "missed": (SQUARE, "worse", True, "M6.5 6.5l7 7M13.5 6.5l-7 7"),
    "hit_and_miss": (SQUARE, "common", False, "M5 7.5h10M5 12.5h3M12 12.5h3"),
    "no_target": (SQUARE, "common", False, "M6.5 10h7"),
    "open_target": (SQUARE, "common", False, DOTS),
}


def icon(kind: str, way: int = 0) -> Markup:
    """The icon of a kind (see SIGNS) as inline SVG, hidden from screen readers: the word stands beside it.

    `way`: 1 where the number went up, −1 where it went down.
    """
    outline, role, filled, strokes = SIGNS[kind]
    colour, ground = (f"var(--{name}, {ROLES[name]})" for name in (role, "card"))
    strokes = {1: UP, -1: DOWN}.get(way, "") if strokes is None else strokes
    shape = outline.format(f'fill="{colour}"' if filled else f'fill="none" stroke="{colour}" stroke-width="1.6"')
    pen = f'fill="none" stroke="{ground if filled else colour}" stroke-width="2"'
    inside = f'<path d="{strokes}" {pen} stroke-linecap="round" stroke-linejoin="round"/>' if strokes else ""
    head = '<svg xmlns="http://www.w3.org/2000/svg" class="icon" viewBox="0 0 20 20" aria-hidden="true">'
    return Markup(f"{head}{shape}{inside}</svg>")
