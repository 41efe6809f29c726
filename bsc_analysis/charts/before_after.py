"""A KPI before and after an action, beside what would have been without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, HEIGHT, HEAD = 480, 210, 24  # pixels; two stand side by side, one on a telephone
LETTER = 6.6  # pixels of a character of the legend, in the widest of usual fonts
SIZE = 11.5


def before_after(
    periods: pd.DataFrame,
    *,
    start: int,
    role: str,
    name: str,
    alt: str,
    label: Callable[[float], str],
    ticks: Mapping[int, str],
    words: Mapping[str, str],
) -> Chart:
    """The series with its fitted level, and from the action on what would have been without it, with its bounds.

    `periods`: observed, fitted, counterfactual, lower, upper, used, a row a period; `start`: the row from which on the
    action counts; `role`: the colour of what came after; `ticks`: row → label; `words`: 'with', 'without', 'start'.
    """
    fig = figure(WIDTH, HEIGHT)
    ax = fig.add_axes((0.085, 0.12, 0.9, 0.88 - HEAD / HEIGHT), facecolor="none")
    x, after = np.arange(len(periods)), np.arange(len(periods)) >= start
    told = periods["counterfactual"].notna().to_numpy()
    ax.fill_between(
        x, periods["lower"], periods["upper"], where=after & told, color=ROLES["band"], lw=0, interpolate=False
    )
    ax.plot(x[told & ~after], periods["fitted"][told & ~after], color=ROLES["soft"], lw=1.3)
    ax.plot(x[told & after], periods["counterfactual"][told & after], color=ROLES["soft"], lw=1.5, ls=(0, (4, 3)))
    ax.plot(x[told & after], periods["fitted"][told & after], color=ROLES[role], lw=1.8)
    _dots(ax, x, periods, after, role)
    ax.axvline(start - 0.5, color=ROLES["soft"], lw=1, ls=(0, (1, 3)))
    _axes(ax, periods, label, ticks)
    right = start > 0.55 * len(periods)
    at = (start - 0.5 + (-0.4 if right else 0.4), 1.0)
    where: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "ha": "right" if right else "left", "va": "top"}
    ax.annotate(words["start"], at, color=ROLES["soft"], fontsize=SIZE, **where)
    _legend(fig, role, words)
    return as_chart(fig, name, alt)


def _dots(ax: Axes, x: np.ndarray, periods: pd.DataFrame, after: np.ndarray, role: str) -> None:
    """Full where the estimate used them: grey before, in the answer's colour after; hollow where it did not."""
    seen, used = periods["observed"].notna().to_numpy(), periods["used"].to_numpy(dtype=bool)
    for mask, colour, marker in ((seen & used & ~after, "common", "o"), (seen & used & after, role, "D")):
        ax.scatter(x[mask], periods["observed"][mask], s=15, color=ROLES[colour], marker=marker, lw=0, zorder=3)
    rest = seen & ~used
    hollow: dict[str, Any] = {"facecolor": ROLES["card"], "edgecolor": ROLES["common"], "lw": 1}
    ax.scatter(x[rest], periods["observed"][rest], s=15, zorder=3, **hollow)


def _axes(ax: Axes, periods: pd.DataFrame, label: Callable[[float], str], ticks: Mapping[int, str]) -> None:
    ax.set_xlim(-0.7, len(periods) - 0.3)
    low, high = ax.get_ylim()
    high += 0.12 * (high - low)  # room for the word at the start
    ax.set_ylim(low, high)
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_yticks([low + (high - low) * share for share in (0.08, 0.45, 0.82)])
    ax.set_yticklabels([label(value) for value in ax.get_yticks()])
    ax.set_xticks(list(ticks), list(ticks.values()))
    ax.tick_params(colors=ROLES["soft"], length=3, width=0.8, labelsize=11)
    ax.tick_params(axis="y", length=0)


def _legend(fig, role: str, words: Mapping[str, str]) -> None:
    ax = fig.add_axes((0, 1 - HEAD / HEIGHT, 1, HEAD / HEIGHT), facecolor="none")
    ax.axis("off")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(0, HEAD)
    at, height = 8.0, HEAD / 2
    for key, colour, width, dashes in (("with", role, 1.8, "-"), ("without", "soft", 1.5, (0, (4, 3)))):
        ax.plot([at, at + 26], [height, height], color=ROLES[colour], lw=width, ls=dashes, solid_capstyle="butt")
        ax.text(at + 32, height, words[key], va="center", color=ROLES["soft"], fontsize=SIZE)
        at += 48 + LETTER * len(words[key])
