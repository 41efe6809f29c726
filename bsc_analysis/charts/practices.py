"""The practices of a link: each one's effect with its interval, one below the other, against the mean of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bsc_analysis.charts.svg import FOREIGN, ROLES, Chart, as_chart, figure

WIDTH, EDGE, HEAD, FOOT = 400, 8, 26, 26  # pixels; narrow, so that it can be read on a telephone
ROW, TALLEST = 21, 640  # of a practice that is named, and of all where they are too many to be
LETTER, LONGEST = 6.7, 28  # pixels of a character in the widest of usual fonts; characters of a name
SIZE = 12
INSIDE = (0.02, 0.98)  # of the intervals' ends on either side; those beyond are cut, with an arrow
TICKS, APART = 4, 8  # on the axis, at most, and pixels between two of their numbers


def practices(
    rows: pd.DataFrame, *, mean: float, name: str, alt: str, words: Mapping[str, str], label: Callable[[float], str]
) -> Chart:
    """A line per practice, dark where it lies `apart` from the mean of all, which a dashed line marks.

    `rows`: practice (label), effect, lower, upper, apart, in the order to be drawn; names are left out where they would
    not fit into a page. `words`: 'mean', 'dark' (the legend's). `label` writes a number for the axis.
    """
    named = len(rows) * ROW <= TALLEST
    tall = ROW if named else TALLEST / len(rows)
    height = HEAD + tall * len(rows) + FOOT
    fig = figure(WIDTH, height)
    ax = fig.add_axes((0, 0, 1, 1), facecolor="none")
    ax.axis("off")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    longest = max(min(len(text), LONGEST) for text in rows["practice"])
    axis = Axis(EDGE + LETTER * longest + 12 if named else EDGE, *_reach(rows, mean))
    _legend(ax, words, bool(rows["apart"].any()))
    _ground(ax, axis, mean, height, label)
    for i, row in enumerate(rows.itertuples()):
        at = HEAD + tall * (i + 0.5)
        if named:
            weight = "bold" if row.apart else "normal"
            ax.text(
                EDGE,
                at,
                _short(row.practice),
                va="center",
                color=ROLES["ink"],
                fontsize=SIZE,
                fontweight=weight,
                gid=FOREIGN,
            )
        _interval(ax, axis, row, at, thin=not named)
    return as_chart(fig, name, alt)


@dataclass(frozen=True)
class Axis:
    """Where the picture begins, in pixels, and from where to where it reaches, in the effects' unit."""

    start: float
    left: float
    right: float

    def place(self, value: float) -> float:
        """Where a value stands, in pixels; at the edge where it lies beyond."""
        inside = min(max(value, self.left), self.right)
        return self.start + (inside - self.left) * (WIDTH - EDGE - self.start) / (self.right - self.left)


def _short(name: str) -> str:
    """A long name without its middle, because practices of one owner often begin alike."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1].rstrip()}…{name[-half:].lstrip()}"


def _reach(rows: pd.DataFrame, mean: float) -> tuple[float, float]:
    low, high = INSIDE
    ends = rows["lower"].quantile(low, interpolation="lower"), rows["upper"].quantile(high, interpolation="higher")
    inside = [0.0, mean, *rows["effect"], *ends]
    room = 0.04 * (max(inside) - min(inside)) or 1.0
    return min(inside) - room, max(inside) + room


def _ground(ax: Axes, axis: Axis, mean: float, height: float, label: Callable[[float], str]) -> None:
    """Behind the practices: no effect at all, the mean of all, and below them the numbers of the axis."""
    foot = height - FOOT
    ax.plot([axis.place(0)] * 2, [HEAD, foot], color=ROLES["soft"], lw=1, solid_capstyle="butt")
    ax.plot([axis.place(mean)] * 2, [HEAD, foot], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
    ticks = [float(t) for t in MaxNLocator(TICKS).tick_values(axis.left, axis.right) if axis.left <= t <= axis.right]
    taken: list[tuple[float, float]] = []
    for tick in sorted(ticks, key=abs):  # nothing first, then the furthest that leave room
        half = LETTER * len(label(tick)) / 2
        at = min(max(axis.place(tick), half), WIDTH - half)
        if all(at + half + APART < left or right + APART < at - half for left, right in taken):
            taken.append((at - half, at + half))
            ax.text(at, foot + 12, label(tick), ha="center", va="center", color=ROLES["soft"], fontsize=SIZE)


def _interval(ax: Axes, axis: Axis, row, at: float, *, thin: bool) -> None:
    colour = ROLES["ink" if row.apart else "common"]
    ends = [axis.place(row.lower), axis.place(row.upper)]
    ax.plot(ends, [at, at], color=colour, lw=0.8 if thin else 2.2 if row.apart else 1.4, solid_capstyle="butt")
    for beyond, end, arrow in ((row.lower < axis.left, ends[0], "<"), (row.upper > axis.right, ends[1], ">")):
        if beyond and not thin:
            ax.plot(end, at, arrow, ms=5, color=colour, mew=0)
    face = colour if row.apart else ROLES["card"]
    ax.plot(axis.place(row.effect), at, "o", ms=2 if thin else 7, mfc=face, mec=colour, mew=0.6 if thin else 1.2)


def _legend(ax: Axes, words: Mapping[str, str], apart: bool) -> None:
    at, start = HEAD / 2 - 2, float(EDGE)
    ax.plot([start, start + 26], [at, at], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
    ax.text(start + 33, at, words["mean"], va="center", color=ROLES["soft"], fontsize=SIZE)
    if apart:
        start += 45 + LETTER * len(words["mean"])
        ax.plot([start, start + 20], [at, at], color=ROLES["ink"], lw=2.2, solid_capstyle="butt")
        ax.plot(start + 10, at, "o", ms=7, mfc=ROLES["ink"], mec=ROLES["ink"], mew=1.2)
        ax.text(start + 27, at, words["dark"], va="center", color=ROLES["soft"], fontsize=SIZE)
