"""The fan of a goal: how its KPI went, what may come as it has moved so far, the target and when it is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

WIDTH, HEIGHT, HEAD = 420, 216, 22  # pixels; narrow, so that it can be read on a telephone
LETTER = 6.8  # pixels of a character in the widest of usual fonts
WIDE, CORE = 0.22, 0.45  # how dark the intervals of 80 % and of 50 % are


def fan(
    history: pd.Series,
    ahead: pd.DataFrame,
    *,
    target: tuple[float, str],
    deadline: pd.Period,
    name: str,
    alt: str,
    label: Callable[[float], str],
    tick: Callable[[pd.Period], str],
    words: Mapping[str, str],
    way: Sequence[tuple[pd.Period, float]] = (),
    end: tuple[float, float, float] | None = None,
    breaks: Sequence[pd.Period] = (),
) -> Chart:
    """A series with what may follow it, the target as a line to the deadline.

    `history`: values by period; `ahead`: middle, lower_50 … upper_80 by the periods after it, empty where there is no
    forecast. `deadline`: the last period of the history's length that counts; `end`: lower, middle and upper of what is
    expected for the deadline, where that is a longer period. `way`: from baseline to target, two points. `breaks`:
    documented changes. `words`: 'fan', 'way' and 'target' of the legend.
    """
    drawn = pd.period_range(history.index[0], max(deadline, history.index[-1]), freq=history.index.freq)
    place = {period: i for i, period in enumerate(drawn)}
    room = (LETTER * max(len(target[1]), 4) + 14) / WIDTH
    fig = figure(WIDTH, HEIGHT)
    ax = fig.add_axes((0.1, 0.12, 0.9 - room, 1 - 0.14 - HEAD / HEIGHT), facecolor="none")
    _ahead(ax, ahead[ahead.index <= deadline], history, place)
    if end is not None:
        at = place[deadline] + 0.9
        ax.plot([at, at], [end[0], end[2]], color=ROLES["common"], lw=4, solid_capstyle="butt", clip_on=False)
        ax.plot(at, end[1], "o", ms=5, mfc=ROLES["card"], mec=ROLES["ink"], mew=1.2, clip_on=False, zorder=4)
    line = [(place[period], value) for period, value in way if period in place]
    if len(line) == 2:
        ax.plot(*zip(*line, strict=True), color=ROLES["ink"], lw=1, ls=(0, (1, 2)))
    ax.axhline(target[0], color=ROLES["ink"], lw=1, ls=(0, (4, 3)))
    ax.annotate(
        target[1], (1.03, target[0]), xycoords=("axes fraction", "data"), va="center", color=ROLES["ink"], fontsize=12
    )
    for at in breaks:
        if at in place:
            ax.axvline(place[at] - 0.5, color=ROLES["soft"], lw=1, ls=(0, (1, 3)))
    known = history.dropna()
    x = [place[period] for period in known.index]
    ax.plot([place[p] for p in history.index], history.to_numpy(), color=ROLES["soft"], lw=1.3)
    ax.scatter(x, known, s=12, color=ROLES["common"], lw=0, zorder=3)
    _axes(ax, drawn, place[deadline], label, tick)
    _legend(fig, words, fanned=len(ahead) > 0 or end is not None, way=len(line) == 2)
    return as_chart(fig, name, alt)


def _ahead(ax: Axes, ahead: pd.DataFrame, history: pd.Series, place: Mapping[pd.Period, int]) -> None:
    """The bands open from the last reading, where nothing is in doubt."""
    if ahead.empty:
        return
    last = history.last_valid_index()
    x = [place[last], *(place[period] for period in ahead.index)]
    for level, dark in ((80, WIDE), (50, CORE)):
        low, high = (np.r_[history[last], ahead[f"{side}_{level}"]] for side in ("lower", "upper"))
        ax.fill_between(x, low, high, color=ROLES["common"], alpha=dark, lw=0)
    ax.plot(x, np.r_[history[last], ahead["middle"]], color=ROLES["soft"], lw=1.3, ls=(0, (5, 2)))


def _axes(ax: Axes, drawn: pd.PeriodIndex, due: int, label, tick) -> None:
    """Three numbers on the left; below, each year's start, and where the goal is due."""
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlim(-0.7, len(drawn) - 0.3)
    low, high = ax.get_ylim()
    ax.set_yticks([low + (high - low) * share for share in (0.08, 0.5, 0.92)])
    ax.set_yticklabels([label(v) for v in ax.get_yticks()])
    ax.vlines(due, low, high, color=ROLES["ink"], lw=0.8)
    yearly = [i for i, p in enumerate(drawn) if p.freqstr[0] == "Y" or p.start_time.month == 1]
    apart = len(drawn) / 6  # a year's name takes about a sixth of the axis
    ticks = [i for i in yearly if due - i > apart]
    ax.set_xticks([*ticks, due], [tick(drawn[i]) for i in [*ticks, due]])
    ax.tick_params(colors=ROLES["soft"], length=3, width=0.8, labelsize=11)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(low, high)


def _legend(fig, words: Mapping[str, str], *, fanned: bool, way: bool) -> None:
    ax = fig.add_axes((0, 1 - HEAD / HEIGHT, 1, HEAD / HEIGHT), facecolor="none")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(0, 1)
    ax.axis("off")
    shown = {"fan": fanned, "way": way, "target": True}
    at = 4.0
    for key in (key for key in ("fan", "way", "target") if shown[key]):
        if key == "fan":
            for height, dark in ((0.36, WIDE), (0.18, CORE)):
                ax.fill_between([at, at + 20], 0.5 - height, 0.5 + height, color=ROLES["common"], alpha=dark, lw=0)
        else:
            ax.plot([at, at + 20], [0.5, 0.5], color=ROLES["ink"], lw=1, ls=(0, (1, 2) if key == "way" else (4, 3)))
        ax.text(at + 26, 0.5, words[key], va="center", color=ROLES["soft"], fontsize=11.5)
        at += 42 + LETTER * len(words[key])
