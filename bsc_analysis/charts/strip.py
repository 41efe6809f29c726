"""The strip: what came month by month, a line per table; fullness is told by height and shape before colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

HEIGHTS = {"full": 0.52, "less": 0.3, "thin": 0.14, "flood": 0.8, "open": 0.52}  # of a line, from its foot
COLOURS = {"full": "common", "less": "common", "thin": "worse", "flood": "ink", "open": "common"}
WIDTH, LINE, LEFT = 430, 24, 128  # a narrow picture, so that its words can be read on a telephone
FOOT = 0.26


def strip(
    stretches: pd.DataFrame,
    *,
    months: int,
    name: str,
    alt: str,
    ticks: Sequence[tuple[int, str]],
    legend: Mapping[str, str],
) -> Chart:
    """Stretches of months of one level each, a line per table.

    `stretches`: line (its name), start and length in months, level ('full', 'less', 'thin', 'flood', 'none', 'open' or
    'missing').
    `months`: how many there are; `ticks`: month and what to write there; `legend`: the word of each level that occurs.
    """
    lines = list(dict.fromkeys(stretches["line"]))
    below = 48
    height = LINE * len(lines) + below
    fig = figure(WIDTH, height)
    ax = fig.add_axes((LEFT / WIDTH, below / height, 1 - (LEFT + 6) / WIDTH, 1 - below / height), facecolor="none")
    for at, line in enumerate(lines):
        foot = len(lines) - 1 - at + FOOT
        ax.annotate(
            line,
            (0, foot + 0.26),
            xycoords=("axes fraction", "data"),
            xytext=(-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=ROLES["ink"],
            fontsize=12,
        )
        for level, rows in stretches[stretches["line"] == line].groupby("level", sort=True):
            spans = list(zip(rows["start"], rows["length"], strict=True))
            _mark(ax, level, spans, foot)
    ax.set_xlim(0, months)
    ax.set_ylim(0, len(lines))
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_yticks([])
    ax.set_xticks([at for at, _ in ticks], [word for _, word in ticks])
    ax.tick_params(colors=ROLES["soft"], length=3, width=0.8, labelsize=12)
    _legend(fig, height, legend)
    return as_chart(fig, name, alt)


def _mark(ax: Axes, level: str, spans: list[tuple[float, float]], foot: float) -> None:
    """Bars from the foot of the line; a cross for each month without a row, a hollow bar for one that is not over, a
    dotted line where nothing has come yet.
    """
    if level == "missing":
        for start, length in spans:
            ax.hlines(foot + 0.26, start, start + length, color=ROLES["worse"], lw=2, ls=(0, (1, 1.5)))
        return
    if level == "none":
        middles = [start + i + 0.5 for start, length in spans for i in range(int(length))]
        ax.plot(middles, [foot + 0.26] * len(middles), "x", ms=6, mew=1.8, color=ROLES["worse"], clip_on=False)
        return
    hollow = level == "open"
    colour = ROLES[COLOURS[level]]
    bars = Path.make_compound_path(*(_bar(start, length, foot, HEIGHTS[level]) for start, length in spans))
    face, edge = (ROLES["card"], colour) if hollow else (colour, "none")
    ax.add_patch(PathPatch(bars, facecolor=face, edgecolor=edge, lw=1 if hollow else 0, clip_on=False))


def _bar(start: float, length: float, foot: float, height: float) -> Path:
    corners = [(start, foot), (start + length, foot), (start + length, foot + height), (start, foot + height)]
    return Path([*corners, corners[0]], closed=True)


def _legend(fig, height: int, legend: Mapping[str, str]) -> None:
    ax = fig.add_axes((0, 0, 1, 22 / height), facecolor="none")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(0, 1)
    ax.axis("off")
    at = 4.0
    for level, word in legend.items():
        _mark(ax, level, [(at, 12)] if level != "none" else [(at + 5.5, 1)], 0.26)
        ax.text(at + 18, 0.5, word, va="center", color=ROLES["soft"], fontsize=12)
        at += 30 + 6.6 * len(word)
