"""Groups of people, one below the other: each one's mean with its interval, against the mean of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bsc_analysis.charts.practices import Axis
from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, EDGE, HEAD, FOOT, ROW = 400, 8, 26, 26, 26  # pixels; narrow, so that it can be read on a telephone
LETTER, LONGEST, SIZE, TICKS = 6.7, 28, 12, 5


def dots(
    rows: pd.DataFrame, *, mean: float, name: str, alt: str, words: Mapping[str, str], label: Callable[[float], str]
) -> Chart:
    """A dot with its interval per group, dark where it lies `apart` from the others; dashed: the mean of all.

    `rows`: group (label), value, lower, upper, apart, in the order to be drawn. `words`: 'mean' and 'dark' (the
    legend's). `label` writes a number for the axis.
    """
    height = HEAD + ROW * len(rows) + FOOT
    fig = figure(WIDTH, height)
    ax = fig.add_axes((0, 0, 1, 1), facecolor="none")
    ax.axis("off")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    names = [_short(group) for group in rows["group"]]
    ends = [*rows["lower"], *rows["upper"], mean]
    room = 0.05 * (max(ends) - min(ends)) or 0.5
    start = EDGE + LETTER * max(map(len, names)) + 14
    axis = Axis(start, min(ends) - room, max(ends) + room)
    _ground(ax, axis, mean, height, label)
    _legend(ax, words, bool(rows["apart"].any()))
    for i, (text, row) in enumerate(zip(names, rows.itertuples(), strict=True)):
        _group(ax, axis, text, row, HEAD + ROW * (i + 0.5))
    return as_chart(fig, name, alt)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _ground(ax: Axes, axis: Axis, mean: float, height: float, label: Callable[[float], str]) -> None:
    """Behind the groups: lines at round numbers, and the mean of all."""
    foot = height - FOOT
    for tick in MaxNLocator(TICKS, steps=[1, 2, 5, 10]).tick_values(axis.left, axis.right):
        if axis.left <= tick <= axis.right:
            ax.plot([axis.place(tick)] * 2, [HEAD, foot], color=ROLES["hair"], lw=1)
            ax.text(
                axis.place(tick), foot + 12, label(tick), ha="center", va="center", color=ROLES["soft"], fontsize=SIZE
            )
    ax.plot([axis.place(mean)] * 2, [HEAD, foot], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))


def _group(ax: Axes, axis: Axis, text: str, row, at: float) -> None:
    colour, weight = ROLES["ink" if row.apart else "common"], "bold" if row.apart else "normal"
    ax.text(EDGE, at, text, va="center", color=ROLES["ink"], fontsize=SIZE, fontweight=weight)
    ends = [axis.place(row.lower), axis.place(row.upper)]
    ax.plot(ends, [at, at], color=colour, lw=2.2 if row.apart else 1.4, solid_capstyle="butt")
    face = colour if row.apart else ROLES["card"]
    ax.plot(axis.place(row.value), at, "o", ms=8, mfc=face, mec=colour, mew=1.4)


def _legend(ax: Axes, words: Mapping[str, str], apart: bool) -> None:
    at, start = HEAD / 2 - 2, float(EDGE)
    ax.plot([start, start + 26], [at, at], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
    ax.text(start + 33, at, words["mean"], va="center", color=ROLES["soft"], fontsize=SIZE)
    if apart:
        start += 45 + LETTER * len(words["mean"])
        ax.plot([start, start + 20], [at, at], color=ROLES["ink"], lw=2.2, solid_capstyle="butt")
        ax.plot(start + 10, at, "o", ms=8, mfc=ROLES["ink"], mec=ROLES["ink"], mew=1.2)
        ax.text(start + 27, at, words["dark"], va="center", color=ROLES["soft"], fontsize=SIZE)
