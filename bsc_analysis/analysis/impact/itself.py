"""What practices that acted because a rule fired would have done by themselves afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bsc_analysis.analysis.impact.adoption import Adoption, mean_of
from bsc_analysis.analysis.impact.persistent import GRID, Persistent
from bsc_analysis.analysis.impact.trigger import fired_paths
from bsc_analysis.analysis.impact.windows import Action

PATHS = 400  # per practice
LEAST = 2  # values above which a practice says something of persistence


@dataclass(frozen=True)
class Itself:
    """`paths`: expected values about each practice's level, periods × practices, 0 of those that no rule picked;
    `drift`: by how much those that it picked lie higher after the start than in the window."""

    paths: np.ndarray
    drift: float


def going_back(of: Adoption, actions: Sequence[Action | None], seed: int) -> Itself | None:
    """Expected paths without an effect of those whose trigger fired; None where there is no trigger.

    A practice is its own level before the window, each period's mean of those that have not acted, and a first-order
    autoregression with the persistence of all.
    """
    picked = {i: a.trigger for i, a in enumerate(actions) if of.acted[i] and a is not None and a.trigger is not None}
    if not picked:
        return None
    rng, length = np.random.default_rng(seed), len(of.values)
    at = np.arange(length)
    quiet = np.where(at[:, None] < of.starts - of.leave, of.values, np.nan)
    levels = mean_of(quiet)
    shared = np.nan_to_num(mean_of((quiet - levels).T))
    persistence = _persistence(quiet - shared[:, None])
    correlation = np.where(at[:, None] == at, 1.0, persistence ** np.abs(at[:, None] - at))
    paths, drift = np.zeros(of.values.shape), []
    for i, trigger in picked.items():
        begin = of.starts[i] - of.leave[i]
        window = np.arange(begin, min(begin + trigger.periods, of.starts[i]))
        beyond = trigger.sign * (trigger.beyond - levels[i] - shared[window]) / of.spreads[i]
        told = fired_paths(rng, correlation, window, np.tile(beyond, (PATHS, 1)), trigger.of).mean(axis=0)
        paths[:, i] = trigger.sign * of.spreads[i] * told
        drift.append(paths[of.starts[i] :, i].mean() - paths[window, i].mean())
    return Itself(np.where(np.isfinite(of.values), paths, np.nan), float(np.mean(drift)))


def _persistence(values: np.ndarray) -> float:
    """The mean over the practices of what each one's values say, about a level of its own."""
    there = np.isfinite(values)
    told: list[float] = []
    for pattern in np.unique(there, axis=1).T:  # practices with the same gaps have the same model
        at, of = np.flatnonzero(pattern), (there == pattern[:, None]).all(axis=0)
        series = values[np.ix_(pattern, of)]
        series = series[:, series.std(axis=0) > 0] if len(at) else series
        if len(at) > LEAST and series.size:
            told += list(GRID @ Persistent(np.ones((len(at), 1)), at).weights(series)[0])
    return float(np.mean(told)) if told else 0.0
