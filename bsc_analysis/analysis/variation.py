"""XmR charts: which months are more than chance, and whether a target can be met by chance alone.

Source: NHS England, Making Data Count; rules as in NHSRplotthedots 0.2. Rules assume independent points.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

LIMIT = 2.66  # 3 / 1.128: d2 for moving ranges of two
LIMIT_OF_RANGES = 3.267  # D4 for moving ranges of two; a larger one is an event, not chance
LEAST, TRIAL = 12, 20  # points to draw limits at all; below TRIAL they are trial limits
RUN, TREND = 7, 7
WORDS = {("up", 1): "improvement", ("up", -1): "concern", ("down", 1): "concern", ("down", -1): "improvement"}


@dataclass(frozen=True)
class Variation:
    """One KPI's series against chance.

    `points`: one row per period: value, segment (number of the stretch between breaks), centre, lower, upper,
    rule ('' or which rule marks the point), side (1 high, −1 low, 0 neither) and word (as `latest`).
    `latest`: 'improvement', 'concern', 'high', 'low' or 'none'; without limits 'too_few' (fewer points than
    `needed`) or 'flat' (all alike).
    `assurance`: 'met', 'missed', 'hit_and_miss', or 'none' (no target, or no limits).
    `as_of`: the last period with a value, None without any; `rule` the rule that marks it; `stretch`: how many
    points on end lie on its side of the centre (rule 'run') or went its way (rule 'trend').
    `count`: points in the last segment; `trial`: limits rest on fewer than TRIAL points.
    """

    points: pd.DataFrame
    latest: str = "too_few"
    assurance: str = "none"
    as_of: pd.Period | None = None
    rule: str = ""
    stretch: int = 0
    count: int = 0
    trial: bool = True
    needed: int = LEAST


def xmr(
    values: pd.Series,
    *,
    better: str,
    target: float | None = None,
    breaks: tuple[str, ...] = (),
    screen: bool = True,
) -> Variation:
    """The variation of `values` (PeriodIndex, calendar-complete; missing stays missing).

    `breaks`: periods at which a new segment with limits of its own begins. `screen`: moving ranges beyond
    3.267 × their mean are left out once before the limits. Limits need LEAST points and some variation.
    """
    starts = [pd.Period(b, freq=values.index.freq) for b in breaks]
    segment = sum((np.asarray(values.index >= s).astype(int) for s in starts), np.zeros(len(values), int))
    parts = [_segment(part, screen) for _, part in values.groupby(segment)]
    points = pd.concat(parts) if parts else _segment(values, screen)
    points.insert(1, "segment", segment)
    points["word"] = [_word(side, better) for side in points["side"]]
    seen = points.dropna(subset="value")
    if seen.empty:
        return Variation(points)
    last = seen.iloc[-1]
    count = int((seen["segment"] == last["segment"]).sum())
    if pd.isna(last["upper"]):
        return Variation(points, "too_few" if count < LEAST else "flat", as_of=seen.index[-1], count=count)
    return Variation(
        points,
        latest=last["word"],
        assurance=assurance(last, better, target),
        as_of=seen.index[-1],
        rule=last["rule"],
        stretch=_length(seen[seen["segment"] == last["segment"]], last),
        count=count,
        trial=count < TRIAL,
    )


def limits(values: np.ndarray, screen: bool = True) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit: centre ± 2.66 × mean moving range of neighbours without a gap."""
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    mean = ranges.mean() if len(ranges) else 0.0
    if screen and mean > 0:
        mean = ranges[ranges <= LIMIT_OF_RANGES * mean].mean() or mean  # one jump in a flat series is no flat series
    centre = float(np.nanmean(values))
    return centre - LIMIT * mean, centre, centre + LIMIT * mean


def assurance(point: pd.Series, better: str, target: float | None) -> str:
    """Whether chance alone keeps meeting or missing the target: it lies beyond the limits, or between them."""
    if target is None or better == "neutral":
        return "none"
    if target > point["upper"]:
        return "missed" if better == "up" else "met"
    if target < point["lower"]:
        return "met" if better == "up" else "missed"
    return "hit_and_miss"


def _length(seen: pd.DataFrame, last: pd.Series) -> int:
    """The points of the run or trend that ends with `last`; 0 under other rules."""
    if last["rule"] == "run":
        return int((np.sign(seen["value"] - seen["centre"])[::-1] == last["side"]).cummin().sum())
    if last["rule"] == "trend":
        return 1 + int((np.sign(seen["value"].diff().iloc[1:])[::-1] == last["side"]).cummin().sum())
    return 0


def _word(side: int, better: str) -> str:
    if side == 0:
        return "none"
    return WORDS.get((better, int(side)), "high" if side > 0 else "low")


def _segment(values: pd.Series, screen: bool) -> pd.DataFrame:
    frame = pd.DataFrame({"value": values.astype("float64")})
    x = frame["value"].to_numpy()
    enough = np.count_nonzero(~np.isnan(x)) >= LEAST
    lower, centre, upper = limits(x, screen) if enough else (np.nan,) * 3
    drawn = enough and upper > lower
    frame[["lower", "centre", "upper"]] = (lower, centre, upper) if drawn else (np.nan,) * 3
    frame["rule"], frame["side"] = _marks(x, lower, centre, upper) if drawn else ("", 0)
    return frame


def _marks(x: np.ndarray, lower: float, centre: float, upper: float) -> tuple[list[str], list[int]]:
    """The first rule that marks each point, in the order of the NHS, and the side it marks."""
    side = np.nan_to_num(np.sign(x - centre)).astype(int)
    outside = (x > upper) | (x < lower)
    near = np.where((np.abs(x - centre) > (upper - centre) * 2 / 3) & ~outside, side, 0)
    rules = {
        "outside": np.where(outside, side, 0),
        "trend": _stretch(np.nan_to_num(np.sign(np.diff(x))).astype(int), TREND - 1, 1),
        "two_of_three": _two_of_three(near, side),
        "run": _stretch(side, RUN, 0),
    }
    names, sides = [""] * len(x), [0] * len(x)
    for name, marked in rules.items():
        for i in np.flatnonzero(marked):
            if not names[i]:
                names[i], sides[i] = name, int(marked[i])
    return names, sides


def _stretch(signs: np.ndarray, length: int, extra: int) -> np.ndarray:
    """The sign at every point of an unbroken stretch of at least `length` equal signs; 0 elsewhere.

    `extra` is 1 where the signs stand between points, so that a stretch covers one point more.
    """
    marks = np.zeros(len(signs) + extra, dtype=int)
    edges = np.flatnonzero(np.diff(signs, prepend=9, append=9))
    for start, end in pairwise(edges):
        if signs[start] and end - start >= length:
            marks[start : end + extra] = signs[start]
    return marks


def _two_of_three(near: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Points near the same limit where two of three neighbours are, and the third lies on the same side."""
    marks = np.zeros(len(near), dtype=int)
    for start in range(len(near) - 2):
        window = slice(start, start + 3)
        for sign in (1, -1):
            if np.count_nonzero(near[window] == sign) >= 2 and (side[window] == sign).all():
                marks[window] = np.where(near[window] == sign, sign, marks[window])
    return marks
