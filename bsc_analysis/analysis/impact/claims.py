"""Claims of vendors and leaders against the own data: "handles 70 % of routine calls", "cuts preparation by 70 %"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from bsc_analysis.analysis.impact.effect import ALPHA

MET, NOT_MET, CANNOT_TELL = "met", "not_met", "cannot_tell"
LEAST_SAMPLE = 3  # amounts before and after, for an interval of their means


@dataclass(frozen=True)
class Claim:
    """`answer` of a claim of at least `claimed`: 'met' where all of the interval is there, 'not_met' where all of it is
    below, else 'cannot_tell'; with the `value`, its 95 % interval, `n` (`before`: what it is compared with) and the
    `reason` where there is none. `dispersion`: how much wider than by counting error alone the shares vary by period;
    NaN where that is not known."""

    claimed: float
    answer: str = CANNOT_TELL
    value: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    n: float = 0
    before: float = 0
    dispersion: float = np.nan
    reason: str = ""


def share_claimed(count: float | pd.Series, n: float | pd.Series, claimed: float) -> Claim:
    """Whether at least the share `claimed` (0–1) of `n` were of those counted (Wilson's interval, 1927).

    By period (two Series of one index), `n` is lessened by how much more the shares vary than chance lets them: calls
    of one day have much in common.
    """
    if not 0 <= claimed <= 1:
        raise ValueError(f"the share claimed is {claimed!r}; give 0 to 1, such as 0.7 for 70 %")
    counts, sizes = (np.atleast_1d(np.asarray(each, dtype=float)) for each in _aligned(count, n))
    good = np.isfinite(counts) & np.isfinite(sizes)
    counts, sizes = counts[good], sizes[good]
    if (counts < 0).any() or (sizes < 0).any() or (counts > sizes).any():
        return Claim(claimed, reason="count_beyond_n")
    total, of = counts.sum(), sizes.sum()
    if of <= 0:
        return Claim(claimed, reason="no_cases")
    share, filled = total / of, sizes > 0
    dispersion = np.nan
    if filled.sum() > 1 and 0 < share < 1:
        apart = (counts - sizes * share)[filled] ** 2 / (sizes[filled] * share * (1 - share))
        dispersion = max(1.0, float(apart.sum() / (filled.sum() - 1)))
    less = np.nan_to_num(dispersion, nan=1.0)
    lower, upper = proportion_confint(total / less, of / less, ALPHA, method="wilson")
    return _judged(claimed, float(share), float(lower), float(upper), float(of), 0.0, dispersion)


def fall_in_counts(
    before: float, after: float, claimed: float, exposure: tuple[float, float] = (1.0, 1.0), dispersion: float = 1.0
) -> Claim:
    """Whether a count per exposure fell by at least the share `claimed`, from totals before and after.

    Given their sum the later count is binomial (Clopper & Pearson 1934); `exposure`: months, visits, of each;
    `dispersion`: variance over that of a Poisson count.
    """
    if not all(np.isfinite([before, after, *exposure, dispersion])) or min(before, after) < 0 or dispersion <= 0:
        return Claim(claimed, reason="no_counts")
    if min(exposure) <= 0:
        return Claim(claimed, reason="no_exposure")
    if before == 0:
        return Claim(claimed, n=after, reason="none_before")
    first, second = before / dispersion, after / dispersion
    odds = exposure[0] / exposure[1]
    if first < 1:  # of what varies so much, less than one: the fall may be anything
        return Claim(claimed, value=1 - odds * after / before, n=after, before=before, reason="too_few_events")
    low = stats.beta.ppf(ALPHA / 2, second, first + 1) if second > 0 else 0.0
    high = stats.beta.ppf(1 - ALPHA / 2, second + 1, first)
    most, least = (float(1 - odds * share / (1 - share)) for share in (low, high))
    return _judged(claimed, 1 - odds * after / before, least, most, after, before, dispersion)


def fall_in_means(before: Sequence[float], after: Sequence[float], claimed: float) -> Claim:
    """Whether the mean of amounts, such as hours per report, fell by at least the share `claimed`.

    Interval of the ratio of two means, each with its own spread, on the log scale (delta method; degrees of freedom by
    Welch 1947). Amounts are above 0.
    """
    first, second = (
        np.asarray(each, dtype=float)[np.isfinite(np.asarray(each, dtype=float))] for each in (before, after)
    )
    if min(len(first), len(second)) == 0:
        return Claim(claimed, n=len(second), before=len(first), reason="no_cases")
    if (first < 0).any() or (second < 0).any() or first.mean() == 0:
        return Claim(claimed, n=len(second), before=len(first), reason="not_above_0")
    fall = float(1 - second.mean() / first.mean())
    if min(len(first), len(second)) < LEAST_SAMPLE or second.mean() == 0:
        return Claim(claimed, value=fall, n=len(second), before=len(first), reason="too_few_points")
    parts = np.array([each.var(ddof=1) / len(each) / each.mean() ** 2 for each in (first, second)])
    if parts.sum() == 0:
        return Claim(claimed, value=fall, n=len(second), before=len(first), reason="all_equal")
    freedom = parts.sum() ** 2 / (parts**2 / [len(first) - 1, len(second) - 1]).sum()
    reach = stats.t.ppf(1 - ALPHA / 2, freedom) * np.sqrt(parts.sum())
    least, most = (float(1 - (1 - fall) * np.exp(side * reach)) for side in (1, -1))
    return _judged(claimed, fall, least, most, len(second), len(first), np.nan)


def _aligned(count: float | pd.Series, n: float | pd.Series) -> tuple:
    if isinstance(count, pd.Series) and isinstance(n, pd.Series):
        return tuple(each for _, each in pd.concat([count, n], axis=1).items())
    return count, n


def _judged(claimed, value, lower, upper, n, before, dispersion) -> Claim:
    answer = MET if lower >= claimed else NOT_MET if upper < claimed else CANNOT_TELL
    return Claim(claimed, answer, value, lower, upper, n, before, dispersion)
