"""What is found of an action: the effect and all that a reader needs to judge it, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

ALPHA = 0.05
INTERRUPTED, COUNTS, COMPARED = "interrupted_series", "interrupted_counts", "compared_with_others"  # methods
AVERAGED, PERMUTED, STUDENTISED = "averaged_over_persistence", "practices_permuted", "practices_permuted_studentised"
SIMULATED = "simulated_with_trigger"

PERIODS = ["observed", "fitted", "counterfactual", "lower", "upper", "used"]
EVENTS = ["effect", "lower", "upper", "practices"]
COHORTS = ["start", "period", "effect", "practices", "controls"]


def _empty(columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=columns, dtype=float)


@dataclass(frozen=True)
class Effect:
    """The effect of one action, or of several that cannot be told apart, on one KPI.

    `effect`, `lower`, `upper`: mean difference over the periods after the action from what would have been without it
    (95 % interval), in the KPI's unit; of `scale` 'ratio' the KPI as a multiple of that, 1 where nothing changed. NaN,
    and `p` None, where there is none; then `reason` says why. `reason` also stands beside a p-value that can never be
    at most 5 % ('too_few_controls'). `level`, `slope`: where a change of slope was asked for, the change at the start
    and the further change per period. `drift`: what the trigger's rule moves by itself, taken off the effect.
    `persistence`: of what is left of one period, how much is left of it in the next.

    `method`: how it was estimated; `inference`: where p and interval come from; `least_p`: the smallest p that could
    have come out. `note`: 'all_at_once' where every practice acted in the same period, so that there is nobody to
    compare with. `names`: the actions, more than one where they are one joint estimate.

    `before`, `after`: periods used. `periods`: by period, what PERIODS names: with and without the action, and between
    what bounds 95 of 100 single values would lie without it. `treated`, `controls`: practices. `events`: by periods
    since the start (0 the first; below 0 before it, where nothing should be seen), what EVENTS names, with
    simultaneous 95 % intervals; `p_before`: of no difference before the start. `cohorts`: COHORTS of each start and
    period. `compared`: share of the periods after an action for which there were controls.
    """

    method: str
    scale: str = "difference"
    effect: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p: float | None = None
    reason: str = ""
    note: str = ""
    inference: str = ""
    level: float = np.nan
    slope: float = np.nan
    drift: float = np.nan
    persistence: float = np.nan
    least_p: float = 0.0
    names: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    treated: int = 0
    controls: int = 0
    compared: float = np.nan
    p_before: float | None = None
    periods: pd.DataFrame = field(default_factory=lambda: _empty(PERIODS))
    events: pd.DataFrame = field(default_factory=lambda: _empty(EVENTS))
    cohorts: pd.DataFrame = field(default_factory=lambda: _empty(COHORTS))
