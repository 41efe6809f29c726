"""What every control chart comes to: one KPI's series against chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.variation.rules import ROUNDING, RUN, Lines, first_of, marked

LEAST, TRIAL = 12, 20  # points to draw limits at all; below TRIAL they are trial limits
BETTER = ("up", "down", "neutral")
WORDS = {("up", 1): "improvement", ("up", -1): "concern", ("down", 1): "concern", ("down", -1): "improvement"}


@dataclass(frozen=True)
class Variation:
    """One KPI's series against chance.

    `points`: one row per period (in g and t charts per event, with its period as `at`): value, segment (number of the
    stretch between breaks), centre, lower, upper, rule ('' or which rule marks the point), side (1 high, −1 low,
    0 neither) and word (as `latest`). Each segment keeps its limits, so that the old ones stay in sight.
    `latest`: 'improvement', 'concern', 'high', 'low' or 'none'; without limits 'too_few' (fewer points than
    `needed`), 'flat' (all alike) or 'refused', for the `reason`.
    `assurance`: 'met', 'missed', 'hit_and_miss', or 'none' (no target, or no limits).
    `as_of`: the last period with a value, None without any; `rule` the rule that marks it; `stretch`: how many
    points on end lie on its side of the centre (rule 'run') or went its way (rule 'trend').
    `count`: points in the last segment; `trial`: limits rest on fewer than TRIAL points.
    `chart`: 'xmr', 'p', 'p_prime', 'u', 'u_prime', 'g' or 't'; `each`: events that a point of a g or t chart spans.
    `left_out`: points given that cannot be, such as more events than cases.
    `reason`: 'no_calendar' (no months, quarters or years), 'periods_twice', 'zero_between' (no time between events).
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
    chart: str = "xmr"
    each: int = 1
    left_out: int = 0
    reason: str = ""

    @property
    def side(self) -> int:
        """The side that marks the latest point: 1 high, −1 low, 0 neither."""
        seen = self.points["side"][self.points["value"].notna()]
        return int(seen.iloc[-1]) if len(seen) else 0


@dataclass(frozen=True)
class Setting:
    """How a chart is read: `better` ('up', 'down', 'neutral'), the target, how many points make a run, and how many
    draw limits.

    Raises ValueError for another direction or numbers that no chart has.
    """

    better: str
    target: float | None = None
    run: int = RUN
    least: int = LEAST

    def __post_init__(self) -> None:
        if self.better not in BETTER:
            raise ValueError(f"better is {self.better!r}; say 'up', 'down' or 'neutral'")
        if self.run < 2 or self.least < 2:
            raise ValueError(f"run is {self.run!r} and least {self.least!r}; both count points, at least 2")


def drawn(
    given: pd.DataFrame,
    lines_of: Callable[[pd.DataFrame], Lines],
    setting: Setting,
    **told,
) -> Variation:
    """The variation of `given` (columns value and segment, and whatever `lines_of` needs), a row per point.

    `lines_of`: the lines of one segment's rows, which hold at least `setting.least` values.
    `told`: what else the result says: chart, each, left_out.
    """
    parts = [_segment(part, lines_of, setting) for _, part in given.groupby("segment")]
    points = pd.concat(parts) if parts else _segment(given, lines_of, setting)
    points["word"] = [_word(side, setting.better) for side in points["side"]]
    seen = points.dropna(subset="value")
    told["needed"] = setting.least
    if seen.empty:
        return Variation(points, **told)
    last = seen.iloc[-1]
    told["as_of"] = last["at"] if "at" in seen else seen.index[-1]
    now = seen[seen["segment"] == last["segment"]]
    whole = points[points["segment"] == last["segment"]].loc[: last.name]
    if pd.isna(last["upper"]):
        return Variation(points, "too_few" if len(now) < setting.least else "flat", count=len(now), **told)
    return Variation(
        points,
        latest=last["word"],
        assurance=assurance(last, setting),
        rule=last["rule"],
        stretch=_length(whole, last),
        count=len(now),
        trial=len(now) < TRIAL,
        **told,
    )


def assurance(point: pd.Series, setting: Setting) -> str:
    """Whether chance alone keeps meeting or missing the target: it lies beyond the limits, or between them."""
    target, better = setting.target, setting.better
    if target is None or not np.isfinite(target) or better == "neutral":
        return "none"
    if target > point["upper"]:
        return "missed" if better == "up" else "met"
    if target < point["lower"]:
        return "met" if better == "up" else "missed"
    return "hit_and_miss"


def _segment(part: pd.DataFrame, lines_of: Callable[[pd.DataFrame], Lines], setting: Setting) -> pd.DataFrame:
    columns = [name for name in ("at", "value", "segment") if name in part]
    frame, values = part[columns].copy(), part["value"].to_numpy()
    frame[["lower", "centre", "upper"]] = np.nan
    frame["rule"], frame["side"] = "", 0
    if np.count_nonzero(~np.isnan(values)) < setting.least:
        return frame
    lines = Lines(*(np.broadcast_to(line, values.shape) for line in lines_of(part)))
    if (lines.upper - lines.lower > ROUNDING * np.abs(lines.centre)).any():
        frame["lower"], frame["centre"], frame["upper"] = lines[:3]
        rules, sides = first_of(marked(values, lines, setting.run))
        frame["rule"], frame["side"] = rules.astype(object), sides
    return frame


def _length(whole: pd.DataFrame, last: pd.Series) -> int:
    """The points of the run or trend that ends with `last`, the newest of its segment's rows: a missing one ends it;
    0 under other rules."""
    if last["rule"] == "run":
        return int((np.sign(whole["value"] - whole["centre"])[::-1] == last["side"]).cummin().sum())
    if last["rule"] == "trend":
        return 1 + int((np.sign(whole["value"].diff().iloc[1:])[::-1] == last["side"]).cummin().sum())
    return 0


def _word(side: int, better: str) -> str:
    if side == 0:
        return "none"
    return WORDS.get((better, int(side)), "high" if side > 0 else "low")
