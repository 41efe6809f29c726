"""The forest: every link's effect with its interval, one below the other, on one scale of what matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

MARKS = {  # answer → role of the mark, role of the word, shape
    "supported": ("better", "better", "o"),
    "contradicted": ("worse", "worse", "D"),
    "forecasts": ("fore", "fore", "s"),
    "moves_together": ("ink", "ink", "^"),
    "not_supported": ("ink", "ink", "o"),
    "cannot_tell": ("common", "soft", "o"),
}
WIDTH, EDGE, LINE, MARKED, GAP = 400, 8, 19, 26, 9  # pixels; narrow, so that it can be read on a telephone
HEAD, FOOT = 46, 30
BIG, SMALL = 13.5, 12
LETTER = 8.2  # pixels that a big character takes, in the widest of usual fonts
NEAREST, FURTHEST = 1.8, 10.0  # how far the axis reaches at least and at most, in units of what matters


def forest(rows: pd.DataFrame, *, name: str, alt: str, words: Mapping[str, str]) -> Chart:
    """A row per link: the label and the answer's word above, below it the effect of all and, lighter, the practice's.

    `rows`: leading, lagging (labels), answer, word, estimate, lower, upper, own, own_lower, own_upper (in units of what
    matters, to the right as expected; NaN: nothing to draw) and `note`, which stands where nothing is drawn. `words`:
    'otherwise', 'expected' (the directions), 'small' (what the band means), 'all' and 'own' (the two marks).
    """
    lines = [_lines(row) for row in rows.itertuples()]
    heights = [LINE * len(label) + MARKED + GAP for label in lines]
    height = HEAD + sum(heights) + FOOT
    fig = figure(WIDTH, height)
    ax = fig.add_axes((0, 0, 1, 1), facecolor="none")
    ax.axis("off")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    axis = Axis(*_reach(rows))
    _directions(ax, axis, words)
    top = float(HEAD)
    for row, label, tall in zip(rows.itertuples(), lines, heights, strict=True):
        _label(ax, row, label, top)
        foot = top + tall - GAP
        _ground(ax, axis, foot)
        mark, _, shape = MARKS[row.answer]
        if pd.isna(row.estimate) and pd.isna(row.own):
            _write(ax, axis.place(0) + 6, foot - MARKED / 2, row.note)
        _interval(ax, axis, (row.estimate, row.lower, row.upper), foot - 17, mark, shape)
        _interval(ax, axis, (row.own, row.own_lower, row.own_upper), foot - 6, "common", "")
        top += tall
    _legend(ax, height - FOOT / 2, words, bool(rows["own"].notna().any()))
    return as_chart(fig, name, alt)


@dataclass(frozen=True)
class Axis:
    """From where to where the picture reaches, in units of what matters."""

    left: float
    right: float

    def place(self, value: float) -> float:
        """Where a value stands, in pixels."""
        return EDGE + (value - self.left) * (WIDTH - 2 * EDGE) / (self.right - self.left)


def _lines(row) -> list[str]:
    """The label in one line, or broken before the lagging KPI where the answer's word would not fit beside it."""
    whole = f"{row.leading} {row.lagging}"
    fits = LETTER * (len(whole) + len(row.word) + 2) < WIDTH - 2 * EDGE
    return [whole] if fits else [row.leading, row.lagging]


def _reach(rows: pd.DataFrame) -> tuple[float, float]:
    """The ends of the axis: every effect that was found lies within; intervals beyond `FURTHEST` are cut."""
    told = rows[rows["answer"] != "cannot_tell"]
    ends = pd.concat([told["lower"], told["upper"]]).clip(-FURTHEST, FURTHEST)
    inside = [-NEAREST, NEAREST, *(1.08 * pd.concat([told["estimate"], ends]).dropna())]
    return min(inside), max(inside)


def _ground(ax: Axes, axis: Axis, foot: float) -> None:
    """Behind a row's marks: the band of what is too small to matter, and nothing at all."""
    ax.fill_betweenx([foot - MARKED, foot], axis.place(-1), axis.place(1), color=ROLES["band"], lw=0)
    ax.plot([axis.place(0)] * 2, [foot - MARKED, foot], color=ROLES["soft"], lw=1, solid_capstyle="butt")


def _label(ax: Axes, row, lines: list[str], top: float) -> None:
    for i, line in enumerate(lines):
        _write(ax, EDGE, top + LINE * (i + 0.4), line, "ink", BIG)
    _write(ax, WIDTH - EDGE, top + LINE * 0.4, row.word, MARKS[row.answer][1], BIG, ha="right", fontweight="bold")


def _write(ax: Axes, x: float, y: float, text: str, role: str = "soft", size: float = SMALL, **facts: Any) -> None:
    ax.text(x, y, text, va="center", color=ROLES[role], fontsize=size, **facts)


def _interval(ax: Axes, axis: Axis, told: tuple[float, float, float], at: float, role: str, shape: str) -> None:
    """A line from end to end with its mark, thin and hollow where `shape` is ''; an arrow where the axis cuts it."""
    estimate, lower, upper = told
    if pd.isna(estimate):
        return
    colour, own = ROLES[role], not shape
    ends = [axis.place(min(max(value, axis.left), axis.right)) for value in (lower, upper)]
    ax.plot(ends, [at, at], color=colour, lw=1.1 if own else 2.4, solid_capstyle="butt")
    for beyond, end, arrow in ((lower < axis.left, ends[0], "<"), (upper > axis.right, ends[1], ">")):
        if beyond:
            ax.plot(end, at, arrow, ms=5 if own else 7, color=colour, mew=0)
    if axis.left <= estimate <= axis.right:
        face = ROLES["card"] if own else colour
        ax.plot(axis.place(estimate), at, shape or "o", ms=4.5 if own else 8, mfc=face, mec=colour, mew=1.1 * own)


def _directions(ax: Axes, axis: Axis, words: Mapping[str, str]) -> None:
    """Above the rows: which way is as expected, and what the band stands for."""
    _write(ax, EDGE, 9, words["otherwise"])
    _write(ax, WIDTH - EDGE, 9, words["expected"], ha="right")
    ax.fill_betweenx([20, 34], EDGE, EDGE + 26, color=ROLES["band"], lw=0)
    ax.plot([EDGE + 13] * 2, [20, 34], color=ROLES["soft"], lw=1, solid_capstyle="butt")
    _write(ax, EDGE + 33, 27, words["small"])


def _legend(ax: Axes, at: float, words: Mapping[str, str], own: bool) -> None:
    start = float(EDGE)
    for key, width, size, face in (("all", 2.4, 8, "soft"), ("own", 1.1, 4.5, "card"))[: 1 + own]:
        ax.plot([start, start + 26], [at, at], color=ROLES["soft"], lw=width, solid_capstyle="butt")
        ax.plot(start + 13, at, "o", ms=size, mfc=ROLES[face], mec=ROLES["soft"], mew=1.1)
        _write(ax, start + 33, at, words[key])
        start += 60 + LETTER * len(words[key])
