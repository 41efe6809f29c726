"""How far single practices lie from the group's effect, drawn towards it as far as chance explains the distance.

Model: each practice's own slope is its effect plus an error of known size; the effects lie about the group's with a
spread of their own. The null is that the spread is 0: all practices have the group's effect.

Sources: Paule & Mandel 1982 for the spread; Morris 1983, Parametric empirical Bayes inference, JASA 78, 47–55, whose
intervals hold the uncertainty of the group's effect and of the spread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy import optimize, stats

LEAST_PRACTICES = 8  # below that the spread cannot be told from chance
LEVEL = 0.975  # of an interval of 95 %, on either side


@dataclass(frozen=True)
class Departure:
    """One practice's effect against the group's, in the lagging KPI's unit per unit of the leading one.

    `effect`: its empirical-Bayes estimate, `lower` and `upper` its 95 % interval; `raw`: its own slope. `apart`: the
    interval excludes the group's effect.
    """

    effect: float
    lower: float
    upper: float
    raw: float
    apart: bool


@dataclass(frozen=True)
class Departures:
    """All practices of a link. `reason` says why there are none.

    `group`: the effects' mean, weighted by what each practice can tell; `spread`: the standard deviation of the effects
    themselves, 0 where chance explains all; `p_spread`: Cochran's Q, under the null that all have the group's effect.
    """

    practices: Mapping[str, Departure] = field(default_factory=dict)
    group: float = np.nan
    spread: float = np.nan
    p_spread: float | None = None
    reason: str = ""


ByPractice: TypeAlias = Mapping[str, float] | pd.Series


def departures(slopes: ByPractice, errors: ByPractice, freedom: ByPractice | float = np.inf) -> Departures:
    """Each practice's departure from the group; practices without a slope or without an error above 0 are left out.

    `slopes`, `errors`: by practice, its own slope and the standard error of it; `freedom`: that error's degrees of
    freedom, of all or by practice. Simulated intervals cover 93–100 %: most where all practices are alike.
    """
    told = pd.DataFrame({"slope": pd.Series(slopes, dtype=float), "error": pd.Series(errors, dtype=float)})
    told = told[np.isfinite(told).all(axis=1) & (told["error"] > 0)]
    k = len(told)
    if k < LEAST_PRACTICES:
        return Departures(reason="too_few_practices")
    slope, within = told["slope"].to_numpy(), told["error"].to_numpy() ** 2
    scale = within.mean()
    between = _between(slope / np.sqrt(scale), within / scale) * scale
    weight = 1 / (within + between)
    group = float(weight @ slope / weight.sum())
    # What chance explains of each distance from the group, held back for the degrees of freedom that were spent.
    drawn = (k - 3) / (k - 1) * within * weight
    effect = slope - drawn * (slope - group)
    own_share = weight / weight.sum()  # of a practice in the group's effect
    average = weight @ within / weight.sum()
    doubt = 2 / (k - 3) * drawn**2 * (average + between) * weight  # about `drawn` itself
    error = np.sqrt(within * (1 - (1 - own_share) * drawn) + doubt * (slope - group) ** 2)
    width = stats.t.ppf(LEVEL, pd.Series(freedom, told.index, dtype=float).fillna(np.inf)) * error
    lower, upper = effect - width, effect + width
    apart = (group < lower) | (group > upper)
    practices = {
        str(name): Departure(float(effect[i]), float(lower[i]), float(upper[i]), float(slope[i]), bool(apart[i]))
        for i, name in enumerate(told.index)
    }
    alike = slope @ (1 / within) / (1 / within).sum()
    p_spread = float(stats.chi2.sf((((slope - alike) ** 2) / within).sum(), k - 1))
    return Departures(practices, group, float(np.sqrt(between)), p_spread)


def _between(slope: np.ndarray, within: np.ndarray) -> float:
    """Variance of the effects themselves: with it, the weighted squares about their mean come to k − 1."""

    def excess(between: float) -> float:
        weight = 1 / (within + between)
        return float(weight @ (slope - weight @ slope / weight.sum()) ** 2) - (len(slope) - 1)

    if excess(0.0) <= 0:
        return 0.0
    most = float(((slope - slope.mean()) ** 2).sum())
    return float(optimize.brentq(excess, 0.0, most))
