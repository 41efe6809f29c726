"""Which periods say what was before an action and what came after it, beside other actions on the same KPI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from bsc_analysis.analysis.given import start_of

JOINT_MONTHS = 6  # actions that begin so close to each other are one joint estimate
LEAST_BEFORE, LEAST_AFTER = 8, 3  # periods with a value


@dataclass(frozen=True)
class Trigger:
    """The rule by which leaders acted: in the last `periods` before the decision, 'any' value, or their 'mean' (`of`),
    lay 'above' or 'below' (`side`) `beyond`, in the KPI's unit.

    Raises ValueError where it is no such rule.
    """

    side: str
    beyond: float
    periods: int = 3
    of: str = "any"

    def __post_init__(self) -> None:
        if self.side not in ("above", "below") or self.of not in ("any", "mean"):
            raise ValueError(f"a trigger is 'any' or 'mean' 'above' or 'below', not {self.of!r} {self.side!r}")
        if not np.isfinite(self.beyond) or self.periods < 1:
            raise ValueError(
                f"a trigger is beyond {self.beyond!r} in {self.periods!r} periods; give a number, 1 or more"
            )

    def fired(self, window: np.ndarray) -> bool:
        """Whether the values of the window, NaN where missing, meet the rule."""
        seen = window[np.isfinite(window)] * self.sign
        told = seen if self.of == "any" else seen.mean(keepdims=True) if len(seen) else seen
        return bool((told > self.sign * self.beyond).any())

    @property
    def sign(self) -> int:
        return 1 if self.side == "above" else -1


@dataclass(frozen=True)
class Action:
    """What was done, from which period on (`start`), and when it was decided, if earlier; see Trigger.

    Periods are pandas Periods or text; a start within a longer period, such as a quarter, counts from its begin.
    """

    name: str
    start: pd.Period | str
    decided: pd.Period | str | None = None
    trigger: Trigger | None = None


@dataclass(frozen=True)
class Windows:
    """Masks over an index: `before` and `after` the joint action, and the `window` of its first one's `trigger`;
    `steps`: where earlier actions began; `names` of those that are one estimate; `start` of the first; `reason` where
    there is nothing."""

    before: np.ndarray
    after: np.ndarray
    window: np.ndarray
    steps: tuple[pd.Period, ...] = ()
    names: tuple[str, ...] = ()
    start: pd.Period | None = None
    trigger: Trigger | None = None
    reason: str = ""


def joined(actions: Iterable[Action], index: pd.PeriodIndex) -> list[tuple[Action, ...]]:
    """The actions on one KPI, in order, those of a neighbour's six months together."""
    groups: list[list[Action]] = []
    for action in sorted(actions, key=lambda a: start_of(a.start, index)):
        if groups and _months(groups[-1][-1], action, index) <= JOINT_MONTHS:
            groups[-1].append(action)
        else:
            groups.append([action])
    return [tuple(group) for group in groups]


def windows(index: pd.PeriodIndex, action: Action, others: Sequence[Action], there: np.ndarray) -> Windows:
    """What to compare on a calendar without gaps, of which the periods `there` have a value.

    No trigger's window is used, nor what lies between decision and start; after the first of a joint action come the
    starts of the others before `after` begins; it ends where the next action begins.
    """
    groups = joined([action, *(o for o in others if o != action)], index)
    place = next(i for i, group in enumerate(groups) if action in group)
    group, earlier, later = groups[place], groups[:place], groups[place + 1 :]
    names = tuple(each.name for each in group)
    starts = [start_of(each.start, index) for each in group]
    nothing = np.zeros(len(index), dtype=bool)
    blank = Windows(nothing, nothing, nothing, names=names, start=starts[0])
    if not len(index) or starts[0] <= index[0]:
        return replace(blank, reason="before_data")
    if starts[-1] > index[-1]:
        return replace(blank, reason="after_data")
    out, window = nothing.copy(), _window(index, group[0])
    for each in (a for g in groups for a in g):
        out |= _window(index, each) | np.asarray(
            (index >= _decided(index, each)) & (index < start_of(each.start, index))
        )
    before = np.asarray(index < starts[0]) & ~out & there
    after = np.asarray(index >= starts[-1]) & ~out & there
    ends = start_of(later[0][0].start, index) if later else index[-1] + 1
    cut = after & np.asarray(index < ends)
    if before.sum() < LEAST_BEFORE:
        return replace(blank, reason="too_few_before")
    if cut.sum() < LEAST_AFTER:
        return replace(blank, reason="overlapping" if after.sum() >= LEAST_AFTER else "too_few_after")
    steps = {start_of(each.start, index) for g in earlier for each in g}
    return Windows(before, cut, window & there, tuple(sorted(steps)), names, starts[0], group[0].trigger)


def _window(index: pd.PeriodIndex, action: Action) -> np.ndarray:
    """The periods of the action's trigger; none without one."""
    if action.trigger is None:
        return np.zeros(len(index), dtype=bool)
    decided = _decided(index, action)
    return np.asarray((index >= decided - action.trigger.periods) & (index < decided))


def _decided(index: pd.PeriodIndex, action: Action) -> pd.Period:
    """When it was decided, at the latest when it began."""
    return min(start_of(each, index) for each in (action.decided or action.start, action.start))


def _months(one: Action, two: Action, index: pd.PeriodIndex) -> int:
    """From the start of one action to that of another; those of text count in the index's own periods."""
    first, last = (a.start if isinstance(a.start, pd.Period) else start_of(a.start, index) for a in (one, two))
    begins, ends = first.start_time, last.start_time
    return abs((ends.year - begins.year) * 12 + ends.month - begins.month)
