"""Charts of one KPI over time: the control chart of its card, and the sparkline of a vital sign."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd

from bsc_analysis.charts.svg import ROLES, Chart, as_chart, figure

MARKS = {"improvement": ("better", "o"), "concern": ("worse", "D"), "high": ("ink", "^"), "low": ("ink", "v")}
SIZE = {False: (640, 200), True: (456, 160)}  # pixels of a wide and a small one
BOLD, PLAIN = 7.9, 6.4  # pixels that a character of the labels beside the chart takes, in the widest of usual fonts


def control_chart(
    points: pd.DataFrame,
    *,
    name: str,
    alt: str,
    label: Callable[[float], str],
    tick: Callable[[pd.Period], str],
    target: tuple[float, str] | None,
    breaks: Sequence[tuple[Hashable, str]] = (),
    value: str = "",
    value_at: Hashable | None = None,
    small: bool = False,
) -> Chart:
    """A series with its chance band, target and documented breaks.

    `points`: index period, or events in order with their period `at`; value, lower, centre, upper, segment, word
    ('improvement', 'concern', 'high', 'low', 'none') and open (a value that is still to change). `label` writes a
    number for the axis, `tick` a period; each of `breaks` lies before the point that it names; `value` stands beside
    the point of `value_at`, the newest if that is not told; a `small` one is to stand beside another.
    """
    width, height = SIZE[small]
    fig = figure(width, height)
    room = max(BOLD * len(value), PLAIN * len(target[1] if target else "")) + 12
    left, below, above = 48 / width, 28 / height, 24 / height
    ax = fig.add_axes((left, below, 1 - left - room / width, 1 - below - above), facecolor="none")
    x = np.arange(len(points))
    if target:
        ax.axhline(target[0], color=ROLES["ink"], lw=1, ls=(0, (3, 3)))
        ax.annotate(
            target[1],
            (1.015, target[0]),
            xycoords=("axes fraction", "data"),
            va="center",
            color=ROLES["soft"],
        )
    for part in _segments(points):
        steps = _band(ax, part)
        ax.plot(steps["x"], steps["centre"], color=ROLES["soft"], lw=1, solid_capstyle="butt")
        ax.plot(part["x"], _firm(part["value"], points["open"]), color=ROLES["soft"], lw=1.3)
    _dots(ax, x, points, size=16)
    for before, because in breaks:
        at = points.index.get_indexer([before])[0] - 0.5
        ax.axvline(at, color=ROLES["soft"], lw=1, ls=(0, (1, 3)))
        right = at > len(x) * 0.6
        ax.annotate(
            because,
            (at, 1.02),
            xycoords=("data", "axes fraction"),
            xytext=(-5 if right else 5, 0),
            textcoords="offset points",
            ha="right" if right else "left",
            va="bottom",
            color=ROLES["soft"],
            fontsize=11,
        )
    _axes(ax, points, label, tick)
    at = points["value"].last_valid_index() if value_at is None else value_at
    if value and at is not None:
        _last(ax, points.loc[at], value, target[0] if target else None)
    return as_chart(fig, name, alt)


def sparkline(points: pd.DataFrame, *, name: str) -> Chart:
    """The same series without words, for a card that says them."""
    fig = figure(132, 34)
    ax = fig.add_axes((0.03, 0.06, 0.94, 0.88), facecolor="none")
    x = np.arange(len(points))
    for part in _segments(points):
        _band(ax, part)
        ax.plot(part["x"], part["value"], color=ROLES["soft"], lw=1.2)
    _dots(ax, x[-1:], points.iloc[-1:], size=24)
    ax.set_xlim(-0.8, len(points) + 0.2)
    ax.axis("off")
    return as_chart(fig, name, "", decorative=True)


def _segments(points: pd.DataFrame) -> list[pd.DataFrame]:
    """The stretches between documented breaks, each with its places on the x axis; nothing is drawn across one."""
    return [part for _, part in points.assign(x=np.arange(len(points))).groupby("segment")]


def _firm(value: pd.Series, still_open: pd.Series) -> pd.Series:
    """The values that a line joins and the axis is made for: what is still to change only where all is."""
    return value if still_open.all() else value.where(~still_open.reindex(value.index))


def _band(ax, part: pd.DataFrame) -> pd.DataFrame:
    """The chance band of one segment; returns its steps: where each begins and ends (x), lower, centre, upper."""
    limits = part[["lower", "centre", "upper"]].astype(float)
    known = limits.fillna(np.inf)
    step = (known != known.shift()).any(axis=1).cumsum()
    ends = [limits.assign(x=part["x"] + side).groupby(step).nth(n) for side, n in ((0.5, -1), (-0.5, 0))]
    steps = pd.concat(ends).sort_values("x", kind="stable")
    ax.fill_between(steps["x"], steps["lower"], steps["upper"], color=ROLES["band"], lw=0)
    return steps


def _dots(ax, x: np.ndarray, points: pd.DataFrame, size: float) -> None:
    """Grey dots for chance, a shape and a colour for a signal, a hollow one for what may still change.

    A hollow one beyond the frame, which is made for the others, is an arrow at its edge.
    """
    seen = points["value"].notna().to_numpy()
    words, still_open = points["word"].to_numpy(), points["open"].to_numpy()
    common = seen & (words == "none") & ~still_open
    ax.scatter(x[common], points["value"][common], s=size, color=ROLES["common"], lw=0, zorder=3)
    low, high = ax.get_ylim()
    hollow = {"facecolor": ROLES["card"], "edgecolor": ROLES["common"], "lw": 1, "zorder": 3, "clip_on": False}
    below, above = seen & still_open & (points["value"] < low), seen & still_open & (points["value"] > high)
    inside = seen & still_open & ~below & ~above
    ax.scatter(x[inside], points["value"][inside], s=size, **hollow)
    for beyond, marker, edge in ((below, "v", low), (above, "^", high)):
        if beyond.any():
            ax.scatter(x[beyond], [edge] * int(beyond.sum()), s=size * 1.5, marker=marker, **hollow)
    ax.set_ylim(low, high)
    for word, (role, marker) in MARKS.items():
        mine = seen & (words == word) & ~still_open
        if mine.any():
            ax.scatter(
                x[mine],
                points["value"][mine],
                s=size * 2,
                color=ROLES[role],
                marker=marker,
                lw=0,
                zorder=4,
                clip_on=False,
            )


def _axes(ax, points: pd.DataFrame, label, tick) -> None:
    """Three numbers on the left, a period at each year's start, no frame."""
    ax.set_xlim(-0.7, len(points) - 0.3)
    for side in ("top", "right", "left", "bottom"):
        ax.spines[side].set_visible(False)
    low, high = ax.get_ylim()
    ax.set_yticks([low + (high - low) * share for share in (0.08, 0.5, 0.92)])
    ax.set_yticklabels([label(v) for v in ax.get_yticks()])
    when = list(points["at"]) if "at" in points else list(points.index)
    yearly = [i for i in range(len(when)) if _begins_a_year(when[:i], when[i])]
    ticks = yearly if len(yearly) > 1 else [0, len(points) - 1]
    ax.set_xticks(ticks, [tick(when[i]) for i in ticks])
    ax.tick_params(colors=ROLES["soft"], length=3, width=0.8, labelsize=11)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(low, high)


def _begins_a_year(before: list[pd.Period], this: pd.Period) -> bool:
    if not before:
        return this.freqstr[0] == "Y" or this.start_time.month == 1
    return this.start_time.year > before[-1].start_time.year


def _last(ax, point: pd.Series, value: str, target: float | None) -> None:
    """A value at the height of its dot, moved off the target's label where they would meet."""
    last = point["value"]
    low, high = ax.get_ylim()
    near = target is not None and abs(last - target) < (high - low) * 0.13
    shift = 0 if not near else 12 if last >= (target or 0) else -12
    role = MARKS.get(point["word"], ("ink", ""))[0]
    ax.annotate(
        value,
        (1.015, last),
        xycoords=("axes fraction", "data"),
        xytext=(0, shift),
        textcoords="offset points",
        va="center",
        fontsize=13,
        fontweight="bold",
        color=ROLES[role],
    )
