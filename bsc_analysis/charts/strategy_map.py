"""The strategy map: objectives in the lanes of their perspectives, arrows drawn as their links' verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from bsc_analysis.charts.forest import MARKS
from bsc_analysis.charts.svg import FOREIGN, ROLES, Chart, as_chart, figure

WIDTH, EDGE, COLUMN_GAP = 400, 10, 22  # pixels; narrow, so that it can be read on a telephone
BOX = (WIDTH - 2 * EDGE - COLUMN_GAP) / 2
LETTERS, LINE, PAD = 20, 16, 9  # of a title's line
LANE, BETWEEN, ROW_GAP = 26, 40, 34  # a lane's name; between lanes, and between rows of one: room for arrows
TURN, HEAD = 16, 9  # how soon an arrow turns into the gap between the columns; its head
LEGEND = 24
LINES = {  # answer → width, dashes
    "supported": (2.6, "-"),
    "contradicted": (2.6, "-"),
    "forecasts": (2.2, (0, (6, 2))),
    "moves_together": (1.6, (0, (6, 2, 1.5, 2))),
    "not_supported": (1.2, (0, (1.5, 2.5))),
    "cannot_tell": (1.2, (0, (1.5, 2.5))),
}


@dataclass(frozen=True)
class Box:
    """Where an objective stands, in pixels from the top left."""

    left: float
    top: float
    tall: float

    @property
    def foot(self) -> float:
        return self.top + self.tall


def strategy_map(
    aims: pd.DataFrame, arrows: pd.DataFrame, lanes: Mapping[str, str], *, name: str, alt: str, words: Mapping[str, str]
) -> Chart:
    """One lane for each of `lanes` (id → title, from above to below), its objectives two by two.

    `aims`: id, lane, title, word, role (of the style sheet). `arrows`: leading, lagging (ids), answer. `words`: for
    each answer that occurs, what the legend says of its line.
    """
    places, bands, height = _laid_out(aims, lanes)
    answers = [answer for answer in MARKS if (arrows["answer"] == answer).any()]
    fig = figure(WIDTH, height + LEGEND * len(answers))
    ax = fig.add_axes((0, 0, 1, 1), facecolor="none")
    ax.axis("off")
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height + LEGEND * len(answers), 0)
    for title, (top, foot) in zip(lanes.values(), bands, strict=True):
        ax.add_patch(Rectangle((0, top), WIDTH, foot - top, color=ROLES["band"], lw=0, alpha=0.55))
        ax.text(EDGE, top + 14, title, va="center", color=ROLES["soft"], fontsize=12, fontweight="bold")
    _arrows(ax, arrows, places)
    for row in aims.itertuples():
        _box(ax, places[row.id], row)
    for i, answer in enumerate(answers):
        at = height + LEGEND * (i + 0.5)
        _line(ax, [(EDGE, at), (EDGE + 20, at), (EDGE + 20, at), (EDGE + 40, at)], answer)
        ax.text(EDGE + 50, at, words[answer], va="center", color=ROLES["soft"], fontsize=12)
    return as_chart(fig, name, alt)


def _laid_out(aims: pd.DataFrame, lanes: Mapping[str, str]) -> tuple[dict[str, Box], list[tuple[float, float]], float]:
    """Each objective's box, each lane's top and foot, and the height of all."""
    places: dict[str, Box] = {}
    bands, top = [], 0.0
    for lane in lanes:
        inside = list(aims[aims["lane"] == lane].itertuples())
        foot = top + LANE
        for first in range(0, len(inside), 2):
            row = inside[first : first + 2]
            tall = max(len(_title(each.title)) for each in row) * LINE + LINE + 2 * PAD
            foot += ROW_GAP if first else 0
            for column, each in enumerate(row):
                places[each.id] = Box(EDGE + column * (BOX + COLUMN_GAP), foot, tall)
            foot += tall
        bands.append((top, foot + PAD))
        top = foot + PAD + BETWEEN
    return places, bands, top - BETWEEN + PAD


def _title(text: str) -> list[str]:
    return wrap(text, LETTERS)


def _box(ax: Axes, box: Box, row) -> None:
    """The objective's title, and below it the word on it; a stripe in the word's colour."""
    corner, shape = (box.left, box.top), "round,pad=0,rounding_size=4"
    ax.add_patch(FancyBboxPatch(corner, BOX, box.tall, shape, fc=ROLES["card"], ec=ROLES["hair"], lw=1))
    ax.add_patch(Rectangle((box.left, box.top + 2), 4, box.tall - 4, color=ROLES[row.role], lw=0))
    for i, line in enumerate(_title(row.title)):
        y = box.top + PAD + LINE * (i + 0.5)
        text = ax.text(box.left + 12, y, line, va="center", color=ROLES["ink"], fontsize=12.5, fontweight="bold")
        text.set_gid(FOREIGN)
    word = ROLES["soft"] if row.role == "common" else ROLES[row.role]
    ax.text(box.left + 12, box.foot - PAD - LINE / 2, row.word, va="center", color=word, fontsize=12)


def _arrows(ax: Axes, arrows: pd.DataFrame, places: Mapping[str, Box]) -> None:
    """Every arrow from the edge that faces its end; those of one edge lie side by side, in the order of their ends.

    What passes other rows goes through the gap between the columns, so that it seems to touch no box on its way.
    """
    drawn = [(row.leading, row.lagging, row.answer) for row in arrows.itertuples()]
    ends = [(_edges(places[a], places[b]), a, b, answer) for a, b, answer in drawn]
    passing = [(a, b) for _, a, b, _ in ends if _passes(places, a, b)]
    for (leaves, enters), a, b, answer in ends:
        start = _port(places, a, leaves, b, [(e[0][0], e[2]) for e in ends if e[1] == a])
        stop = _port(places, b, enters, a, [(e[0][1], e[1]) for e in ends if e[2] == b])
        way = -1 if leaves == "top" else 1
        if leaves == "side":
            points = _curve(start, stop, 0)
        elif (a, b) in passing:
            lane = WIDTH / 2 + (passing.index((a, b)) - (len(passing) - 1) / 2) * COLUMN_GAP / (len(passing) + 1)
            out, back = (lane, start[1] + way * TURN), (lane, stop[1] - way * TURN)
            points = [*_curve(start, out, way), *_curve(out, back, way)[1:], *_curve(back, stop, way)[1:]]
        else:
            points = _curve(start, stop, way)
        _line(ax, points, answer)


def _passes(places: Mapping[str, Box], a: str, b: str) -> bool:
    """Whether a row of boxes lies between the two."""
    low, high = sorted((places[a].top, places[b].top))
    return any(low < box.top < high for box in places.values())


def _curve(start: tuple[float, float], stop: tuple[float, float], way: int) -> list[tuple[float, float]]:
    """A start, two handles and an end; upright at both ends (`way`: 1 down, -1 up), or level (0)."""
    if not way:
        middle = (start[0] + stop[0]) / 2
        return [start, (middle, start[1]), (middle, stop[1]), stop]
    reach = abs(stop[1] - start[1]) * 0.5
    return [start, (start[0], start[1] + way * reach), (stop[0], stop[1] - way * reach), stop]


def _edges(a: Box, b: Box) -> tuple[str, str]:
    if a.top == b.top:
        return "side", "side"
    return ("top", "foot") if b.top < a.top else ("foot", "top")


def _port(
    places: Mapping[str, Box], of: str, edge: str, other: str, ends: Sequence[tuple[str, str]]
) -> tuple[float, float]:
    """Where on the edge of a box the arrow to or from `other` begins; `ends`: edge and other end of all its arrows."""
    box, beyond = places[of], places[other]
    if edge == "side":
        return (
            (box.left + BOX, box.top + box.tall / 2) if beyond.left > box.left else (box.left, box.top + box.tall / 2)
        )
    same = sorted({end for at, end in ends if at == edge}, key=lambda end: (places[end].left, -places[end].top))
    share = (same.index(other) + 1) / (len(same) + 1)
    return box.left + BOX * share, box.top if edge == "top" else box.foot


def _line(ax: Axes, points: Sequence[tuple[float, float]], answer: str) -> None:
    """A curve through a start and, for each of its bends, two handles and an end; with a head."""
    width, dashes = LINES[answer]
    colour = ROLES[MARKS[answer][0]]
    path = Path(points, [Path.MOVETO, *([Path.CURVE4] * (len(points) - 1))])
    ax.add_patch(PathPatch(path, fc="none", ec=colour, lw=width, ls=dashes, capstyle="butt"))
    (x0, y0), (x1, y1) = points[-2:]
    far = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    along, across = (x1 - x0) / far, (y1 - y0) / far
    feet = [(x1 - HEAD * along + side * across, y1 - HEAD * across - side * along) for side in (HEAD / 2, -HEAD / 2)]
    ax.add_patch(Polygon([(x1, y1), *feet], color=colour, lw=0))
