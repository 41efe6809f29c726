"""For people in a notebook: pairs in which nothing leads, and how often each test finds a link in them all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from bsc_analysis.analysis.links import test_link
from bsc_analysis.analysis.panel import p_forecasts
from bsc_analysis.analysis.placebo import in_common, lent, years_of
from bsc_analysis.calibrate import naive
from bsc_analysis.calibrate.designs import NULLS, Design, planted
from bsc_analysis.calibrate.group_designs import GROUP_NULLS, with_levels
from bsc_analysis.errors import UsageError, did_you_mean
from bsc_analysis.words import count, number, say

ALPHA = 0.05
DRAWS = 199  # of each test's null: enough for a share of many trials
SINGLES = 3  # practices of each trial that are tested alone
OURS = "ours"
SCOPES = ("one practice", "all practices")
PLANTED = "planted .4 after 1"
DESIGNS: dict[str, Design] = {**NULLS, **GROUP_NULLS, PLANTED: partial(planted, slope=0.4)}


@dataclass(frozen=True)
class Trial:
    """A leading and a lagging KPI, period × practice, and what a test is `told` of them: specialty, breaks."""

    leading: pd.DataFrame
    lagging: pd.DataFrame
    told: dict[str, Any] = field(default_factory=dict)


def shuffled(
    leading: pd.DataFrame,
    lagging: pd.DataFrame,
    *,
    times: int = 100,
    specialty: Mapping[str, str] | None = None,
    breaks: Mapping[str, Iterable[pd.Period]] | None = None,
    seed: int = 0,
) -> list[Trial]:
    """Trials in which each practice has the leading KPI of another one of its specialty and of other years.

    Nothing can lead in them, while season and persistence stay. Who is alone in a specialty is left out.

    Raises UsageError where no two practices can be exchanged.
    """
    x, y = in_common(leading, lagging)
    of = pd.Series({} if specialty is None else dict(specialty), dtype="str").reindex(list(x)).fillna("")
    sets = [of.index[of == kind] for kind in of.unique() if (of == kind).sum() > 1]
    if not sets:
        raise UsageError("no two practices of one specialty have both KPIs: there is nobody to exchange them with")
    moves = years_of(x.index)
    rng, trials = np.random.default_rng(seed), []
    for _ in range(times):
        orders = [rng.permutation(each) for each in sets]  # each gets its neighbour's, in an order that chance makes
        donor = {name: of for order in orders for name, of in zip(order, np.roll(order, 1), strict=True)}
        moved, at = lent(x, donor, int(rng.choice(moves)), breaks or {})
        trials.append(Trial(moved, y[list(donor)], {"specialty": specialty, "breaks": at}))
    return trials


def made_up(design: str, *, times: int = 100, practices: int = 12, months: int = 36, seed: int = 0) -> list[Trial]:
    """Trials of made-up series whose truth is known, such as 'random walks': in all but PLANTED nothing leads.

    Raises UsageError for a design that is not one of docs/calibration.md.
    """
    if design not in DESIGNS:
        raise UsageError(f"{design!r} is not a design.{did_you_mean(design, DESIGNS)}  They are: {', '.join(DESIGNS)}")
    index, rng = pd.period_range("2024-01", periods=months, freq="M"), np.random.default_rng(seed)
    drawn = [DESIGNS[design](rng, index, practices) for _ in range(times)]
    levelled = [with_levels(rng, each) for each in drawn]
    return [Trial(pd.DataFrame(d.x, index), pd.DataFrame(d.y, index), dict(d.told)) for d in levelled]


def compare_tests(trials: Iterable[Trial], within: int = 3) -> pd.DataFrame:
    """How often each test finds a link at 5 %: one row per scope and test.

    Columns: `found`, in % of the pairs with which the test could be made, and `pairs`, how many these were. 'one
    practice' takes SINGLES practices of each trial, in turn, and of their months those with both KPIs; 'all practices'
    takes all. The naive tests are those of docs/calibration.md; ours is `p_forecasts` of leads up to `within`.
    """
    trials = list(trials)
    alone = [_alone(trial, SINGLES * i + k, within) for i, trial in enumerate(trials) for k in range(SINGLES)]
    found = [_shares(alone), _shares([_together(trial, within) for trial in trials])]
    return pd.concat(found, keys=SCOPES, names=["scope", "test"])


def _shares(p_values: list[dict[str, float]]) -> pd.DataFrame:
    p = pd.DataFrame(p_values, dtype="float64")
    return pd.DataFrame({"found": 100 * (p <= ALPHA).sum() / p.notna().sum(), "pairs": p.notna().sum()})


def in_short(compared: pd.DataFrame) -> str:
    """What compare_tests found where nothing leads, in a sentence for each scope."""
    return " ".join(_in_short(compared.loc[scope, "found"], scope) for scope in SCOPES)


def _in_short(found: pd.Series, scope: str) -> str:
    usual, ours = found.drop(OURS), found[OURS]
    facts = {"of": say("shuffled.alone" if scope == SCOPES[0] else "shuffled.together"), "level": count(100 * ALPHA)}
    facts |= {"least": number(usual.min()), "most": number(usual.max())}
    return say("shuffled.untold", **facts) if np.isnan(ours) else say("shuffled.found", ours=number(ours), **facts)


def _alone(trial: Trial, turn: int, within: int) -> dict[str, float]:
    """p of each test for the practice whose turn it is; NaN where it cannot be made."""
    practice = trial.leading.columns[turn % trial.leading.shape[1]]
    pair, breaks = (trial.leading[practice], trial.lagging[practice]), trial.told.get("breaks", ())
    breaks = breaks.get(practice, ()) if isinstance(breaks, Mapping) else breaks
    own = test_link(*pair, within=within, breaks=breaks, draws=DRAWS, beside=False).p_forecasts
    there = pd.concat(pair, axis=1).dropna().to_numpy().T
    return {**_tried(naive.single, there, naive.SINGLE), OURS: _number(own)}


def _together(trial: Trial, within: int) -> dict[str, float]:
    """p of each test for all practices; NaN where it cannot be made."""
    whole = [frame.to_numpy(dtype=float) for frame in (trial.leading, trial.lagging)]
    own = p_forecasts(trial.leading, trial.lagging, within=within, draws=DRAWS, **trial.told)
    return {**_tried(naive.group, whole, naive.GROUP), OURS: _number(own)}


def _tried(test: Callable[..., dict[str, float]], pair: Iterable[np.ndarray], names: Iterable[str]) -> dict[str, float]:
    """The naive tests' p-values; NaN where they break, which is what they do on too little data."""
    try:
        with np.errstate(all="ignore"):
            return test(*pair)
    except (np.linalg.LinAlgError, ValueError):
        return dict.fromkeys(names, np.nan)


def _number(p: float | None) -> float:
    return np.nan if p is None else p
