"""What the KPI says of an action, and how that lies to what was expected of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from bsc_analysis.analysis.impact.effect import ALPHA, Effect

DRAWN = ["period", "observed", "fitted", "counterfactual", "lower", "upper", "used"]
WANTED = {"up": 1, "down": -1, "neutral": 0}


@dataclass(frozen=True)
class Told:
    """The effect of an action on its KPI against what would have been without it, and the answer to "did it work?".

    `effect`, `lower`, `upper`: in the KPI's unit; of `scale` 'ratio' as a multiple, 1 where nothing changed;
    `promised`: what was expected, on the same scale. `reason`: why there is no effect, or none to build on.
    `trigger`: 'read' where
    the rule by which leaders acted was allowed for, 'unread' where it could not be read, '' without one; `drift`: what
    the rule moves by itself. `together`: what else is part of the one estimate; `start`: the first period that counts
    as after. `before`, `after`: periods used; `periods`: DRAWN, in the KPI's unit. Of several practices `treated` and
    `controls` count them; `p_before`: of no difference before the start.

    `answer`: 'as_expected' (moved that way, what was expected lies within the interval or is surpassed),
    'less_than_expected', 'opposite' (moved the other way), 'not_as_expected' (no move was found, and what was expected
    lies outside the interval); where nothing was promised 'moved_well', 'moved_badly' or 'moved'; else 'cannot_tell'.
    """

    answer: str = "cannot_tell"
    effect: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p: float | None = None
    promised: float = np.nan
    scale: str = "difference"
    reason: str = ""
    note: str = ""
    trigger: str = ""
    drift: float = np.nan
    together: tuple[str, ...] = ()
    start: str = ""
    before: int = 0
    after: int = 0
    usual: float = np.nan
    treated: int = 0
    controls: int = 0
    least_p: float = 0.0
    p_before: float | None = None
    periods: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=DRAWN))

    @property
    def known(self) -> bool:
        """Whether there is an effect with an interval."""
        return bool(np.isfinite([self.effect, self.lower, self.upper]).all())

    @property
    def none(self) -> float:
        """What no effect is."""
        return 1.0 if self.scale == "ratio" else 0.0


def answer_of(found: Effect, promised: float, better: str) -> str:
    """How the effect lies to what was promised (on its scale, NaN where nothing was), see Told."""
    none = 1.0 if found.scale == "ratio" else 0.0
    if found.reason or found.p is None or not np.isfinite([found.effect, found.lower, found.upper]).all():
        return "cannot_tell"
    hoped = np.sign(promised - none) if np.isfinite(promised) else 0.0
    if not (found.p <= ALPHA and (found.lower > none or found.upper < none)):
        return "not_as_expected" if hoped and not found.lower <= promised <= found.upper else "cannot_tell"
    way = np.sign(found.effect - none)
    if hoped:
        if way != hoped:
            return "opposite"
        short = promised > found.upper if hoped > 0 else promised < found.lower
        return "less_than_expected" if short else "as_expected"
    wanted = WANTED[better]
    return "moved" if not wanted else "moved_well" if way == wanted else "moved_badly"


def promised_of(expected: float, percent: bool, usual: float, scale: str) -> float:
    """What was expected, on the effect's scale; `usual`: the KPI's mean before. NaN where that is not known.

    +20 % of what is below 0, such as a margin, is a rise as well.
    """
    if not np.isfinite(expected):
        return np.nan
    if scale == "ratio":
        share = expected / 100 if percent else expected / usual if usual else np.nan
        return float(1 + share)
    return float(expected / 100 * abs(usual) if percent else expected)
