"""What changed from before a training to after it: confidence, or a share of right answers.

It says what changed and not why: without people who were not trained, time alone may have done it, and people sent to
a training after a bad day get better anyway (regression to the mean).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from bsc_analysis.analysis.given import numbers
from bsc_analysis.analysis.interval import share
from bsc_analysis.readings.intervals import ALPHA

LEAST = 5  # answers of a wave, or pairs
ALIKE = 1e-12  # relative; what rounding leaves of no difference
MOSTLY = 0.5  # of the smaller wave must be the same people, for pairs to stand for both waves


@dataclass(frozen=True)
class Change:
    """Before against after, with a 95 % interval of the change; NaN with a `reason`.

    `method`: 'paired' (Student's t of each person's change; the people in both waves alone), 'unpaired' (Welch) or
    'shares' (Newcombe 1998, method 10). `before`, `after`: of the answers used; `change`: after less before. `p`: of no
    change, by the same t, of shares by the score test. `n_before`, `n_after`: answers used; `pairs`: the same people,
    also where too few of them for pairs. `reason`: 'too_few_answers', 'all_alike' (every change, or every answer, is
    the same: there is a change and no interval) or 'impossible_counts'.
    """

    method: str
    before: float = np.nan
    after: float = np.nan
    change: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p: float | None = None
    n_before: int = 0
    n_after: int = 0
    pairs: int = 0
    reason: str = ""


def score_change(before: pd.Series, after: pd.Series, *, anonymous: bool = False) -> Change:
    """The change of a mean score; `before`, `after`: by person, NaN where not answered.

    Paired where at least LEAST people, and half of the smaller wave, answered both times. Else unpaired, which is too
    wide rather than too narrow where some are the same people. `anonymous`: the index names nobody, and nobody is
    paired. Raises ValueError where a person stands twice in a wave, or a score is no number.
    """
    waves = {"before": before, "after": after}
    if not anonymous and any(wave.index.has_duplicates for wave in waves.values()):
        raise ValueError("a person stands twice in one wave; give one answer per person and wave")
    first, second = (numbers(f"scores {name}", wave, pd.Series).dropna() for name, wave in waves.items())
    both = first.index[:0] if anonymous else first.index.intersection(second.index)
    if len(both) >= max(LEAST, MOSTLY * min(len(first), len(second))):
        return _told("paired", first[both], second[both], len(both))
    return _told("unpaired", first, second, len(both))


def share_change(before: tuple[int, int], after: tuple[int, int]) -> Change:
    """The change of a share between waves of other people, or anonymous ones; each as (count, of)."""
    shares = [share(*wave) for wave in (before, after)]
    if any(each.reason for each in shares):
        return Change("shares", reason="impossible_counts")
    n_before, n_after = before[1], after[1]
    if min(n_before, n_after) < LEAST:
        return Change("shares", n_before=n_before, n_after=n_after, reason="too_few_answers")
    first, second = shares
    change = second.value - first.value
    lower = change - np.hypot(second.value - second.lower, first.upper - first.value)
    upper = change + np.hypot(second.upper - second.value, first.value - first.lower)
    pooled = (before[0] + after[0]) / (n_before + n_after)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_after))
    p = float(2 * stats.norm.sf(abs(change) / error)) if error else None
    return Change("shares", first.value, second.value, change, lower, upper, p, n_before, n_after)


def _told(method: str, first: pd.Series, second: pd.Series, pairs: int) -> Change:
    blank = Change(method, n_before=len(first), n_after=len(second), pairs=pairs)
    if min(len(first), len(second)) < LEAST:
        return replace(blank, reason="too_few_answers")
    before, after = float(first.mean()), float(second.mean())
    found = replace(blank, before=before, after=after, change=after - before)
    told = (second - first).to_numpy() if method == "paired" else np.concatenate([first - before, second - after])
    if np.ptp(told) <= ALIKE * max(1.0, np.abs(told).max()):
        return replace(found, reason="all_alike")
    test = stats.ttest_1samp(told, 0) if method == "paired" else stats.ttest_ind(second, first, equal_var=False)
    lower, upper = (float(end) for end in test.confidence_interval(1 - ALPHA))
    return replace(found, lower=lower, upper=upper, p=float(test.pvalue))
