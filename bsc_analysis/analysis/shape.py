"""Is one slope the whole story? Whether an effect flattens above a knot, and whether it depends on a third measure.

Both are asked of all practices together, of a link whose lag is known already. They describe a link and are no test of
it: the slopes are those of least squares, which in 24 months lie a few hundredths beside the truth where the lagging
KPI answers back (the link test corrects that); what two slopes differ by does not suffer. Simulated without a
difference, 3–11 % come out at p ≤ .05, the most with 8 practices whose effects differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bsc_analysis.analysis.panel_data import Breaks
from bsc_analysis.analysis.pooled import ALIKE, Specialty, on_one_calendar, pooled

ALPHA = 0.05
LEAST_SIDE = 5  # practices with values on both sides of a knot
LEAST_SHARE = 0.1  # of the rows on either side of it
NOTHING = (np.nan, np.nan)


@dataclass(frozen=True)
class Saturation:
    """The effect below and above a knot, in the lagging KPI's unit per unit of the leading one, 95 % intervals.

    `p`: under the null that both slopes are the same. `answer`: 'flattens', 'steepens', 'turns' (the other way above)
    or 'cannot_tell', and `reason` says why. `share_above`: of the rows. `q_value`: given by `description.in_family`.
    """

    knot: float
    lag: int
    answer: str = "cannot_tell"
    below: float = np.nan
    below_interval: tuple[float, float] = NOTHING
    above: float = np.nan
    above_interval: tuple[float, float] = NOTHING
    p: float | None = None
    q_value: float | None = None
    share_above: float = np.nan
    points: int = 0
    practices: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Moderated:
    """How a link's slope differs with a moderator's movement within a practice.

    `slope`: at the practice's mean of the moderator; `change`: of the slope per unit of the moderator; `interval`: of
    the change, 95 %; `per_sd`: per standard deviation of the moderator within a practice. `p`: under the null of no
    change. `answer`: 'stronger' (the slope grows with the moderator), 'weaker' or 'cannot_tell', with its `reason`.
    `q_value`: given by `description.in_family`.
    """

    lag: int
    answer: str = "cannot_tell"
    slope: float = np.nan
    change: float = np.nan
    interval: tuple[float, float] = NOTHING
    per_sd: float = np.nan
    p: float | None = None
    q_value: float | None = None
    points: int = 0
    practices: int = 0
    reason: str = ""


def saturation(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    lag: int,
    knot: float,
    season: str | None = "auto",
    breaks: Breaks = (),
    specialty: Specialty = None,
    draws: int = 999,
    seed: int = 0,
) -> Saturation:
    """Whether the effect of `leading` on `lagging`, `lag` periods later, is another above `knot` (80 % top box).

    `leading`, `lagging`: period × practice, NaN where missing. A hinge at the knot beside the slope, by pooled.pooled;
    the p-value is that of the hinge, by wild cluster draws over practices.
    """
    frames = on_one_calendar(leading, lagging)
    if isinstance(frames, str):
        return Saturation(knot, lag, reason=frames)
    x, y = frames
    if x.equals(y):
        return Saturation(knot, lag, reason="identical")
    x = x.shift(lag)
    over = (x - knot).clip(lower=0)
    there = x.notna() & y.notna() & y.shift(1).notna()
    above, below = there & (x > knot), there & (x < knot)
    if not there.any(axis=None):
        return Saturation(knot, lag, reason="too_few_points")
    for why, side in (("too_few_above", above), ("too_few_below", below)):
        if side.sum().sum() < LEAST_SHARE * there.sum().sum():
            return Saturation(knot, lag, reason=why)
    if (above.any() & below.any()).sum() < LEAST_SIDE:
        return Saturation(knot, lag, reason="too_few_across")
    model = pooled(y, [x, over], season, breaks, specialty)
    if isinstance(model, str):
        return Saturation(knot, lag, reason=model)
    found, spread = model.fit()
    p = model.p_last(draws, seed)
    slopes = (float(found[0]), float(found.sum()))
    errors = (float(np.sqrt(spread[0, 0])), float(np.sqrt(spread.sum())))
    intervals = [(s - model.reach() * e, s + model.reach() * e) for s, e in zip(slopes, errors, strict=True)]
    return Saturation(
        knot,
        lag,
        answer=_bent(*slopes, intervals[1]) if p <= ALPHA else "cannot_tell",
        below=slopes[0],
        below_interval=intervals[0],
        above=slopes[1],
        above_interval=intervals[1],
        p=p,
        share_above=float((above & model.used).sum().sum() / len(model.y)),
        points=len(model.y),
        practices=model.practices,
        reason="" if p <= ALPHA else "no_difference_found",
    )


def moderated(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    moderator: pd.DataFrame,
    *,
    lag: int,
    season: str | None = "auto",
    breaks: Breaks = (),
    specialty: Specialty = None,
    draws: int = 999,
    seed: int = 0,
) -> Moderated:
    """Whether the effect of `leading` on `lagging` differs with `moderator` (such as leadership engagement).

    All frames period × practice, NaN where missing; the moderator is read in the leading KPI's period. Both are taken
    as distances from the practice's own mean before they are multiplied, so that only movement within practices
    counts (Giesselmann & Schmidt-Catran 2022); p by wild cluster draws over practices. A moderator that never moves
    within a practice tells nothing here.
    """
    frames = on_one_calendar(leading, lagging, moderator)
    if isinstance(frames, str):
        return Moderated(lag, reason=frames)
    x, y, m = frames
    if x.equals(y):
        return Moderated(lag, reason="identical")
    x, m = x.shift(lag), m.shift(lag)
    there = x.notna() & m.notna() & y.notna() & y.shift(1).notna()
    if not there.any(axis=None):
        return Moderated(lag, reason="too_few_points")
    size = float(np.sqrt((m.where(there) ** 2).mean(axis=None)))
    x, m = (frame.where(there) - frame.where(there).mean() for frame in (x, m))
    moves = float(np.sqrt((m**2).mean(axis=None)))
    if moves <= ALIKE * size:
        return Moderated(lag, reason="moderator_constant")
    model = pooled(y, [x, m, x * m], season, breaks, specialty)
    if isinstance(model, str):
        return Moderated(lag, reason=model)
    found, spread = model.fit()
    p = model.p_last(draws, seed)
    change, error = float(found[2]), float(np.sqrt(spread[2, 2]))
    clear = "stronger" if (change > 0) == (found[0] > 0) else "weaker"
    return Moderated(
        lag,
        answer=clear if p <= ALPHA else "cannot_tell",
        slope=float(found[0]),
        change=change,
        interval=(change - model.reach() * error, change + model.reach() * error),
        per_sd=change * moves,
        p=p,
        points=len(model.y),
        practices=model.practices,
        reason="" if p <= ALPHA else "no_difference_found",
    )


def _bent(below: float, above: float, interval: tuple[float, float]) -> str:
    if below * above < 0 and not interval[0] <= 0 <= interval[1]:
        return "turns"
    return "flattens" if abs(above) < abs(below) else "steepens"
