"""The funnel: practices by size and value, between the lines that chance and their usual differences draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bsc_analysis.charts.control import MARKS
from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, HEIGHT = 300, 216  # pixels
LEFT, RIGHT, TOP, BOTTOM = 46, 46, 12, 38
SMALL = 11  # pixels high
LETTER = 6.4  # pixels that such a character takes, in the widest of usual fonts
APART = 12  # pixels between two labels, at least
MOST_NAMED, LONGEST = 6, 34  # points that bear a label; its characters
OFF, LIFT = 8, 14  # pixels from a point to its label beside, and above or below it
ROOM = 0.05  # of the axis beyond what is drawn
MANY = 60  # practices; more are drawn smaller


def funnel(
    points: pd.DataFrame,
    curve: pd.DataFrame,
    *,
    centre: float,
    name: str,
    alt: str,
    words: Mapping[str, str],
    label: Callable[[float], str],
    size: Callable[[float], str],
) -> Chart:
    """A point per practice; those with a `word` in its shape, coloured where it is `firm`, all others as hollow dots.

    `points`: of (size), value, label ('' none), word (of charts.control.MARKS, or 'none'), firm, own (drawn last).
    `curve`: of, lower998, lower95, upper95, upper998. `words`: 'inner', 'outer' (at the ends of the lines), 'axis'
    (what the sizes are). `label` and `size` write numbers for the axes.
    """
    fig = figure(WIDTH, HEIGHT)
    box = (LEFT / WIDTH, BOTTOM / HEIGHT, (WIDTH - LEFT - RIGHT) / WIDTH, (HEIGHT - TOP - BOTTOM) / HEIGHT)
    ax = fig.add_axes(box, facecolor="none")
    sizes = curve["of"].to_numpy(dtype=float)
    edge = ROOM * ((sizes.max() - sizes.min()) or sizes.max())
    ax.set_xlim(sizes.min() - edge, sizes.max() + edge)
    everything = np.concatenate([points["value"], curve["lower998"], curve["upper998"]])
    low, high = float(everything.min()), float(everything.max())
    room = ROOM * ((high - low) or 1.0)
    ax.set_ylim(low - room, high + room)
    _lines(ax, curve, centre)
    _ends(ax, curve, words)
    _dots(ax, points)
    _labels(ax, points)
    _axes(ax, words["axis"], label, size)
    return as_chart(fig, name, alt)


def _lines(ax: Axes, curve: pd.DataFrame, centre: float) -> None:
    """The 99.8 % limits around a band, the 95 % ones dashed, the centre; from edge to edge of the picture."""
    left, right = ax.get_xlim()
    ends = pd.concat([curve.iloc[:1].assign(of=left), curve, curve.iloc[-1:].assign(of=right)])
    ax.fill_between(ends["of"], ends["lower998"], ends["upper998"], color=ROLES["band"], lw=0, zorder=0)
    for side in ("lower95", "upper95"):
        ax.plot(ends["of"], ends[side], color=ROLES["soft"], lw=1, ls=(0, (3, 3)), zorder=1)
    for side in ("lower998", "upper998"):
        ax.plot(ends["of"], ends[side], color=ROLES["soft"], lw=1, zorder=1)
    ax.plot([left, right], [centre, centre], color=ROLES["ink"], lw=1, zorder=1)


def _ends(ax: Axes, curve: pd.DataFrame, words: Mapping[str, str]) -> None:
    """What the lines are, at their right ends; the inner pair goes without where the two would meet."""
    last = curve.iloc[-1]
    pixels = (HEIGHT - TOP - BOTTOM) / (ax.get_ylim()[1] - ax.get_ylim()[0])
    for side in ("lower", "upper"):
        _beside(ax, last[f"{side}998"], words["outer"])
        if abs(last[f"{side}998"] - last[f"{side}95"]) * pixels >= APART:
            _beside(ax, last[f"{side}95"], words["inner"])


def _beside(ax: Axes, at: float, text: str) -> None:
    ax.annotate(text, (1.02, at), xycoords=("axes fraction", "data"), va="center", color=ROLES["soft"], fontsize=SMALL)


def _dots(ax: Axes, points: pd.DataFrame) -> None:
    small = 9 if len(points) > MANY else 26
    for row in points.sort_values(["own", "firm"], kind="stable").itertuples():
        role, shape = MARKS.get(row.word, ("ink" if row.own else "common", "o"))
        colour = ROLES[role if row.firm or row.word == "none" else "ink"]
        face = colour if row.firm or row.own else ROLES["card"]
        area = 64 if row.own else 44 if row.word != "none" else small
        ax.scatter(row.of, row.value, s=area, marker=shape, color=face, edgecolor=colour, lw=1.1, zorder=3)


def _labels(ax: Axes, points: pd.DataFrame) -> None:
    """The labels beside their points, or above or below where neither side has room; the own practice's first, none
    over another."""
    told = points[points["label"] != ""].sort_values("own", ascending=False, kind="stable").head(MOST_NAMED)
    taken: list[tuple[float, float, float]] = []
    for row in told.itertuples():
        text = row.label if len(row.label) <= LONGEST else f"{row.label[: LONGEST - 1].rstrip()}…"
        x, y = ax.transData.transform((row.of, row.value))
        start, at = _place(x, y, LETTER * len(text))
        end = start + LETTER * len(text)
        if any(abs(at - y) < APART and start < right and left < end for left, right, y in taken):
            continue
        taken.append((start, end, at))
        ax.annotate(
            text,
            (start, at),
            xycoords="figure pixels",
            va="center",
            color=ROLES["ink"],
            fontsize=SMALL,
            fontweight="bold" if row.own else "normal",
            annotation_clip=False,
            bbox={"facecolor": ROLES["band"], "edgecolor": "none", "pad": 1},  # so that no line crosses it
        )


def _place(x: float, y: float, wide: float) -> tuple[float, float]:
    """Where a label that is so `wide` begins, and its middle's height: pixels from the left and from below."""
    if x + OFF + wide <= WIDTH - 2:
        return x + OFF, y
    if x - OFF - wide >= 2:
        return x - OFF - wide, y
    return min(max(2.0, x - wide / 2), WIDTH - 2 - wide), y - LIFT if y + LIFT > HEIGHT - SMALL else y + LIFT


def _axes(ax: Axes, axis: str, label: Callable[[float], str], size: Callable[[float], str]) -> None:
    """Three numbers on either axis, no frame."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    low, high = ax.get_ylim()
    ax.set_yticks([low + (high - low) * share for share in (0.08, 0.5, 0.92)])
    ax.set_yticklabels([label(v) for v in ax.get_yticks()])
    left, right = ax.get_xlim()
    ticks = [float(t) for t in MaxNLocator(3).tick_values(left, right) if left <= t <= right]
    ax.set_xticks(ticks, [size(t) for t in ticks])
    ax.set_xlabel(axis, color=ROLES["soft"], fontsize=SMALL, labelpad=3)
    ax.tick_params(colors=ROLES["soft"], length=0, labelsize=SMALL)
    ax.set_xlim(left, right)
    ax.set_ylim(low, high)
