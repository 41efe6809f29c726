"""What marks a point as more than chance: the four rules of NHS England's Making Data Count, in its order.

As in NHSRplotthedots 0.2: every point of a pattern is marked, by the first rule that marks it. A point on the centre
and a missing point break a run. All work along the last axis, so that one series and a thousand take the same way.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

RULES = ("outside", "trend", "two_of_three", "run")
RUN, TREND = 7, 7  # points
NEAR = 2 / 3  # of the way from the centre to a limit
ROUNDING = 1e-12  # a point so near the centre lies on it: the mean of 0.1 and 0.3 is not quite 0.2


class Lines(NamedTuple):
    """The lines that points are set against, one number for each point.

    `near_lower`, `near_upper`: two thirds of the way to the limits, before a limit is cut where no value can be.
    """

    lower: np.ndarray
    centre: np.ndarray
    upper: np.ndarray
    near_lower: np.ndarray
    near_upper: np.ndarray


def around(centre: np.ndarray, reach: np.ndarray) -> Lines:
    """Limits `reach` to either side of the centre."""
    return Lines(centre - reach, centre, centre + reach, centre - NEAR * reach, centre + NEAR * reach)


def within(lines: Lines, least: float = -np.inf, most: float = np.inf) -> Lines:
    """The lines, cut where no value can be."""
    return Lines(*(np.clip(line, least, most) for line in lines))


def marked(values: np.ndarray, lines: Lines, run: int = RUN) -> dict[str, np.ndarray]:
    """Rule → the side that it marks at each point: 1 high or rising, −1 low or falling, 0 neither.

    `run`: how many points on one side of the centre make a run.
    """
    on = ROUNDING * (np.abs(lines.centre) + lines.near_upper - lines.near_lower)
    side = np.where(np.abs(values - lines.centre) <= on, 0, _sign(values - lines.centre))
    outside = (values > lines.upper) | (values < lines.lower)
    near = ~outside & ((values > lines.near_upper) | (values < lines.near_lower))
    return {
        "outside": np.where(outside, side, 0),
        "trend": _trend(values),
        "two_of_three": np.where(near & _two_of_three(near, side), side, 0),
        "run": np.where(_stretch(side > 0, run, run) | _stretch(side < 0, run, run), side, 0),
    }


def first_of(found: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The first rule that marks each point ('' for none) and the side it marks."""
    hits = [found[rule] != 0 for rule in RULES]
    return np.select(hits, list(RULES), ""), np.select(hits, [found[rule] for rule in RULES], 0)


def _sign(values: np.ndarray) -> np.ndarray:
    return np.nan_to_num(np.sign(values), nan=0.0).astype(int)


def _trend(values: np.ndarray) -> np.ndarray:
    """Where one trend ends and the next begins, the point has the side of the next."""
    ahead = _sign(np.diff(values, axis=-1, append=np.nan))
    up, down = (_stretch(ahead[..., :-1] == way, TREND - 1, TREND) for way in (1, -1))
    return np.where(up & down, ahead, up.astype(int) - down)


def _two_of_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """The points of three neighbours on one side, two of them near its limit."""
    if side.shape[-1] < 3:
        return np.zeros(side.shape, dtype=bool)
    together = np.abs(sliding_window_view(side, 3, axis=-1).sum(axis=-1)) == 3
    return _spread(together & (sliding_window_view(near, 3, axis=-1).sum(axis=-1) >= 2), 3)


def _stretch(alike: np.ndarray, length: int, points: int) -> np.ndarray:
    """The points of each unbroken stretch of at least `length`, which covers `points` points."""
    if alike.shape[-1] < length:
        return np.zeros((*alike.shape[:-1], alike.shape[-1] + points - length), dtype=bool)
    return _spread(np.asarray(sliding_window_view(alike, length, axis=-1).all(axis=-1)), points)


def _spread(windows: np.ndarray, points: int) -> np.ndarray:
    """The points that lie in a window that is marked; a window begins at its place and covers `points` points."""
    edge = np.zeros((*windows.shape[:-1], points - 1), dtype=bool)
    padded = np.concatenate([edge, windows, edge], axis=-1)
    return np.asarray(sliding_window_view(padded, points, axis=-1).any(axis=-1))
