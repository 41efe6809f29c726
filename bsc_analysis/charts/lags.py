"""The lag profile: how large a link's effect is after one period, two, three …, each with its interval."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.lines import Line2D

from bsc_analysis.charts.forest import MARKS
from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, HEIGHT = 300, 178  # pixels
LEFT, RIGHT, TOP, BOTTOM = 92, 6, 28, 40


def lags(
    profile: pd.DataFrame,
    *,
    name: str,
    alt: str,
    answer: str,
    chosen: int | None,
    least: tuple[float, str] | None,
    label: Callable[[float], str],
    unit: str,
) -> Chart:
    """A point with its interval for each lag; the `chosen` one is filled, the others are hollow.

    `profile`: lag, estimate, lower, upper. `least`: the smallest effect that matters and its word. `label` writes a
    number for the axis; `unit` says below it what the lags count.
    """
    fig = figure(WIDTH, HEIGHT)
    box = (LEFT / WIDTH, BOTTOM / HEIGHT, 1 - (LEFT + RIGHT) / WIDTH, 1 - (TOP + BOTTOM) / HEIGHT)
    ax = fig.add_axes(box, facecolor="none")
    ax.axhline(0, color=ROLES["soft"], lw=1)
    if least:
        ax.axhline(least[0], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
        at = 1 - 10 / HEIGHT
        dashes = Line2D([LEFT / WIDTH, (LEFT + 26) / WIDTH], [at, at], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
        fig.add_artist(dashes)
        fig.text((LEFT + 33) / WIDTH, at, least[1], va="center", color=ROLES["soft"], fontsize=12)
    role, _, shape = MARKS[answer]
    for row in profile.itertuples():
        mine = row.lag == chosen
        colour = ROLES[role if mine else "common"]
        ax.plot([row.lag] * 2, [row.lower, row.upper], color=colour, lw=2.4 if mine else 1.4, solid_capstyle="butt")
        ax.plot(row.lag, row.estimate, shape, ms=8, mfc=colour if mine else ROLES["card"], mec=colour, mew=1.2)
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.margins(y=0.08)
    ax.set_xlim(profile["lag"].min() - 0.6, profile["lag"].max() + 0.6)
    ax.set_xticks(profile["lag"], [f"{lag}" for lag in profile["lag"]])
    low, high = ax.get_ylim()
    ends = [low + (high - low) * 0.06, high - (high - low) * 0.06]
    ticks = [0.0, *(end for end in ends if abs(end) > (high - low) * 0.15)]
    ax.set_yticks(ticks, [label(tick) for tick in ticks])
    ax.set_ylim(low, high)
    ax.tick_params(colors=ROLES["soft"], length=0, labelsize=12)
    fig.text((LEFT + WIDTH - RIGHT) / 2 / WIDTH, 9 / HEIGHT, unit, ha="center", color=ROLES["soft"], fontsize=12)
    return as_chart(fig, name, alt)
